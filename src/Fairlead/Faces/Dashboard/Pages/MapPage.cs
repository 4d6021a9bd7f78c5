using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>Which service calls which, and the slowest and broken requests among them.</summary>
public sealed class MapPage : IPage
{
    private const int NodesMax = 40;

    public string Route => "/ui/map";

    public string Section => "Service map";

    private sealed record Map(IReadOnlyList<Node> Nodes, IReadOnlyList<Edge> Edges);

    private sealed record Node(string Name, string Kind, double PerSecond, double ErrorPercent);

    private sealed record Edge(
        string From,
        string To,
        string Kind,
        double PerSecond,
        double ErrorPercent,
        double? P95Milliseconds
    );

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var since = place.Asked("since") ?? "1h";
        var map = await asking.AskAsync<Map>(ShowTraceMap.Operation, new JsonObject { ["since"] = since }, stop);
        var traces = await asking.TryAsync<ListTraces.Output>(
            ListTraces.Operation,
            new JsonObject { ["since"] = since },
            stop
        );
        var blocks = new List<Block>
        {
            new Block.Filter(Route, [new("since", "In the last", since, ["15m", "1h", "6h", "1d"])]),
        };
        if (map.Nodes.Count > 0)
        {
            blocks.Add(new Block.Figure(Drawn(map), "map"));
        }
        blocks.Add(TraceTable.Of("Traces", traces?.Traces ?? []));
        var ill = map.Nodes.Count(static one => one.ErrorPercent >= 1);
        return new Sheet("Counted from all spans that came in and from what the edge carried.", blocks).As(
            map.Nodes.Count == 0 ? "No service called another"
            : ill > 0 ? $"{Texts.Count(ill, "service")} of {map.Nodes.Count} fail more than one call in a hundred"
            : $"{Texts.Count(map.Nodes.Count, "service")}, and their calls go well"
        );
    }

    private static Picture Drawn(Map map)
    {
        var nodes = map.Nodes.OrderByDescending(static one => one.PerSecond).Take(NodesMax).ToList();
        var depth = Depths(nodes, map.Edges);
        return new(
            "Who calls whom",
            $"{Texts.Count(map.Edges.Count, "connection")} between {Texts.Count(map.Nodes.Count, "service")}; a red line fails more than one call in a hundred.",
            new(
                ["From", "To", "Calls/s", "Errors", "p95"],
                [
                    .. map
                        .Edges.Take(200)
                        .Select(static one =>
                            (IReadOnlyList<string>)
                                [
                                    one.From,
                                    one.To,
                                    Figures.Brief(one.PerSecond),
                                    Figures.Percent(one.ErrorPercent),
                                    Figures.Milliseconds(one.P95Milliseconds),
                                ]
                        ),
                ]
            ),
            new Drawing.Map(
                [
                    .. nodes.Select(one => new Drawing.Node(
                        one.Name,
                        one.PerSecond == 0 ? "calls others"
                            : one.ErrorPercent > 0
                                ? $"{Figures.Brief(one.PerSecond)}/s, {Figures.Percent(one.ErrorPercent)} fail"
                            : $"{Figures.Brief(one.PerSecond)}/s",
                        depth[one.Name],
                        one.ErrorPercent >= 1
                    )),
                ],
                [.. map.Edges.Select(static one => new Drawing.Link(one.From, one.To, one.PerSecond, one.ErrorPercent))]
            )
        );
    }

    // As far from whoever is called by nobody; a circle ends where it began.
    private static Dictionary<string, int> Depths(IReadOnlyList<Node> nodes, IReadOnlyList<Edge> edges)
    {
        var depth = nodes.ToDictionary(static one => one.Name, static _ => 0, StringComparer.Ordinal);
        for (var turn = 0; turn < Math.Min(nodes.Count, 8); turn++)
        {
            foreach (
                var edge in edges.Where(one =>
                    one.From != one.To && depth.ContainsKey(one.From) && depth.ContainsKey(one.To)
                )
            )
            {
                depth[edge.To] = Math.Max(depth[edge.To], Math.Min(depth[edge.From] + 1, 6));
            }
        }
        return depth;
    }
}
