using Fairlead.Model.Data;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Data.Backups;

/// <summary>The pieces of a log that lead on from a copy, one after the other. Pure.</summary>
/// <param name="Pieces">In their order; the first one has the place from which on the copy needs its log.</param>
public sealed record LogChain(IReadOnlyList<LogPiece> Pieces)
{
    /// <summary>Until when any moment can be had.</summary>
    public DateTimeOffset At => Pieces[^1].At;

    /// <summary>Where it ends.</summary>
    public long To => Pieces[^1].To;

    /// <summary>The longest chain from a copy.</summary>
    /// <param name="pieces">All of the database's, in any order.</param>
    /// <param name="gap">What ends it before the last piece; null where it has all of them.</param>
    /// <returns>Null where not even the first piece is there.</returns>
    public static LogChain? Of(LogPlace copy, IReadOnlyList<LogPiece> pieces, out Problem? gap)
    {
        var ours = pieces.Where(one => one.From.IsOfOne(copy)).OrderBy(static one => one.From.At).ToList();
        var first = ours.FindLastIndex(one => one.From.At <= copy.At);
        var last = pieces.OrderBy(static one => one.At).LastOrDefault();
        if (first < 0 || ours[first].To < copy.At)
        {
            gap = Gap($"Its log is not there from {copy} on, where the copy needs it.");
            return null;
        }
        var chain = new List<LogPiece> { ours[first] };
        foreach (var next in ours.Skip(first + 1))
        {
            // What comes again may begin before the end of the last: its bytes are the same.
            if (next.From.At > chain[^1].To)
            {
                gap = Gap($"Between {chain[^1].From with { At = chain[^1].To }} and {next.From} there is nothing.");
                return new(chain);
            }
            if (next.To > chain[^1].To)
            {
                chain.Add(next);
            }
        }
        gap =
            last is not null && !last.From.IsOfOne(copy)
                ? Gap($"What came last is of another history: {last.From}.")
                : null;
        return new(chain);
    }

    /// <summary>As much of it as is needed for a moment.</summary>
    public LogChain Until(DateTimeOffset moment)
    {
        var enough = Pieces.ToList().FindIndex(one => one.At >= moment);
        return enough < 0 ? this : new([.. Pieces.Take(enough + 1)]);
    }

    /// <summary>Pieces that no copy needs any more.</summary>
    /// <param name="copies">Where the logs of all that are kept begin.</param>
    public static IReadOnlyList<LogPiece> Spent(IReadOnlyList<LogPlace> copies, IReadOnlyList<LogPiece> pieces) =>
        copies.Count == 0
            ? []
            : [.. pieces.Where(one => !copies.Any(copy => copy.IsOfOne(one.From) && copy.At < one.To))];

    private static Problem Gap(string why) =>
        new(
            "backup.log-gap",
            What: "The log that leads on from the backup has a hole.",
            Why: why,
            Fix: "Moments after it cannot be had from this backup. Take another one: fairlead backup run"
        );
}
