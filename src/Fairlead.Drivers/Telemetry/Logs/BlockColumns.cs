using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>The first frame of a block: what most filters and all counts need. Records are in the order of their times.</summary>
internal sealed record BlockColumns(long[] Times, long[] Numbers, Severity[] Severities, int[] Streams)
{
    public int Count => Times.Length;

    public static void Write(ByteWriter to, ReadOnlySpan<Kept> sorted, Numbering<Labels> streams)
    {
        long before = 0;
        foreach (var (_, record) in sorted)
        {
            to.Signed(record.At - before);
            before = record.At;
        }
        before = 0;
        foreach (var (number, _) in sorted)
        {
            to.Signed(number - before);
            before = number;
        }
        foreach (var (_, record) in sorted)
        {
            to.Byte((byte)record.Severity);
        }
        foreach (var (_, record) in sorted)
        {
            to.Varint(streams.Of(record.Stream));
        }
    }

    public static BlockColumns Read(ReadOnlySpan<byte> bytes, int records, int streams)
    {
        var from = new ByteReader(bytes);
        var read = new BlockColumns(new long[records], new long[records], new Severity[records], new int[records]);
        ReadDeltas(ref from, read.Times);
        ReadDeltas(ref from, read.Numbers);
        var severities = from.Raw(records);
        for (var i = 0; i < records; i++)
        {
            read.Severities[i] = (Severity)severities[i];
        }
        for (var i = 0; i < records; i++)
        {
            read.Streams[i] = from.Count(streams - 1);
        }
        return read;
    }

    private static void ReadDeltas(ref ByteReader from, long[] into)
    {
        long value = 0;
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = value += from.Signed();
        }
    }
}
