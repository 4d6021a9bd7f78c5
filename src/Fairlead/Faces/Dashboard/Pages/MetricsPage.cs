using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>A query in PromQL as a picture and a table; its address holds all of it.</summary>
public sealed class MetricsPage : IPage
{
    private const string First = "sum by (app, environment) (rate(fairlead_requests_ended_total[1m]))";
    private const int NamesMax = 300;
    private const int NamesShown = 20;
    private const int PointsMax = 120;

    // A thousand years; what is longer is no time that anybody looks at.
    private const long LongestMilliseconds = 31_557_600_000_000;
    private const int TracesLooked = 100;
    private const int TracesMax = 8;
    private static readonly string[] Spans = ["15m", "1h", "6h", "1d", "7d", "30d"];

    public string Route => "/ui/metrics";

    public string Section => "Metrics";

    public string Script => "explore.js";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var window = Window.Of(place, asking.Now);
        var query = place.Asked("q") ?? First;
        var asked = new JsonObject
        {
            ["query"] = query,
            ["last"] = window.Last,
            ["step"] = $"{Math.Max(1, (int)(window.Length.TotalSeconds / PointsMax))}s",
        };
        if (window.At is { } at)
        {
            asked["at"] = at;
        }
        var answer = await asking.AskAsync<QueryMetrics.Output>(QueryMetrics.Operation, asked, stop);
        var names = await asking.TryAsync<ListMetrics.Output>(ListMetrics.Operation, [], stop);
        var (app, environment) = DeployMarks.SiteOf(answer.Series);
        var picture = SeriesPicture.Of(
            new("What was measured", query, window.Last, "", "at the last look") { IsWhole = true },
            answer.Series,
            await DeployMarks.AskAsync(asking, app, environment, stop)
        );
        var blocks = new List<Block> { Filter(query, window, names?.Metrics ?? []) };
        blocks.AddRange(answer.Warnings.Concat(answer.Notes).Take(5).Select(static one => new Block.Text("Note", one)));
        if (picture is not null)
        {
            blocks.Add(new Block.Figure(picture, "answer", Keys: SeriesPicture.KeysOf(picture)));
        }
        else
        {
            blocks.Add(
                new Block.Table("What was measured", ["Series"], [])
                {
                    Nothing = "Nothing was measured in this time that fits.",
                    Command = "fairlead metric list",
                }
            );
        }
        blocks.Add(new Block.Ways("Time", window.Ways(place)));
        blocks.Add(await TracesAsync(asking, (app, environment), window, stop));
        blocks.Add(Names(place, names?.Metrics ?? []));
        return new Sheet(
            "Any query of Prometheus' language. The address holds the query and its time, so it can be sent to somebody.",
            blocks
        ).As($"{Texts.Count(answer.Series.Count, "series", "series")} {window.Said}");
    }

    private Block.Filter Filter(string query, Window window, IReadOnlyList<ListMetrics.Metric> names) =>
        new(
            Route,
            [
                new("q", "Query in PromQL", query, [])
                {
                    IsWide = true,
                    Often = [.. names.Take(NamesMax).Select(QueryOf)],
                    Words = MetricDesk.Functions,
                },
                new("last", "Over", window.Last, Spans.Contains(window.Last) ? Spans : [window.Last, .. Spans]),
                new("at", "Until (UTC)", window.At, []) { Hint = "now" },
            ]
        );

    // Where numbers are strange, a request that was so shows why.
    private static async Task<Block.Table> TracesAsync(
        Asking asking,
        (string? App, string? Environment) site,
        Window window,
        CancellationToken stop
    )
    {
        var asked = new JsonObject { ["since"] = window.Last, ["max"] = TracesLooked };
        foreach (
            var (name, value) in (ReadOnlySpan<(string, string?)>)
                [("app", site.App), ("environment", site.Environment), ("until", window.At)]
        )
        {
            if (value is not null)
            {
                asked[name] = value;
            }
        }
        var found = await asking.TryAsync<ListTraces.Output>(ListTraces.Operation, asked, stop);
        return TraceTable.Of(
            site.App is { } app ? $"The slowest traces of {app} in this time" : "The slowest traces of this time",
            (found?.Traces ?? []).OrderByDescending(static one => one.Milliseconds).Take(TracesMax)
        ) with
        {
            Nothing = "No trace was kept in this time.",
        };
    }

    private static Block.Table Names(Place place, IReadOnlyList<ListMetrics.Metric> all)
    {
        var isWhole = place.Asked("names") == "all" || all.Count <= NamesShown;
        return new(
            "Metrics that there are",
            ["Metric", "#Series", "~Told apart by"],
            [
                .. all.Take(isWhole ? NamesMax : NamesShown)
                    .Select(one => new Block.Row(
                        one.Name,
                        [Cell.Link(one.Name, place.With("q", QueryOf(one))), $"{one.Series}", one.Labels]
                    )),
            ]
        )
        {
            Nothing = "None yet.",
            Command = "fairlead metric list",
            More = isWhole
                ? null
                : ($"All {Texts.Count(Math.Min(all.Count, NamesMax), "metric")}", place.With("names", "all")),
        };
    }

    // What only rises is asked for as a rate.
    private static string QueryOf(ListMetrics.Metric one) =>
        one.Name.EndsWith("_total", StringComparison.Ordinal)
        || one.Name.EndsWith("_count", StringComparison.Ordinal)
        || one.Name.EndsWith("_bucket", StringComparison.Ordinal)
            ? $"rate({one.Name}[5m])"
            : one.Name;

    /// <summary>The time that is looked at.</summary>
    /// <param name="At">Its end as it was asked for; null for now.</param>
    private sealed record Window(string Last, TimeSpan Length, string? At, DateTimeOffset Now)
    {
        public string Said => At is null ? $"over the last {Last}" : $"over {Last} until {At}";

        public static Window Of(Place place, DateTimeOffset now)
        {
            var last = place.Asked("last") ?? "1h";
            // What is no duration is refused by the operation that is asked with it.
            var length = MetricDesk.Duration(last) is > 0 and < LongestMilliseconds and var known ? known : 3_600_000;
            return new(last, TimeSpan.FromMilliseconds(length), place.Asked("at"), now);
        }

        public List<(string Word, string Url)> Ways(Place place)
        {
            var end =
                At is not null && MetricDesk.Time(At) is { } time && Math.Abs(time) < LongestMilliseconds
                    ? DateTimeOffset.FromUnixTimeMilliseconds(time)
                    : Now;
            string To(DateTimeOffset until) =>
                place.With(
                    "at",
                    until >= Now
                        ? null
                        : until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
                );
            var ways = new List<(string Word, string Url)> { ("Earlier", To(end - Length / 2)) };
            if (At is not null)
            {
                ways.Add(("Later", To(end + Length / 2)));
                ways.Add(("Now", place.With("at", null)));
            }
            ways.Add(("Twice the time", place.With("last", Written(Length * 2))));
            ways.Add(("Half the time", place.With("last", Written(Length / 2))));
            return ways;
        }

        private static string Written(TimeSpan length)
        {
            var seconds = Math.Max(10, (long)length.TotalSeconds);
            return seconds % 86_400 == 0 ? $"{seconds / 86_400}d"
                : seconds % 3_600 == 0 ? $"{seconds / 3_600}h"
                : seconds % 60 == 0 ? $"{seconds / 60}m"
                : $"{seconds}s";
        }
    }
}
