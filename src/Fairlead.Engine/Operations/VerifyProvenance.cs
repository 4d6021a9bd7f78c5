using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Proves that a release's artifacts are what was built.</summary>
public static class VerifyProvenance
{
    private const int AddedMax = 200;

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

    /// <param name="Added">What lies in the artifacts and was not built: programs write into their own folders, and so may others.</param>
    /// <param name="Key">The public key, in PEM, with which others can verify it too.</param>
    public sealed record Output(
        string Release,
        IReadOnlyList<string> Proven,
        IReadOnlyList<string> Added,
        string KeyId,
        string Key
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "provenance.verify",
            "Prove that a release's artifacts are what this Fairlead built, byte for byte.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead provenance verify shop", "fairlead provenance verify shop --release 41"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var release = await LiveReleases.OfAsync(engine, input.App, input.Environment, input.Release, stop);
        var (proven, added, problems) = (new List<string>(), new List<string>(), new List<Problem>());
        foreach (var service in release.Services)
        {
            var proof = await ProvenTarget.ProveAsync(
                engine.Scanning.Papers,
                engine.Scanning.Signer,
                service.Artifact,
                stop
            );
            if (proof.Problem is { } problem)
            {
                problems.Add(problem with { What = $"{service.Part}: {problem.What}" });
            }
            else
            {
                proven.Add($"{service.Part} is artifact {service.Artifact[..16]}, as it was built.");
                added.AddRange(proof.Added.Select(one => $"{service.Part}: {one}"));
            }
        }
        return problems.Count == 0
            ? new(
                release.ToString(),
                proven,
                [.. added.Take(AddedMax)],
                engine.Scanning.Signer.KeyId,
                engine.Scanning.Signer.PublicPem
            )
            : throw new ProblemException(problems);
    }
}
