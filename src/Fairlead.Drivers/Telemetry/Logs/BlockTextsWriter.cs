using System.Text;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <inheritdoc cref="BlockTexts"/>
internal static class BlockTextsWriter
{
    public static void Write(ByteWriter to, ReadOnlySpan<Kept> sorted)
    {
        // 0 says that it is not known, so that a difference of 0 needs a number of its own.
        foreach (var (_, record) in sorted)
        {
            to.Signed(record.Observed == 0 ? 0 : record.Observed - record.At + 1);
        }
        var words = new Numbering<string>();
        foreach (var (_, record) in sorted)
        {
            words.Of(record.SeverityText ?? "");
        }
        List<string> all = [.. words.All];
        to.Varint(all.Count);
        foreach (var word in all)
        {
            to.Text(word);
        }
        foreach (var (_, record) in sorted)
        {
            to.Varint(record.SeverityText is { } word ? words.Of(word) + 1 : 0);
        }
        WriteIds(to, sorted);
        var bodies = new TextColumnWriter();
        foreach (var (_, record) in sorted)
        {
            bodies.Add(record.Body);
        }
        bodies.Write(to);
        WriteFields(to, sorted);
    }

    private static void WriteFields(ByteWriter to, ReadOnlySpan<Kept> sorted)
    {
        var names = new Numbering<string>();
        var shapes = new Numbering<string>();
        List<TextColumnWriter> values = [];
        var rows = new ByteWriter();
        var shape = new StringBuilder();
        List<int[]> shaped = [];
        foreach (var (_, record) in sorted)
        {
            shape.Clear();
            var numbers = new int[record.Fields.Count];
            for (var i = 0; i < numbers.Length; i++)
            {
                var (name, value) = record.Fields[i];
                var number = numbers[i] = names.Of(name);
                if (number == values.Count)
                {
                    values.Add(new());
                }
                values[number].Add(value);
                shape.Append((char)(number & 0xffff)).Append((char)(number >> 16));
            }
            var known = shapes.All.Count;
            rows.Varint(shapes.Of(shape.ToString()));
            if (shapes.All.Count > known)
            {
                shaped.Add(numbers);
            }
        }
        to.Varint(names.All.Count);
        foreach (var name in names.All)
        {
            to.Text(name);
        }
        to.Varint(shaped.Count);
        foreach (var numbers in shaped)
        {
            to.Varint(numbers.Length);
            foreach (var number in numbers)
            {
                to.Varint(number);
            }
        }
        to.Raw(rows.Written);
        foreach (var column in values)
        {
            column.Write(to);
        }
    }

    private static void WriteIds(ByteWriter to, ReadOnlySpan<Kept> sorted)
    {
        var ids = new ByteWriter();
        foreach (var (_, record) in sorted)
        {
            var (trace, span) = (
                Entry.Id(record.TraceId, BlockTexts.TraceBytes),
                Entry.Id(record.SpanId, BlockTexts.SpanBytes)
            );
            to.Byte((byte)((trace is null ? 0 : BlockTexts.HasTrace) | (span is null ? 0 : BlockTexts.HasSpan)));
            ids.Raw(trace);
            ids.Raw(span);
        }
        to.Raw(ids.Written);
    }
}
