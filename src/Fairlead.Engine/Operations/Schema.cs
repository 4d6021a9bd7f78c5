using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Manifests;

namespace Fairlead.Engine.Operations;

/// <summary>The JSON Schema of <c>fairlead.yaml</c>, for editors.</summary>
public static class Schema
{
    public sealed record Input;

    public static Operation Operation { get; } =
        new Operation<Input, JsonObject>("schema", "Print the JSON Schema of fairlead.yaml.", Effect.Reads, RunAsync)
        {
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<JsonObject> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        Task.FromResult(ManifestSchema.Generate());
}
