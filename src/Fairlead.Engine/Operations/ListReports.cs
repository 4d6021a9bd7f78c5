using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Telling;

namespace Fairlead.Engine.Operations;

/// <summary>Reports that are sent by the calendar.</summary>
public static class ListReports
{
    public sealed record Input;

    /// <param name="Last">The period that was done last, such as 2026-11; null before the first.</param>
    /// <param name="NextAt">When the next one goes out.</param>
    public sealed record Row(
        string Report,
        string About,
        string Every,
        string To,
        string TimeZone,
        string? Last,
        DateTimeOffset NextAt
    );

    public sealed record Output(IReadOnlyList<Row> Reports);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "report.list",
            "List reports that are sent by the calendar, as the routing says.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead report list"],
            Needs = Need.OfAll(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        await engine.Server.Response.Routing.LoadAsync(stop);
        var kept = (await engine.Server.Store.ListAsync(ReportPoster.Collection, "", stop)).ToDictionary(
            static one => one.Key,
            Records.Read<ReportPoster.Kept>,
            StringComparer.Ordinal
        );
        return new([
            .. engine.Server.Response.Routing.Plan.Reports.Select(one => new Row(
                one.Report,
                $"{one.App ?? one.Team ?? "all apps"}{(one.Environment is null ? "" : $" in {one.Environment}")}",
                one.Every,
                one.To,
                one.Zone.Id,
                kept.GetValueOrDefault(one.Key)?.Period,
                NextOf(one, engine.World.Now)
            )),
        ]);
    }

    private static DateTimeOffset NextOf(ReportOrder order, DateTimeOffset now)
    {
        var last = order.LastAt(now);
        // The next period's end is found from a moment within the period after it.
        var next = order.LastAt(
            last.Until + (order.Every == ReportOrder.Week ? TimeSpan.FromDays(10) : TimeSpan.FromDays(40))
        );
        return next.Until + ReportPoster.After;
    }
}
