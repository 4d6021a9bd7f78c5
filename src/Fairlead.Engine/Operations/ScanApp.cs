using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Operations;

/// <summary>Looks for known weaknesses of what runs.</summary>
public static class ScanApp
{
    private static readonly TimeSpan MaxAge = new ScanPolicy().MaxAge;

    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }
    }

    public sealed record Output(
        string Release,
        Coverage Coverage,
        int Packages,
        IReadOnlyList<FindingView> Findings,
        IReadOnlyList<string> Unknown
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "scan.app",
            "Look for known weaknesses of the packages of what is live.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead scan app shop --env production"],
            Needs = Need.Of(Permission.Secure),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var release = await LiveReleases.OfAsync(engine, input.App, input.Environment, release: null, stop);
        var part = await DependencyScan.RunAsync(
            await LiveScans.InventoryAsync(engine, release, stop),
            engine.Scanning.Ports.Advisories,
            engine.World.Now,
            MaxAge,
            stop
        );
        return new(
            release.ToString(),
            part.Coverage,
            part.Looked,
            [.. part.Findings.Select(Scanning.View)],
            [.. part.Unknown.Distinct()]
        );
    }
}
