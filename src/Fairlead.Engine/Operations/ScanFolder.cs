using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Manifests.Resolving;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Operations;

/// <summary>Looks through a folder for known weaknesses, secrets, open settings and terms.</summary>
public static class ScanFolder
{
    public sealed record Input
    {
        [Description("Folder to look through.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description(
            "What to look for: dependencies, secrets, config, licences, malware; as the manifest says, else the first three."
        )]
        public IReadOnlyList<string> Kind { get; init; } = [];

        [Description(
            "Findings as bad as this or worse make it fail: low, medium, high, critical, none; as the manifest says, else high."
        )]
        public string? Fail { get; init; }

        [Description("Look at packages that are only for developing too.")]
        public bool Development { get; init; }

        [Description("Fail also when not all is known.")]
        public bool Strict { get; init; }
    }

    /// <param name="Verdict">passed, unknown or failed.</param>
    /// <param name="Problems">What makes it fail; empty when it does not.</param>
    public sealed record Output(
        string Verdict,
        IReadOnlyList<PartView> Parts,
        IReadOnlyList<FindingView> Findings,
        IReadOnlyList<string> Waived,
        IReadOnlyList<string> Unknown,
        IReadOnlyList<Problem> Problems
    );

    /// <param name="Looked">How many files or packages were looked at.</param>
    public sealed record PartView(ScanKind Kind, Coverage Coverage, int Findings, int Looked);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "scan",
            "Look through a folder for weaknesses of packages, secrets, open settings and licences.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead scan",
                "fairlead scan api --kind secrets,config --fail critical",
                "fairlead scan --strict --json",
            ],
            FailsByProblems = true,
            Runs = Runs.Here,
            Needs = Need.Anybody,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var tree = engine.OpenFolder(input.Folder);
        if (!tree.FolderExists("."))
        {
            throw Scanning.Wrong(
                "scan.no-folder",
                $"There is no folder {tree.Root}.",
                "Nothing is there to look through.",
                "fairlead scan FOLDER"
            );
        }
        var policy = PolicyOf(input, tree);
        var result = await new FolderScan(engine.Scanning.Ports, engine.World).RunAsync(tree, policy, stop);
        var verdict = ScanGate.Judge(result, policy, engine.World.Now);
        return new(
            verdict.Status.ToString().ToLowerInvariant(),
            [
                .. result.Parts.Select(static one => new PartView(
                    one.Kind,
                    one.Coverage,
                    one.Findings.Count,
                    one.Looked
                )),
            ],
            [.. verdict.Open.Select(Scanning.View)],
            [
                .. verdict.Waived.Select(static one =>
                    $"{one.Finding.Rule} {one.Finding.Where} until {one.Waiver.Until:yyyy-MM-dd}: {one.Waiver.Reason}"
                ),
            ],
            verdict.Unknown,
            // What speaks for them stands in the findings already.
            verdict.Status == Verdict.Failed
                ? [.. ScanGate.Problems(verdict, policy, tree.Root).Select(static one => one with { Evidence = [] })]
                : []
        );
    }

    // What the manifest says holds here too, so that a scan before a deployment says what the deployment will say.
    private static ScanPolicy PolicyOf(Input input, IFileTree tree)
    {
        var policy = FromManifest(tree) ?? new ScanPolicy { Fail = Severity.High };
        return policy with
        {
            Fail = input.Fail is { } word ? Scanning.Fail(word) : policy.Fail,
            Kinds = input.Kind.Count > 0 ? Scanning.Kinds(input.Kind) : policy.Kinds,
            Development = policy.Development || input.Development,
            FailUnknown = policy.FailUnknown || input.Strict,
        };
    }

    private static ScanPolicy? FromManifest(IFileTree tree)
    {
        var findings = new Findings();
        return tree.ReadText(ManifestFile.Name) is { } text && ManifestLoader.Read(text, findings) is var (file, root)
            ? ScanChoice.Of(file.Security, root.At("security"), findings)
            : null;
    }
}
