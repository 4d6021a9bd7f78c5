using System.ComponentModel;
using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Scanning;

namespace Fairlead.Engine.Operations;

/// <summary>Writes what the programs of a folder are made of.</summary>
public static class ShowSbom
{
    public sealed record Input
    {
        [Description("Folder whose lock files are read.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Name of the program; the folder's name when left out.")]
        public string? Name { get; init; }

        [Description("Version of the program.")]
        public string Version { get; init; } = "0";

        [Description("Write it to this new file instead of showing it.")]
        public string? To { get; init; }
    }

    /// <param name="Sbom">CycloneDX 1.6; null when it was written to a file.</param>
    /// <param name="Unread">What could not be read: these packages are missing.</param>
    public sealed record Output(int Components, IReadOnlyList<string> Unread, string? File, JsonObject? Sbom);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "sbom",
            "Write what a folder's programs are made of, as CycloneDX 1.6.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead sbom api --version 1.4.0 --to api.cdx.json"],
            Runs = Runs.Here,
            Needs = Need.Anybody,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var tree = engine.OpenFolder(input.Folder);
        var inventory = new FolderScan(engine.Scanning.Ports, engine.World).Inventory(tree, development: true, stop);
        var name = input.Name ?? tree.Root.TrimEnd('/').Split('/')[^1];
        var sbom = Sbom.CycloneDx(name, input.Version, inventory, engine.World.Now);
        var count = sbom["components"]!.AsArray().Count;
        if (input.To is not { } file)
        {
            return Task.FromResult(new Output(count, inventory.Unread, null, sbom));
        }
        engine.WriteNewFile(file, sbom.ToJsonString(new(Schemas.Json) { WriteIndented = true }) + "\n");
        return Task.FromResult(new Output(count, inventory.Unread, file, null));
    }
}
