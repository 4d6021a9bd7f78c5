using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>Reads a manifest and says all that is wrong with it; needs no server.</summary>
public static class Check
{
    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }
    }

    public sealed record Output(
        string App,
        string Environment,
        IReadOnlyList<string> Hosts,
        IReadOnlyList<ServiceView> Services,
        IReadOnlyList<string> Warnings
    );

    public sealed record ServiceView(
        string Service,
        Kind Kind,
        string Stack,
        string Strategy,
        int Replicas,
        string Routes,
        string Run
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>("check", "Check a manifest and show what is detected.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead check", "fairlead check samples/storefront --env staging"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        // A check needs no target; what the only one can do is known.
        var abilities = new TargetAbilities(FixedPortsOverlap: false, ServesStaticFiles: true);
        var app = Candidates
            .Loader(kind => Candidates.AbilitiesOf(kind, abilities))
            .Load(engine.OpenFolder(input.Folder), input.Environment);
        var services = app.Services.Select(one => new ServiceView(
            one.Service.Name,
            one.Service.Kind,
            one.Service.Recipe.Stack,
            one.StrategyKind,
            one.Service.Replicas,
            string.Join(' ', one.Service.Routes),
            one.Service.IsStatic ? "files, served by the edge" : string.Join(' ', one.Service.Recipe.Run)
        ));
        return Task.FromResult(new Output(app.App, app.Site.Environment, app.Hosts, [.. services], app.Warnings));
    }
}
