using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Manifests;

namespace Fairlead.Engine.Operations;

/// <summary>The JSON Schema of one of Fairlead's files, for editors.</summary>
public static class Schema
{
    /// <summary>Which file it is of.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<Described>))]
    public enum Described
    {
        /// <summary><c>fairlead.yaml</c>.</summary>
        [JsonStringEnumMemberName("manifest")]
        Manifest,

        /// <summary><c>fairlead.pipeline.yaml</c>.</summary>
        [JsonStringEnumMemberName("pipeline")]
        Pipeline,

        /// <summary><c>fairlead.checks.yaml</c>.</summary>
        [JsonStringEnumMemberName("checks")]
        Checks,
    }

    public sealed record Input
    {
        [Description("Of fairlead.yaml, fairlead.pipeline.yaml or fairlead.checks.yaml.")]
        [Positional]
        public Described Of { get; init; } = Described.Manifest;
    }

    public static Operation Operation { get; } =
        new Operation<Input, JsonObject>(
            "schema",
            "Print the JSON Schema of fairlead.yaml, or of the pipeline's or the checks' file.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead schema > fairlead.schema.json", "fairlead schema pipeline"],
            IsDocument = true,
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<JsonObject> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        Task.FromResult(
            input.Of switch
            {
                Described.Pipeline => FileSchema.OfPipeline(),
                Described.Checks => FileSchema.OfChecks(),
                _ => FileSchema.OfManifest(),
            }
        );
}
