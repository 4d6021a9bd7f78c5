using System.Runtime.InteropServices;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>In which order records are asked for.</summary>
internal enum Sequence
{
    NewestFirst,
    OldestFirst,
    Arrival,
}

/// <summary>Where a record stands in a sequence; that of another record is never the same.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Rank(long Main, long Number)
{
    public static int Compare(Rank left, Rank right)
    {
        var byMain = left.Main.CompareTo(right.Main);
        return byMain != 0 ? byMain : left.Number.CompareTo(right.Number);
    }
}

/// <summary>Collects the first records of a sequence that fit, and looks into no more blocks than that takes.</summary>
/// <param name="after">Only those behind this; null for all.</param>
internal sealed class Gathering(Match match, Sequence sequence, int limit, Rank? after)
{
    private readonly List<(Rank Rank, LogRecord Record)> found = [];

    private bool IsFull => found.Count == limit;

    /// <summary>In their sequence.</summary>
    public IReadOnlyList<(Rank Rank, LogRecord Record)> Found => found;

    /// <summary>Those worth a look, in the order in which it is worth it.</summary>
    public IEnumerable<(Segment Segment, BlockPlace Place)> Order(IReadOnlyList<Segment> segments) =>
        segments
            .Where(segment => match.MayBeIn(segment.Times))
            .SelectMany(segment => segment.Blocks.Select(place => (segment, place)))
            .Where(one => match.MayBeIn(one.place.Times) && match.MayBeIn(one.place.Streams))
            .Where(one => after is not { } start || Sorted(Farthest(one.place), start) > 0)
            .OrderBy(one => Nearest(one.place), Comparer<Rank>.Create(Sorted));

    /// <summary>Whether no record of this block, nor of those behind it, can be among the first any more.</summary>
    public bool IsDoneBefore(BlockPlace place) => IsFull && Sorted(Nearest(place), found[^1].Rank) > 0;

    public void Look(ReadOnlySpan<Kept> records)
    {
        var last = IsFull ? found[^1].Rank : (Rank?)null;
        foreach (var (number, record) in records)
        {
            var rank = RankOf(record.At, number);
            if (
                (after is { } start && Sorted(rank, start) <= 0)
                || (last is { } end && Sorted(rank, end) > 0)
                || !match.Fits(record)
            )
            {
                continue;
            }
            found.Add((rank, record));
            if (found.Count >= 2 * limit)
            {
                Trim();
                last = found[^1].Rank;
            }
        }
        Trim();
    }

    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public void Look(BlockReading reading, BlockPlace place)
    {
        if (!reading.MayHave(place, match.Needed))
        {
            return;
        }
        var streams = place.Streams ?? reading.Summary(place).Streams;
        var columns = reading.Columns(place, streams.Count);
        var fits = streams.Select(match.Fits).ToArray();
        BlockTexts? texts = null;
        var left = limit;
        List<(Rank, LogRecord)> here = [];
        foreach (var row in Rows(columns))
        {
            var rank = RankOf(columns.Times[row], columns.Numbers[row]);
            if (left == 0 || (IsFull && Sorted(rank, found[^1].Rank) > 0))
            {
                break;
            }
            if (
                !match.IsInTime(columns.Times[row])
                || !match.IsGraveEnough(columns.Severities[row])
                || !fits[columns.Streams[row]]
                || (after is { } start && Sorted(rank, start) <= 0)
            )
            {
                continue;
            }
            texts ??= reading.Texts(place);
            if (match.Fits(texts, row))
            {
                here.Add((rank, texts.Record(columns, streams, row)));
                left--;
            }
        }
        found.AddRange(here);
        Trim();
    }

    private IEnumerable<int> Rows(BlockColumns columns)
    {
        var rows = Enumerable.Range(0, columns.Count);
        return sequence switch
        {
            Sequence.NewestFirst => rows.Select(row => columns.Count - 1 - row),
            Sequence.OldestFirst => rows,
            _ => rows.OrderBy(row => columns.Numbers[row]),
        };
    }

    private void Trim()
    {
        found.Sort((left, right) => Sorted(left.Rank, right.Rank));
        if (found.Count > limit)
        {
            found.RemoveRange(limit, found.Count - limit);
        }
    }

    private Rank RankOf(long at, long number) => sequence is Sequence.Arrival ? new(number, 0) : new(at, number);

    private Rank Nearest(BlockPlace place) =>
        sequence switch
        {
            Sequence.NewestFirst => new(place.Times.Last, long.MaxValue),
            Sequence.OldestFirst => new(place.Times.First, 0),
            _ => new(place.Numbers.First, 0),
        };

    private Rank Farthest(BlockPlace place) =>
        sequence switch
        {
            Sequence.NewestFirst => new(place.Times.First, 0),
            Sequence.OldestFirst => new(place.Times.Last, long.MaxValue),
            _ => new(place.Numbers.Last, 0),
        };

    private int Sorted(Rank left, Rank right) =>
        sequence is Sequence.NewestFirst ? Rank.Compare(right, left) : Rank.Compare(left, right);
}
