using System.ComponentModel;
using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Scanning;

namespace Fairlead.Engine.Operations;

/// <summary>Shows what a release is made of, as it was written down when it was built.</summary>
public static class ShowReleaseSbom
{
    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Release number; the live one when left out.")]
        public int? Release { get; init; }
    }

    public sealed record Output(string Release, IReadOnlyList<ServiceSbom> Services);

    /// <param name="Sbom">CycloneDX 1.6; null when it was built before that was written down.</param>
    public sealed record ServiceSbom(string Service, string Artifact, JsonNode? Sbom);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "sbom.release",
            "Show what a release is made of, as CycloneDX 1.6, one for each service.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead sbom release shop > shop.cdx.json", "fairlead sbom release shop --release 41"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var release = await LiveReleases.OfAsync(engine, input.App, input.Environment, input.Release, stop);
        var services = new List<ServiceSbom>();
        foreach (var service in release.Services)
        {
            var text = await engine.Scanning.Papers.ReadAsync(service.Artifact, BuildPapers.SbomPaper, stop);
            services.Add(new(service.Service.Name, service.Artifact, text is null ? null : JsonNode.Parse(text)));
        }
        return new(release.ToString(), services);
    }
}
