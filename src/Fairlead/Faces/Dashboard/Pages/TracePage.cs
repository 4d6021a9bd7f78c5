using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>One request through all services: what called what, how long each took, and what the whole waited for.</summary>
public sealed class TracePage : IPage
{
    private const int SpansMax = 60;

    // A span below this part of the whole is not what it waited for.
    private const double CriticalPart = 0.04;

    public string Route => "/ui/traces/{trace}";

    public string Section => "Service map";

    // What happened does not change.
    public bool IsLive => false;

    public static string UrlOf(string trace) => $"/ui/traces/{Uri.EscapeDataString(trace)}";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var trace = await asking.AskAsync<ShowTrace.Output>(
            ShowTrace.Operation,
            new JsonObject { ["trace"] = place["trace"] },
            stop
        );
        var spans = trace.Waterfall;
        var slowest = spans.MaxBy(static one => one.Critical);
        var failed = spans.Where(static one => one.IsError).ToList();
        return new Sheet(
            slowest is null
                ? "Nothing of it is kept."
                : $"It waited longest for {slowest.Operation} of {slowest.Service}: {Figures.Milliseconds(Math.Round(slowest.Critical, 1))} of {Figures.Milliseconds(Math.Round(trace.Milliseconds, 1))}.",
            [
                new Block.Figure(
                    Drawn(trace),
                    "spans",
                    Keys: [("good", "went well"), ("bad", "failed"), ("edge", "what the whole waited for")]
                ),
                new Block.Table(
                    "Spans",
                    ["Operation", "Service", "#Took", "~#Waited for here", "~What failed"],
                    [
                        .. spans
                            .Take(SpansMax)
                            .Select(static one => new Block.Row(
                                one.Span,
                                [
                                    one.Operation,
                                    one.Release is { } release ? $"{one.Service}@{release}" : one.Service,
                                    Figures.Milliseconds(Math.Round(one.Milliseconds, 2)),
                                    one.Critical > 0 ? Figures.Milliseconds(Math.Round(one.Critical, 2)) : "",
                                    one.Reason ?? "",
                                ]
                            )),
                    ]
                ),
                LogsOf(trace),
            ]
        ).As(
            $"{(spans.Count > 0 ? spans[0].Operation : "A trace")} took {Figures.Milliseconds(Math.Round(trace.Milliseconds, 1))}"
                + (failed.Count > 0 ? $", and {failed[0].Service} failed" : "")
        ) with
        {
            Crumbs = [("Service map", "/ui/map"), ($"trace {trace.Trace}", null)],
        };
    }

    private static Block.Facts LogsOf(ShowTrace.Output trace) =>
        new(
            "Facts",
            [
                ("When", Cell.Time(trace.At)),
                ("Its log lines", Cell.Link("Logs of this trace", $"/ui/logs?trace={trace.Trace}&since=7d")),
                ("Not shown", trace.Left == 0 ? "nothing" : Texts.Count(trace.Left, "span")),
            ]
        );

    private static Picture Drawn(ShowTrace.Output trace)
    {
        var shown = trace.Waterfall.Take(SpansMax).ToList();
        var chain = shown
            .Where(one => one.Critical >= trace.Milliseconds * CriticalPart)
            .OrderByDescending(static one => one.Critical)
            .Take(4)
            .ToList();
        return new(
            "What called what",
            $"{Texts.Count(trace.Waterfall.Count, "span")} of {Texts.Count(trace.Waterfall.Select(static one => one.Service).Distinct().Count(), "service")}; the whole waited for {string.Join(", ", chain.Select(static one => one.Service).Distinct())}.",
            new(
                ["Operation", "Service", "Began after", "Took", "Waited for here"],
                [
                    .. shown.Select(static one =>
                        (IReadOnlyList<string>)
                            [
                                one.Operation,
                                one.Service,
                                Figures.Milliseconds(Math.Round(one.Start, 2)),
                                Figures.Milliseconds(Math.Round(one.Milliseconds, 2)),
                                Figures.Milliseconds(Math.Round(one.Critical, 2)),
                            ]
                    ),
                ]
            ),
            new Drawing.Spans([
                .. shown.Select(one => new Drawing.Span(
                    $"{new string(' ', Math.Min(one.Depth, 6))}{one.Service}: {one.Operation}",
                    one.Start / 1000,
                    one.Milliseconds / 1000,
                    one.IsError ? "bad" : "good",
                    chain.Contains(one),
                    one.Reason ?? one.Operation
                )),
            ])
        );
    }
}
