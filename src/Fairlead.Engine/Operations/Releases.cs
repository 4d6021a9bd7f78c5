using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>An app's releases and how each fared.</summary>
public static class Releases
{
    private const int ShownMax = 50;

    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }
    }

    public sealed record Output(IReadOnlyList<ReleaseView> Releases);

    /// <param name="State">live, was live, or how its last deployment stands or ended.</param>
    public sealed record ReleaseView(
        int Release,
        string State,
        DateTimeOffset At,
        string Parts,
        string? Commit,
        string? Reason
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>("releases", "List an app's releases, newest first.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead releases shop"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var record = await Sites.FindAsync(engine.Server, input.App, input.Environment, stop);
        var deployments = await Sites.DeploymentsAsync(engine.Server, record.Site, stop);
        var documents = await engine.Server.Store.ListAsync(Records.Releases, $"{record.Site}/", stop);
        return new([
            .. documents
                .Reverse()
                .Take(ShownMax)
                .Select(Records.Read<Release>)
                .Select(release =>
                    View(release, record, deployments.LastOrDefault(one => one.Release == release.Number))
                ),
        ]);
    }

    private static ReleaseView View(Release release, SiteRecord record, Deployment? last) =>
        new(
            release.Number,
            StateOf(release, record, last),
            release.At,
            string.Join(", ", release.Services.Select(one => one.Part)),
            release.Commit,
            last?.Reason is { } reason ? $"{reason.What} {reason.Why}" : null
        );

    private static string StateOf(Release release, SiteRecord record, Deployment? last) =>
        release.Number == record.Live ? "live"
        : record.History.Contains(release.Number) && last?.Phase == DeploymentPhase.Promoted ? "was live"
        : last is null ? "unknown"
        : System.Text.Json.JsonSerializer.SerializeToNode(last.Phase, Schemas.Json)!.GetValue<string>();
}
