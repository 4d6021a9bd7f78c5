using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>Traces as rows, each of which leads to its page.</summary>
internal static class TraceTable
{
    public static Block.Table Of(string title, IEnumerable<ListTraces.View> traces) =>
        new(
            title,
            ["Operation", "Service", "When", "#Took", "~#Spans", "#Errors", "~Kept because"],
            [
                .. traces.Select(static one => new Block.Row(
                    one.Trace,
                    [
                        Cell.Link(one.Operation, TracePage.UrlOf(one.Trace)),
                        one.Service,
                        Cell.Time(one.At),
                        Figures.Milliseconds(one.Milliseconds),
                        $"{one.Spans}",
                        $"{one.Errors}",
                        one.Kept,
                    ]
                )),
            ]
        )
        {
            Nothing = "No trace was kept. Apps that Fairlead starts are told where to send them.",
            Command = "fairlead trace list",
        };
}
