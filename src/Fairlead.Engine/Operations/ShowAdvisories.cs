using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Operations;

/// <summary>Shows how old the advisories are, and of what.</summary>
public static class ShowAdvisories
{
    /// <summary>Nothing is needed.</summary>
    public sealed record Input;

    /// <param name="State">fresh, stale or none.</param>
    /// <param name="Days">Their age.</param>
    public sealed record Output(
        string State,
        DateTimeOffset? Date,
        double? Days,
        IReadOnlyDictionary<string, int> Advisories,
        IReadOnlyList<string> Unread
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "advisory.status",
            "Show how old the advisories on this machine are, and of which packages.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead advisory status"],
            Runs = Runs.Here,
            Needs = Need.Anybody,
        };

    internal static Output View(AdvisoryStatus status, DateTimeOffset now)
    {
        var age = now - status.Date;
        return new(
            age is not { } known ? "none"
                : known <= new ScanPolicy().MaxAge ? "fresh"
                : "stale",
            status.Date,
            age is { } days ? Math.Round(days.TotalDays, 1) : null,
            status
                .Counts.OrderBy(static one => one.Key)
                .ToDictionary(static one => one.Key.ToString().ToLowerInvariant(), static one => one.Value),
            status.Unread
        );
    }

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        View(await engine.Scanning.Ports.Advisories.StatusAsync(stop), engine.World.Now);
}
