using Fairlead.Engine.Reporting;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Incidents;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Asks for the numbers of an incident's graphs.</summary>
internal static class IncidentGraphDesk
{
    private static readonly TimeSpan QueryMax = TimeSpan.FromSeconds(10);

    /// <summary>All of which there are numbers; none for an incident of no app, or where no metrics are kept.</summary>
    public static async Task<IReadOnlyList<Graph>> ReadAsync(
        ServerSide server,
        Incident incident,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        if (incident.Site is not { } site || server.MetricDesk is not { } desk)
        {
            return [];
        }
        var (from, until, step) = IncidentGraphs.SpanOf(incident, now);
        var lives = (await Sites.DeploymentsAsync(server, site, stop))
            .Where(one => one.Phase is DeploymentPhase.Promoted && one.EndedAt >= from && one.EndedAt <= until)
            .Select(static one => (one.EndedAt!.Value, one.Release)) // Those that are promoted have one.
            .ToList();
        var graphs = new List<Graph>();
        foreach (var kind in IncidentGraphs.Kinds)
        {
            try
            {
                var answer = await desk.RangeAsync(
                    IncidentGraphs.QueryOf(kind, site, step),
                    (from.ToUnixTimeMilliseconds(), until.ToUnixTimeMilliseconds(), (long)step.TotalMilliseconds),
                    QueryMax,
                    stop
                );
                var points = PointsOf(answer, (from, until, step));
                if (points.Count > 0)
                {
                    graphs.Add(IncidentGraphs.Of(kind, incident, points, lives));
                }
            }
            catch (ProblemException)
            {
                // A picture that cannot be had is missing; what was learned is written all the same.
            }
        }
        return graphs;
    }

    // A step at which nothing was measured is a hole, and not a line across it.
    private static IReadOnlyList<GraphPoint> PointsOf(
        QueryAnswer answer,
        (DateTimeOffset From, DateTimeOffset Until, TimeSpan Step) span
    )
    {
        if (answer.Result is not QueryResult.Matrix { Series: [var only] })
        {
            return [];
        }
        var (times, values) = (only.Times.ToArray(), only.Values.ToArray());
        var known = new Dictionary<long, double>();
        for (var place = 0; place < times.Length; place++)
        {
            known[times[place]] = values[place];
        }
        var points = new List<GraphPoint>();
        for (var at = span.From.ToUnixTimeMilliseconds(); at <= span.Until.ToUnixTimeMilliseconds(); )
        {
            points.Add(new(DateTimeOffset.FromUnixTimeMilliseconds(at), known.GetValueOrDefault(at, double.NaN)));
            at += (long)span.Step.TotalMilliseconds;
        }
        return points.Any(static one => double.IsFinite(one.Value)) ? points : [];
    }
}
