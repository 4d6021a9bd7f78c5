using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>A release against the one before it, over the time of its deployment, from the numbers of the edge.</summary>
public static class Comparison
{
    // What a normal curve leaves within 95 %.
    private const double Width = 1.96;
    private static readonly TimeSpan SpanMin = TimeSpan.FromMinutes(4);

    /// <summary>Errors with their band, and latency; empty where nothing was measured or the viewer may not see it.</summary>
    public static async Task<IReadOnlyList<Picture>> AskAsync(
        Asking asking,
        (DeploymentView Deployment, string Tried, IReadOnlyList<Follow.Entry> Story) about,
        CancellationToken stop
    )
    {
        var (deployment, tried, story) = about;
        if (tried.Split('@') is not [var service, var since])
        {
            return [];
        }
        var until = deployment.EndedAt ?? asking.Now;
        var from =
            story.FirstOrDefault(one => one.Kind == "step" && DeploymentStory.ShiftOf(one.Text) is not null)?.At
            ?? deployment.RequestedAt;
        var last = until - from < SpanMin ? SpanMin : until - from;
        var scope = $"app=\"{deployment.App}\",environment=\"{deployment.Environment}\",service=\"{service}\"";
        var window = $"{Math.Max(30, (int)(last.TotalSeconds / 20))}s";
        async Task<IReadOnlyList<QueryMetrics.Line>> Ask(string query) =>
            (
                await asking.TryAsync<QueryMetrics.Output>(
                    QueryMetrics.Operation,
                    new JsonObject
                    {
                        ["query"] = query,
                        ["at"] = until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                        ["last"] = $"{(int)last.TotalSeconds}s",
                    },
                    stop
                )
            )?.Series
            ?? [];
        var bad = await Ask(
            $"sum by (release) (increase(fairlead_requests_failed_total{{{scope}}}[{window}]) + increase(fairlead_requests_lost_total{{{scope}}}[{window}]))"
        );
        var all = await Ask($"sum by (release) (increase(fairlead_requests_ended_total{{{scope}}}[{window}]))");
        var slow = await Ask(
            $"histogram_quantile(0.95, sum by (release, le) (rate(fairlead_request_duration_seconds_bucket{{{scope}}}[{window}]))) * 1000"
        );
        return [.. new[] { Errors(bad, all, since, deployment), Latency(slow, since, deployment) }.OfType<Picture>()];
    }

    private static Picture? Errors(
        IReadOnlyList<QueryMetrics.Line> bad,
        IReadOnlyList<QueryMetrics.Line> all,
        string since,
        DeploymentView deployment
    )
    {
        var failed = bad.ToDictionary(static one => ReleaseOf(one), Points);
        var lines = new List<Drawing.Line>();
        foreach (var total in all.OrderBy(one => ReleaseOf(one) == since))
        {
            var (release, known) = (ReleaseOf(total), failed.GetValueOrDefault(ReleaseOf(total)));
            if (known is null)
            {
                continue;
            }
            var counts = known.ToDictionary(static one => one.At, static one => one.Value);
            var points = Points(total)
                .Where(one => counts.ContainsKey(one.At))
                .Select(one => (one.At, All: one.Value, Bad: counts[one.At]))
                .ToList();
            var bands = points.Select(static one => Band(one.Bad, one.All)).ToList();
            lines.Add(
                new(
                    NameOf(release, since, deployment),
                    ToneOf(release, since),
                    [
                        .. points.Select(static one => new Drawing.Point(
                            one.At,
                            one.All >= 1 ? 100 * Math.Min(1, one.Bad / one.All) : double.NaN
                        )),
                    ],
                    ToneOf(release, since) == "canary" ? [.. bands.Select(static one => one.Low)] : [],
                    ToneOf(release, since) == "canary" ? [.. bands.Select(static one => one.High)] : []
                )
            );
        }
        return Of("Errors", lines, "%", "Requests that fail now");
    }

    private static Picture? Latency(IReadOnlyList<QueryMetrics.Line> slow, string since, DeploymentView deployment) =>
        Of(
            "Latency, p95",
            [
                .. slow.OrderBy(one => ReleaseOf(one) == since)
                    .Select(one => new Drawing.Line(
                        NameOf(ReleaseOf(one), since, deployment),
                        ToneOf(ReleaseOf(one), since),
                        Points(one),
                        [],
                        []
                    )),
            ],
            " ms",
            "95 of 100 requests are faster than"
        );

    private static Picture? Of(string title, IReadOnlyList<Drawing.Line> lines, string unit, string says)
    {
        var drawn = lines.Where(static one => one.Points.Any(static point => double.IsFinite(point.Value))).ToList();
        if (drawn.Count == 0)
        {
            return null;
        }
        string Last(Drawing.Line line) =>
            line.Points.LastOrDefault(static one => double.IsFinite(one.Value)) is { } known
                ? $"{Figures.Brief(known.Value)}{unit}"
                : "–";
        return new(
            title,
            $"{says}: {string.Join(", ", drawn.Select(one => $"{Last(one)} at {one.Name}"))}.",
            SeriesTable.Of(drawn, unit),
            new Drawing.Lines(drawn, unit, null, [])
        );
    }

    /// <summary>Where the true ratio lies 95 times of 100, in percent. Source: E. B. Wilson, 1927.</summary>
    internal static (double Low, double High) Band(double bad, double all)
    {
        if (!(all >= 1))
        {
            return (0, 0);
        }
        var ratio = Math.Clamp(bad / all, 0, 1);
        var square = Width * Width;
        var middle = (ratio + square / (2 * all)) / (1 + square / all);
        var half = Width / (1 + square / all) * Math.Sqrt(ratio * (1 - ratio) / all + square / (4 * all * all));
        return (100 * Math.Max(0, middle - half), 100 * Math.Min(1, middle + half));
    }

    internal static IReadOnlyList<Drawing.Point> Points(QueryMetrics.Line line) =>
        [
            .. (line.Points ?? [])
                .Select(static one => one.Split(' '))
                .Where(static one => one.Length == 2)
                .Select(static one => new Drawing.Point(
                    DateTimeOffset.Parse(one[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                    double.TryParse(one[1], CultureInfo.InvariantCulture, out var value) ? value : double.NaN
                )),
        ];

    private static string ReleaseOf(QueryMetrics.Line line) =>
        LabelText.Read(line.Series).GetValueOrDefault("release", "");

    private static string ToneOf(string release, string since) => release == since ? "canary" : "stable";

    private static string NameOf(string release, string since, DeploymentView deployment) =>
        release == since ? $"the new release {deployment.Release}" : $"release {release}";
}
