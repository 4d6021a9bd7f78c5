using System.Globalization;
using Fairlead.Engine.Reporting;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;

namespace Fairlead.Engine.Responding.Incidents;

/// <summary>What an incident looked like in numbers: which are asked for, over which time, and what they say. Pure.</summary>
public static class IncidentGraphs
{
    /// <summary>How it was before belongs to it.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan After = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3);
    private static readonly TimeSpan StepMin = TimeSpan.FromSeconds(15);
    private const int PointsWanted = 120;
    private const int MarksMax = 12;

    /// <summary>A graph that can be asked for.</summary>
    /// <param name="IsMuchBad">Whether much is bad; else little is.</param>
    public sealed record Kind(
        string Name,
        string Title,
        string Unit,
        bool IsMuchBad,
        Func<string, string, string> Query
    );

    public static IReadOnlyList<Kind> Kinds { get; } =
    [
        new(
            "errors",
            "Failed requests",
            " %",
            IsMuchBad: true,
            static (scope, window) =>
                $"100 * (sum(rate(fairlead_requests_failed_total{scope}[{window}])) + sum(rate(fairlead_requests_lost_total{scope}[{window}]))) / (sum(rate(fairlead_requests_ended_total{scope}[{window}])) > 0)"
        ),
        new(
            "latency",
            "Time of 95 % of the answers",
            " ms",
            IsMuchBad: true,
            static (scope, window) =>
                $"1000 * histogram_quantile(0.95, sum by (le) (rate(fairlead_request_duration_seconds_bucket{scope}[{window}])))"
        ),
        new(
            "traffic",
            "Requests a second",
            "",
            IsMuchBad: false,
            static (scope, window) => $"sum(rate(fairlead_requests_ended_total{scope}[{window}]))"
        ),
        new(
            "budget",
            "Budget left",
            " %",
            IsMuchBad: false,
            static (scope, _) => $"100 * min({SloRules.BudgetMetric}{scope})"
        ),
    ];

    /// <summary>Over which time, and how far apart points are.</summary>
    public static (DateTimeOffset From, DateTimeOffset Until, TimeSpan Step) SpanOf(
        Incident incident,
        DateTimeOffset now
    )
    {
        var end = (incident.ResolvedAt ?? now) + After;
        var until = end < now ? end : now;
        var from = incident.StartedAt - Before;
        from = until - from > Longest ? until - Longest : from;
        var step = TimeSpan.FromSeconds(Math.Ceiling((until - from).TotalSeconds / PointsWanted));
        return (from, until, step > StepMin ? step : StepMin);
    }

    /// <summary>The query of a graph at a site.</summary>
    public static string QueryOf(Kind kind, Site site, TimeSpan step)
    {
        var window = Math.Max(60, 2 * (int)step.TotalSeconds);
        return kind.Query(
            $"{{app=\"{site.App}\",environment=\"{site.Environment}\"}}",
            string.Create(CultureInfo.InvariantCulture, $"{window}s")
        );
    }

    /// <summary>A graph of the numbers that were found.</summary>
    /// <param name="lives">When which release went live.</param>
    public static Graph Of(
        Kind kind,
        Incident incident,
        IReadOnlyList<GraphPoint> points,
        IReadOnlyList<(DateTimeOffset At, int Release)> lives
    ) =>
        new(kind.Name, kind.Title, kind.Unit, points, MarksOf(incident, lives))
        {
            Sentence = SentenceOf(kind, incident, points),
        };

    private static IReadOnlyList<GraphMark> MarksOf(
        Incident incident,
        IReadOnlyList<(DateTimeOffset At, int Release)> lives
    ) =>
        [
            .. new[]
            {
                (At: (DateTimeOffset?)incident.StartedAt, Name: "began"),
                (At: incident.MitigatedAt, Name: "mitigated"),
            }
                .Where(static one => one.At is not null)
                .Select(static one => new GraphMark(one.At!.Value, one.Name)) // They have one.
                .Concat(lives.Select(static one => new GraphMark(one.At, $"release {one.Release} live")))
                .OrderBy(static one => one.At)
                .Take(MarksMax),
        ];

    private static string SentenceOf(Kind kind, Incident incident, IReadOnlyList<GraphPoint> points)
    {
        var known = points.Where(static one => double.IsFinite(one.Value)).ToList();
        var before = known.Where(one => one.At < incident.StartedAt).Select(static one => one.Value).ToList();
        var end = incident.MitigatedAt ?? incident.ResolvedAt ?? DateTimeOffset.MaxValue;
        var during = known.Where(one => one.At >= incident.StartedAt && one.At <= end).ToList();
        if (during.Count == 0)
        {
            return $"{kind.Title}: there are no numbers of it while the incident went on.";
        }
        var worst = kind.IsMuchBad ? during.MaxBy(static one => one.Value) : during.MinBy(static one => one.Value);
        var usual =
            before.Count == 0
                ? "of the time before there are no numbers"
                : $"{Said(before.Order().ElementAt(before.Count / 2), kind)} was usual in the time before";
        var last = known[^1];
        var after = last.At > end ? $", {Said(last.Value, kind)} at last" : "";
        return $"{kind.Title}: {Said(worst.Value, kind)} at {(kind.IsMuchBad ? "most" : "least")} while the incident went on, at {worst.At.UtcDateTime:HH:mm:ss} UTC; {usual}{after}.";
    }

    private static string Said(double value, Kind kind) => $"{GraphSvg.Number(value)}{kind.Unit}";
}
