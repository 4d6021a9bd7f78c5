using System.Runtime.InteropServices;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>
/// The second frame of a block: everything that is text. The values of each field stand together, since they are alike; which fields a
/// record has is said by the number of its shape.
/// </summary>
internal sealed class BlockTexts
{
    internal const byte HasTrace = 1;
    internal const byte HasSpan = 2;
    internal const int TraceBytes = 16;
    internal const int SpanBytes = 8;

    private readonly long[] observed;
    private readonly string?[] words;
    private readonly int[] wordOf;
    private readonly TextColumn bodies;
    private readonly IdColumn ids;
    private readonly string[] names;
    private readonly TextColumn[] values;
    private readonly int[] firstField;
    private readonly Place[] places;

    private BlockTexts(ref ByteReader from, int records)
    {
        observed = new long[records];
        for (var i = 0; i < records; i++)
        {
            observed[i] = from.Signed();
        }
        words = new string?[from.Count(from.Left) + 1];
        for (var i = 1; i < words.Length; i++)
        {
            words[i] = from.Text();
        }
        wordOf = new int[records];
        for (var i = 0; i < records; i++)
        {
            wordOf[i] = from.Count(words.Length - 1);
        }
        ids = ReadIds(ref from, records);
        bodies = TextColumn.Read(ref from, records);
        names = new string[from.Count(from.Left)];
        var counts = new int[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = from.Text();
        }
        (firstField, places) = ReadPlaces(ref from, records, counts);
        values = new TextColumn[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            values[i] = TextColumn.Read(ref from, counts[i]);
        }
    }

    public static BlockTexts Read(ReadOnlySpan<byte> bytes, int records)
    {
        var from = new ByteReader(bytes);
        return new(ref from, records);
    }

    public ReadOnlySpan<char> Body(int row) => bodies[row];

    public string? Trace(int row) => ids.Trace(row);

    public int Fields(int row) => firstField[row + 1] - firstField[row];

    public string Name(int row, int field) => names[places[firstField[row] + field].Name];

    public ReadOnlySpan<char> Value(int row, int field)
    {
        var place = places[firstField[row] + field];
        return values[place.Name][place.Row];
    }

    /// <summary>The record of a row.</summary>
    public LogRecord Record(BlockColumns columns, IReadOnlyList<Labels> streams, int row)
    {
        var fields = Fields(row) is > 0 and var count ? new LogField[count] : [];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = new(Name(row, i), Value(row, i).ToString());
        }
        var at = columns.Times[row];
        return new()
        {
            At = at,
            Observed = observed[row] == 0 ? 0 : at + observed[row] - 1,
            Severity = columns.Severities[row],
            SeverityText = words[wordOf[row]],
            Body = bodies[row].ToString(),
            Fields = fields,
            TraceId = ids.Trace(row),
            SpanId = ids.Span(row),
            Stream = streams[columns.Streams[row]],
        };
    }

    private static (int[] First, Place[] Places) ReadPlaces(ref ByteReader from, int records, int[] counts)
    {
        var shapes = new int[from.Count(from.Left)][];
        for (var i = 0; i < shapes.Length; i++)
        {
            var shape = shapes[i] = new int[from.Count(from.Left)];
            for (var k = 0; k < shape.Length; k++)
            {
                shape[k] = from.Count(counts.Length - 1);
            }
        }
        var first = new int[records + 1];
        List<Place> all = [];
        for (var row = 0; row < records; row++)
        {
            foreach (var name in shapes[from.Count(shapes.Length - 1)])
            {
                all.Add(new(name, counts[name]++));
            }
            first[row + 1] = all.Count;
        }
        return (first, [.. all]);
    }

    private static IdColumn ReadIds(ref ByteReader from, int records)
    {
        var has = from.Raw(records).ToArray();
        var starts = new int[records + 1];
        for (var row = 0; row < records; row++)
        {
            var bytes = ((has[row] & HasTrace) == 0 ? 0 : TraceBytes) + ((has[row] & HasSpan) == 0 ? 0 : SpanBytes);
            starts[row + 1] = starts[row] + bytes;
        }
        return new(has, starts, from.Raw(starts[^1]).ToArray());
    }

    private sealed record IdColumn(byte[] Has, int[] Starts, byte[] Bytes)
    {
        public string? Trace(int row) =>
            (Has[row] & HasTrace) == 0 ? null : Convert.ToHexStringLower(Bytes, Starts[row], TraceBytes);

        public string? Span(int row) =>
            (Has[row] & HasSpan) == 0 ? null : Convert.ToHexStringLower(Bytes, Starts[row + 1] - SpanBytes, SpanBytes);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(int Name, int Row);
}
