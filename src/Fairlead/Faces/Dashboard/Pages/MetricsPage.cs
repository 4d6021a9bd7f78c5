using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>A query in PromQL as a picture and a table; its address holds all of it.</summary>
public sealed class MetricsPage : IPage
{
    private const string First = "sum by (app, environment) (rate(fairlead_requests_ended_total[1m]))";
    private const int NamesMax = 300;
    private static readonly string[] Spans = ["15m", "1h", "6h", "1d", "7d", "30d"];

    public string Route => "/ui/metrics";

    public string Section => "Metrics";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var (query, last) = (place.Asked("q") ?? First, place.Asked("last") ?? "1h");
        var answer = await asking.AskAsync<QueryMetrics.Output>(
            QueryMetrics.Operation,
            new JsonObject { ["query"] = query, ["last"] = last },
            stop
        );
        var names = await asking.TryAsync<ListMetrics.Output>(ListMetrics.Operation, [], stop);
        var (app, environment) = DeployMarks.SiteOf(answer.Series);
        var picture = SeriesPicture.Of(
            new("What was measured", query, last, "", "at the last look"),
            answer.Series,
            await DeployMarks.AskAsync(asking, app, environment, stop)
        );
        var blocks = new List<Block>
        {
            new Block.Filter(
                Route,
                [
                    new("q", "Query in PromQL", query, [])
                    {
                        IsWide = true,
                        Often = [.. (names?.Metrics ?? []).Take(NamesMax).Select(QueryOf)],
                    },
                    new("last", "Over the last", last, Spans.Contains(last) ? Spans : [last, .. Spans]),
                ]
            ),
        };
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
        blocks.Add(Names(place, names?.Metrics ?? []));
        return new Sheet(
            "Any query of Prometheus' language. The address holds the query and its time, so it can be sent to somebody.",
            blocks
        ).As($"{Texts.Count(answer.Series.Count, "series", "series")} over the last {last}");
    }

    private static Block.Table Names(Place place, IReadOnlyList<ListMetrics.Metric> all) =>
        new(
            "Metrics that there are",
            ["Metric", "#Series", "~Told apart by"],
            [
                .. all.Take(NamesMax)
                    .Select(one => new Block.Row(
                        one.Name,
                        [Cell.Link(one.Name, place.With("q", QueryOf(one))), $"{one.Series}", one.Labels]
                    )),
            ]
        )
        {
            Nothing = "None yet.",
            Command = "fairlead metric list",
        };

    // What only rises is asked for as a rate.
    private static string QueryOf(ListMetrics.Metric one) =>
        one.Name.EndsWith("_total", StringComparison.Ordinal)
        || one.Name.EndsWith("_count", StringComparison.Ordinal)
        || one.Name.EndsWith("_bucket", StringComparison.Ordinal)
            ? $"rate({one.Name}[5m])"
            : one.Name;
}
