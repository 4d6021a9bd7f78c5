using System.Runtime.InteropServices;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>Counts records over time, from the blocks' summaries wherever these tell enough.</summary>
internal sealed class Counting(Match match, long step)
{
    private const int StepsMax = 20_000;

    private readonly Dictionary<(long At, Severity Severity), long> counts = [];

    public IReadOnlyList<LogCount> Counts =>
        [.. counts.OrderBy(one => one.Key).Select(one => new LogCount(one.Key.At, one.Key.Severity, one.Value))];

    public bool IsWorthALook(BlockPlace place) => match.MayBeIn(place.Times) && match.MayBeIn(place.Streams);

    public void Look(ReadOnlySpan<Kept> records)
    {
        foreach (var (_, record) in records)
        {
            if (match.Fits(record))
            {
                Add(record.At, record.Severity, 1);
            }
        }
    }

    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public void Look(BlockReading reading, BlockPlace place)
    {
        if (!reading.MayHave(place, match.Needed))
        {
            return;
        }
        var summary = reading.Summary(place);
        if (CountsSuffice(place.Times))
        {
            foreach (var (minute, stream, severity, count) in summary.Counts)
            {
                if (match.IsInTime(minute) && match.IsGraveEnough(severity) && match.Fits(summary.Streams[stream]))
                {
                    Add(minute, severity, count);
                }
            }
            return;
        }
        var columns = reading.Columns(place, summary.Streams.Count);
        var texts = match.AsksForTexts ? reading.Texts(place) : null;
        for (var row = 0; row < columns.Count; row++)
        {
            var (at, severity) = (columns.Times[row], columns.Severities[row]);
            if (
                match.IsInTime(at)
                && match.IsGraveEnough(severity)
                && match.Fits(summary.Streams[columns.Streams[row]])
                && (texts is null || match.Fits(texts, row))
            )
            {
                Add(at, severity, 1);
            }
        }
    }

    // Where a minute of the summary lies in two steps, or half out of the time asked for, the records themselves must be counted.
    private bool CountsSuffice(Stretch times)
    {
        var (from, to) = (match.Filter.From, match.Filter.To);
        return !match.AsksForTexts
            && step % Block.Minute == 0
            && (from <= BlockSummary.Floor(times.First) || BlockSummary.Floor(from) == from)
            && (to > times.Last || BlockSummary.Floor(to) == to);
    }

    private void Add(long at, Severity severity, long count)
    {
        var begin = at - (((at % step) + step) % step);
        CollectionsMarshal.GetValueRefOrAddDefault(counts, (begin, severity), out _) += count;
        if (counts.Count > StepsMax)
        {
            throw new ProblemException(LogProblems.TooManySteps(StepsMax));
        }
    }
}
