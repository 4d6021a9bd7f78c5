using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>What hurts users, or did.</summary>
public static class ListIncidents
{
    public sealed record Input
    {
        [Description("Only this app's.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Only this environment's.")]
        public string? Environment { get; init; }

        [Description("Those that are resolved, too.")]
        public bool All { get; init; }
    }

    public sealed record Output(IReadOnlyList<Row> Incidents);

    /// <param name="State">open, mitigated or resolved.</param>
    public sealed record Row(
        int Incident,
        string State,
        string Severity,
        string? Site,
        string Title,
        DateTimeOffset StartedAt,
        DateTimeOffset? ResolvedAt,
        string? Commander
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "incident.list",
            "List what hurts users, the newest first.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead incident list", "fairlead incident list shop --all"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        new([
            .. (await engine.Server.Incidents.AllAsync(stop))
                .Where(one => input.All || one.IsOpen)
                .Where(one => one.Site is not null || engine.Server.Reach.IsAll)
                .Where(one => input.App is null || one.Site?.App == input.App)
                .Where(one => input.Environment is null || one.Site?.Environment == input.Environment)
                .Select(static one => new Row(
                    one.Number,
                    one.State.ToString().ToLowerInvariant(),
                    one.Severity.ToString().ToLowerInvariant(),
                    one.Site?.ToString(),
                    one.Title,
                    one.StartedAt,
                    one.ResolvedAt,
                    one.Commander
                )),
        ]);
}
