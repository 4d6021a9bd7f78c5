using System.IO.Hashing;
using Fairlead.Model.Telemetry;
using ZstdSharp;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>Makes records into the bytes of blocks.</summary>
internal sealed class BlockPress : IDisposable
{
    // Level 3 is Zstandard's own default; above it logs shrink by a few percent for several times the work.
    private const int Level = 3;

    private readonly Compressor compressor = new(Level);
    private readonly ByteWriter columns = new(1 << 16);
    private readonly ByteWriter texts = new(1 << 20);
    private readonly ByteWriter summaryBytes = new(1 << 12);
    private readonly HashSet<ulong> words = [];

    /// <param name="sorted">By time, at least one.</param>
    /// <param name="through">See <see cref="BlockHead.Through"/>.</param>
    /// <param name="to">Where the block's bytes are added.</param>
    public (BlockHead Head, BlockSummary Summary) Add(ReadOnlySpan<Kept> sorted, long through, ByteWriter to)
    {
        foreach (var writer in new[] { columns, texts, summaryBytes })
        {
            writer.Clear();
        }
        var streams = new Numbering<Labels>();
        var summary = BlockSummary.Of(sorted, streams);
        summary.Write(summaryBytes);
        BlockColumns.Write(columns, sorted, streams);
        BlockTextsWriter.Write(texts, sorted);
        var filter = WordFilter.Of(WordsOf(sorted));
        var packedColumns = compressor.Wrap(columns.Written);
        var packedTexts = compressor.Wrap(texts.Written);
        var hash = new XxHash3();
        hash.Append(summaryBytes.Written);
        hash.Append(filter);
        var head = new BlockHead(
            summaryBytes.Length,
            filter.Length,
            new(packedColumns.Length, columns.Length),
            new(packedTexts.Length, texts.Length),
            through,
            new(hash.GetCurrentHashAsUInt64(), XxHash3.HashToUInt64(packedColumns), XxHash3.HashToUInt64(packedTexts))
        );
        Block.WriteHead(to, head);
        to.Raw(summaryBytes.Written);
        to.Raw(filter);
        to.Raw(packedColumns);
        to.Raw(packedTexts);
        return (head, summary);
    }

    public void Dispose() => compressor.Dispose();

    private HashSet<ulong> WordsOf(ReadOnlySpan<Kept> sorted)
    {
        words.Clear();
        foreach (var (_, record) in sorted)
        {
            Words.AddTo(words, record.Body);
            foreach (var (_, value) in record.Fields)
            {
                Words.AddTo(words, value);
            }
            if (record.TraceId is { } trace)
            {
                Words.AddTo(words, trace);
            }
        }
        return words;
    }
}
