using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Everything whose numbers are collected, and how it was the last time.</summary>
public static class ListScrapes
{
    public sealed record Input;

    public sealed record Output(IReadOnlyList<View> Targets);

    /// <param name="State">up, down, or awaited before the first time.</param>
    /// <param name="Trouble">Why the last scrape failed.</param>
    /// <param name="Refused">Samples that were not kept, by reason.</param>
    public sealed record View(
        string Job,
        string Instance,
        string State,
        string Every,
        DateTimeOffset? At,
        string? Took,
        int Samples,
        string Url,
        string? Trouble,
        IReadOnlyDictionary<string, long>? Refused
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "scrape.list",
            "List what metrics are collected from, and how it was the last time.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead scrape list"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var collecting = engine.Server.Collecting;
        var views = collecting.Scraper?.Views ?? [.. (await collecting.Targets.FindAsync(stop)).Select(TargetView.Of)];
        return new([.. views.Select(Of)]);
    }

    private static View Of(TargetView view) =>
        new(
            view.Target.Job,
            view.Target.Instance,
            view.At is null ? "awaited"
                : view.Problem is null ? "up"
                : "down",
            view.Target.Every.Text,
            view.At,
            view.At is null ? null : view.Took.Text,
            view.Samples,
            AddScrape.Shown(view.Target.Url),
            view.Problem is { } problem ? $"{problem.What} {problem.Why}" : null,
            view.Refused.Count == 0 ? null : view.Refused
        );
}
