using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Checking.Bundles;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Measures what a build made, by budgets and by what it was before.</summary>
public static class CheckBundle
{
    private const string Check = "bundle";
    private static readonly string[] Customary = ["dist", "build", "out", "public", "_site", ".output/public"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public sealed record Input
    {
        [Description("The folder that the build made; as fairlead.checks.yaml says, else dist, build, out or public.")]
        [Positional]
        public string? Made { get; init; }

        [Description("Folder with the fairlead.checks.yaml.")]
        [Folder]
        public required string Folder { get; init; }

        [Description(
            "The most that all scripts and styles may be together, packed by gzip, such as 170kB; instead of the file's budgets."
        )]
        public string? Max { get; init; }

        [Description("Sizes of before: a file that --write made, or one of a commit, such as main:bundle-sizes.json.")]
        public string? Base { get; init; }

        [Description("Keep the sizes in this file, for --base.")]
        public string? Write { get; init; }

        [Description("A file for CI systems as well: .xml in JUnit's form, .sarif in SARIF.")]
        public string? Report { get; init; }
    }

    public sealed record Output(
        string Verdict,
        string Folder,
        IReadOnlyList<BudgetView> Budgets,
        IReadOnlyList<CheckFinding> Findings,
        IReadOnlyList<string> Notes,
        IReadOnlyList<Problem> Problems
    );

    /// <param name="Before">In the base; null where there is none.</param>
    public sealed record BudgetView(string Budget, Packing As, int Files, string Size, string? Max, string? Before);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "check.bundle",
            "Measure what a build made, by budgets and by what it was before.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead check bundle dist --max 170kB",
                "fairlead check bundle --write bundle-sizes.json",
                "fairlead check bundle --base main:bundle-sizes.json",
            ],
            FailsByProblems = true,
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var tree = engine.OpenFolder(input.Folder);
        var settings = ChecksReader.Read(tree).Bundle ?? new();
        var ports = engine.OpenChecks(input.Folder);
        var made = input.Made ?? settings.Folder ?? Array.Find(Customary, tree.FolderExists) ?? Customary[0];
        // A rollout's gate names the release's files, which lie elsewhere. Only who calls may do so, not a file of the folder.
        var bundle =
            input.Made is { } named && Path.IsPathRooted(named)
                ? BundleFiles.Of(engine.OpenFolder(named), ".")
                : BundleFiles.Of(tree, made);
        var uses = BudgetsOf(input, settings).Select(one => BundleJudge.Use(bundle, one)).ToList();
        var notes = new List<string>();
        var before = await BeforeAsync(tree, ports, input.Base ?? settings.Base, notes, stop);
        List<CheckFinding> findings =
        [
            .. uses.SelectMany(one => BundleJudge.Judge(one, before.TryGetValue(one.Name, out var was) ? was : null)),
        ];
        if (input.Write is { } file)
        {
            var sizes = new JsonObject(
                uses.DistinctBy(static one => one.Name)
                    .Select(static one => KeyValuePair.Create(one.Name, (JsonNode?)one.Bytes))
            );
            ports.Files.Write(file, System.Text.Encoding.UTF8.GetBytes(sizes.ToJsonString(Indented) + "\n"));
        }
        if (input.Report is { } report)
        {
            ports.Files.Write(report, CheckReport.Of(report, Check, findings, static _ => true));
        }
        return new(
            findings.Count == 0 ? "passed" : "failed",
            made,
            [.. uses.Select(one => View(one, before))],
            findings,
            notes,
            findings.Count == 0 ? [] : [Failed(made, findings)]
        );
    }

    private static IReadOnlyList<BundleBudgetEntry> BudgetsOf(Input input, BundleEntry settings) =>
        input.Max is { } most
            ?
            [
                BundleJudge.Usual[0] with
                {
                    As = Packing.Gzip,
                    Max =
                        ByteSize.TryParse(most)
                        ?? throw CheckOpenApi.Wrong(
                            "check.size",
                            $"'{most}' is no size.",
                            "It takes a number with its unit.",
                            "Write for example: --max 170kB"
                        ),
                },
            ]
        : settings.Budgets is { Count: > 0 } said ? said
        : BundleJudge.Usual;

    private static async Task<IReadOnlyDictionary<string, long>> BeforeAsync(
        IFileTree tree,
        CheckPorts ports,
        string? said,
        List<string> notes,
        CancellationToken stop
    )
    {
        if (said is null)
        {
            return new Dictionary<string, long>();
        }
        var colon = said.IndexOf(':', StringComparison.Ordinal);
        var bytes =
            tree.FileExists(said) || colon < 1
                ? tree.ReadBytes(said)
                : await ports.Revisions.ReadAsync(said[..colon], said[(colon + 1)..], stop);
        if (bytes is null)
        {
            notes.Add(
                $"There is no {said}: growth is not measured. Make it: fairlead check bundle --write {said[(colon + 1)..]}"
            );
            return new Dictionary<string, long>();
        }
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, long>>(bytes) ?? [];
        }
        catch (JsonException caught)
        {
            throw CheckOpenApi.Wrong(
                "check.sizes",
                $"{said} has no sizes.",
                caught.Message,
                $"Make it anew: fairlead check bundle --write {said[(colon + 1)..]}"
            );
        }
    }

    private static BudgetView View(BudgetUse use, IReadOnlyDictionary<string, long> before) =>
        new(
            use.Name,
            use.Budget.As ?? Packing.Gzip,
            use.Files.Count,
            BundleJudge.Text(use.Bytes),
            use.Budget.Max is { } most
                ? (use.Budget.Each is true ? $"each {BundleJudge.Text(most.Bytes)}" : BundleJudge.Text(most.Bytes))
                : null,
            before.TryGetValue(use.Name, out var was) ? BundleJudge.Text(was) : null
        );

    private static Problem Failed(string made, List<CheckFinding> findings) =>
        new(
            "check.failed",
            What: $"{made} is too large: {findings.Count.ToString(CultureInfo.InvariantCulture)} {(findings.Count == 1 ? "finding" : "findings")}.",
            Why: $"{findings[0].Where}: {findings[0].What} {findings[0].Why}",
            Fix: findings[0].Fix
        )
        {
            Evidence = [.. findings.Skip(1).Take(20).Select(static one => $"{one.Where}: {one.What}")],
        };
}
