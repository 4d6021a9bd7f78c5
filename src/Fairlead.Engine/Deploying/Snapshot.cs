using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>A site's latest look, kept for those who watch; nothing is decided from it.</summary>
public sealed record Snapshot(
    SiteRecord Record,
    Deployment? Deployment,
    Release? Live,
    Release? Next,
    Observation Seen,
    DateTimeOffset At,
    string? Waiting
)
{
    // Rates are read over about two seconds, so that a number can be read before it changes.
    private static readonly TimeSpan RateWindow = 2.Seconds;

    /// <summary>An older look to reckon rates from.</summary>
    public Snapshot? Older { get; private init; }

    /// <summary>Requests a second of a part, lately; null before there are two looks.</summary>
    public double? RateOf(Part part)
    {
        if (Older is null || Older.Seen.Router.Epoch != Seen.Router.Epoch || At - Older.At <= TimeSpan.Zero)
        {
            return null;
        }
        var now = Seen.Router.TrafficOf(part)?.Total.Requests ?? 0;
        var before = Older.Seen.Router.TrafficOf(part)?.Total.Requests ?? 0;
        return Math.Max(0, now - before) / (At - Older.At).TotalSeconds;
    }

    internal static Snapshot Of(Situation now, Decision decision, Snapshot? before)
    {
        var older =
            before?.Older is { } kept && now.Now - before.At < RateWindow && now.Now - kept.At < RateWindow * 2 ? kept
            : before is null ? null
            : before with { Older = null };
        return new Snapshot(
            now.Record,
            now.Deployment,
            now.Live,
            now.Next,
            now.Seen,
            now.Now,
            (decision as Decision.Wait)?.Why
        )
        {
            Older = older,
        };
    }
}
