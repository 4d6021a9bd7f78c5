using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>
/// What everything logged goes through on its way to the store: lines are read, secrets hidden, sizes bounded, and times that cannot
/// be brought back to earth.
/// </summary>
public sealed class LogReception(ILogSink store, Masker masker, World world) : ILogSink
{
    // Beyond the limit, so that a secret at the cut is still seen whole.
    private const int SlackChars = 8 << 10;
    private const long FutureMax = 600_000_000_000;

    private long taken;
    private long cut;
    private long lateClocks;

    /// <summary>Since the start.</summary>
    public ReceptionCounts Counts =>
        new(Interlocked.Read(ref taken), Interlocked.Read(ref cut), Interlocked.Read(ref lateClocks));

    /// <inheritdoc />
    public async Task<LogsTaken> AppendAsync(LogBatch batch, CancellationToken stop)
    {
        var now = Nanoseconds(world.Now);
        var records = new LogRecord[batch.Records.Count];
        var shortened = 0;
        for (var i = 0; i < records.Length; i++)
        {
            var record = Timed(Masked(Read(Slack(batch.Records[i]))), now);
            records[i] = Cut.ToSize(record);
            shortened +=
                ReferenceEquals(records[i], record) && batch.Records[i].Body.Length <= LogLimits.BodyCharsMax ? 0 : 1;
        }
        await store.AppendAsync(batch with { Records = records }, stop);
        Interlocked.Add(ref taken, records.Length);
        Interlocked.Add(ref cut, shortened);
        return new(records.Length, shortened);
    }

    internal static long Nanoseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;

    private static LogRecord Slack(LogRecord record) =>
        record.Body.Length <= LogLimits.BodyCharsMax + SlackChars
            ? record
            : record with
            {
                Body = Cut.Shortened(record.Body, LogLimits.BodyCharsMax + SlackChars),
            };

    // Whoever sent a level has read the line; a line without one may say it itself.
    private static LogRecord Read(LogRecord record)
    {
        if (record.Severity is not Severity.Unset || record.Body.Length == 0)
        {
            return record;
        }
        var line = LineReader.Read(record.Body);
        return record with
        {
            Body = line.Body,
            // What the line says of itself is nearer than what is said of its stream.
            Severity = line.Severity is Severity.Unset ? Levels.OfWord(record.SeverityText) : line.Severity,
            SeverityText = line.SeverityText ?? record.SeverityText,
            Fields = line.Fields.Count == 0 ? record.Fields : [.. line.Fields, .. record.Fields],
            TraceId = record.TraceId ?? line.TraceId,
            SpanId = record.SpanId ?? line.SpanId,
            // A sender that gives the time of reading leaves the line's own to us.
            At = record.At == record.Observed && line.At is { } at ? at : record.At,
        };
    }

    private LogRecord Masked(LogRecord record)
    {
        var body = masker.Masked(record.Body);
        var fields = record.Fields;
        LogField[]? hidden = null;
        for (var i = 0; i < fields.Count; i++)
        {
            var field = masker.Masked(fields[i]);
            if (hidden is null && !ReferenceEquals(field.Value, fields[i].Value))
            {
                hidden = [.. fields];
            }
            if (hidden is not null)
            {
                hidden[i] = field;
            }
        }
        return ReferenceEquals(body, record.Body) && hidden is null
            ? record
            : record with
            {
                Body = body,
                Fields = hidden ?? fields,
            };
    }

    // A clock that runs ahead would put its lines on top of every search for as long as it is wrong.
    private LogRecord Timed(LogRecord record, long now)
    {
        if (record.At > 0 && record.At <= now + FutureMax)
        {
            return record.Observed != 0 ? record : record with { Observed = now };
        }
        if (record.At > 0)
        {
            Interlocked.Increment(ref lateClocks);
        }
        return record with { At = now, Observed = now };
    }
}

/// <summary>What came in since the start.</summary>
/// <param name="Taken">Records.</param>
/// <param name="Cut">Those that were too large and were cut.</param>
/// <param name="WrongClocks">Those whose sender's clock ran ahead; they have the time at which they came in.</param>
public sealed record ReceptionCounts(long Taken, long Cut, long WrongClocks);
