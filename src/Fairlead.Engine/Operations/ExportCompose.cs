using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Manifests.ComposeFiles.Exporting;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>Writes an app as a Compose file, which runs without Fairlead.</summary>
public static class ExportCompose
{
    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }

        [Description("Write it to this new file, which belongs into the app's folder, instead of showing it.")]
        public string? To { get; init; }
    }

    /// <param name="File">Where it was written; null when it was not.</param>
    /// <param name="Compose">Its text; null when it was written to a file.</param>
    /// <param name="Warnings">What Compose cannot do, or must be given.</param>
    public sealed record Output(string? File, string? Compose, IReadOnlyList<string> Warnings);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "compose.export",
            "Write the app as a Compose file that 'docker compose up' runs.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead compose export --env production --to compose.yaml"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        // In containers, ports are each one's own.
        var abilities = new TargetAbilities(FixedPortsOverlap: true, ServesStaticFiles: true);
        var tree = engine.OpenFolder(input.Folder);
        var app = Candidates.Loader(_ => abilities).Load(tree, input.Environment);
        var (compose, warnings) = ComposeExport.Run(app, tree);
        if (input.To is not { } file)
        {
            return Task.FromResult(new Output(null, compose, warnings));
        }
        engine.WriteNewFile(file, compose);
        return Task.FromResult(new Output(file, null, warnings));
    }
}
