using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>A batch as it stands in the write-ahead log.</summary>
internal static class Entry
{
    private const int RecordsMax = 10_000_000;
    private const int FieldsMax = 1_000_000;
    private const byte HasObserved = 1;
    private const byte HasSeverityText = 2;
    private const byte HasTrace = 4;
    private const byte HasSpan = 8;

    public static ByteWriter Write(LogBatch batch)
    {
        var to = new ByteWriter(256 + (batch.Records.Count * 160));
        to.Byte(batch.Bookmark is null ? (byte)0 : (byte)1);
        if (batch.Bookmark is { } bookmark)
        {
            to.Text(bookmark.Name);
            to.Text(bookmark.Cursor);
        }
        to.Varint(batch.Records.Count);
        var streams = new Numbering<Labels>();
        long before = 0;
        foreach (var record in batch.Records)
        {
            // A stream is written where it is first met: its number is then the next one.
            var known = streams.All.Count;
            var stream = streams.Of(record.Stream);
            to.Varint(stream);
            if (stream == known)
            {
                StoredLabels.Write(to, record.Stream);
            }
            to.Signed(record.At - before);
            before = record.At;
            WriteRest(to, record);
        }
        return to;
    }

    public static LogBatch Read(ReadOnlySpan<byte> bytes)
    {
        var from = new ByteReader(bytes);
        var bookmark = from.Byte() == 0 ? null : new LogBookmark(from.Text(), from.Text());
        var records = new LogRecord[from.Count(Math.Min(RecordsMax, from.Left))];
        List<Labels> streams = [];
        long before = 0;
        for (var i = 0; i < records.Length; i++)
        {
            var stream = from.Count(streams.Count);
            if (stream == streams.Count)
            {
                streams.Add(StoredLabels.Read(ref from));
            }
            before += from.Signed();
            records[i] = ReadRest(ref from, streams[stream], before);
        }
        return from.IsAtEnd ? new(records) { Bookmark = bookmark } : throw new InvalidDataException("Bytes are left.");
    }

    private static void WriteRest(ByteWriter to, LogRecord record)
    {
        var (trace, span) = (Id(record.TraceId, bytes: 16), Id(record.SpanId, bytes: 8));
        to.Byte(
            (byte)(
                (record.Observed == 0 ? 0 : HasObserved)
                | (record.SeverityText is null ? 0 : HasSeverityText)
                | (trace is null ? 0 : HasTrace)
                | (span is null ? 0 : HasSpan)
            )
        );
        to.Byte((byte)record.Severity);
        if (record.Observed != 0)
        {
            to.Signed(record.Observed - record.At);
        }
        if (record.SeverityText is { } severity)
        {
            to.Text(severity);
        }
        to.Raw(trace);
        to.Raw(span);
        to.Text(record.Body);
        to.Varint(record.Fields.Count);
        foreach (var (name, value) in record.Fields)
        {
            to.Text(name);
            to.Text(value);
        }
    }

    private static LogRecord ReadRest(ref ByteReader from, Labels stream, long at)
    {
        var has = from.Byte();
        var severity = (Severity)from.Byte();
        var observed = (has & HasObserved) == 0 ? 0 : at + from.Signed();
        var text = (has & HasSeverityText) == 0 ? null : from.Text();
        var trace = (has & HasTrace) == 0 ? null : Convert.ToHexStringLower(from.Raw(16));
        var span = (has & HasSpan) == 0 ? null : Convert.ToHexStringLower(from.Raw(8));
        var body = from.Text();
        var fields = from.Count(Math.Min(FieldsMax, from.Left)) is > 0 and var count ? new LogField[count] : [];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = new(from.Text(), from.Text());
        }
        return new()
        {
            At = at,
            Observed = observed,
            Severity = severity,
            SeverityText = text,
            Body = body,
            Fields = fields,
            TraceId = trace,
            SpanId = span,
            Stream = stream,
        };
    }

    /// <summary>An id's bytes; null when it is none of this length.</summary>
    internal static byte[]? Id(string? text, int bytes)
    {
        if (text?.Length != bytes * 2)
        {
            return null;
        }
        var id = new byte[bytes];
        return Convert.FromHexString(text, id, out _, out _) == System.Buffers.OperationStatus.Done ? id : null;
    }
}
