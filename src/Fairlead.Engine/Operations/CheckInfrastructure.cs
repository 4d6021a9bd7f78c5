using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Infrastructure;
using Fairlead.Engine.Infrastructure.Planning;
using Fairlead.Engine.Infrastructure.Policies;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Judges a plan of Terraform by policies, and says what it costs; needs no server, no cloud and no Terraform.</summary>
public static class CheckInfrastructure
{
    private const int CodeFilesMax = 1_000;
    private const int CodeLettersMax = 32 * 1024 * 1024;
    private const int FoldersDeepMax = 8;

    public sealed record Input
    {
        [Description("What 'terraform show -json' said of a plan, as a file of the folder.")]
        [Positional]
        public required string Plan { get; init; }

        [Description("Folder with the plan, the code and the fairlead.yaml, if there is one.")]
        [Folder]
        public required string Folder { get; init; }

        [Description(
            "Where in the folder Terraform was run, so that lines of the code are shown; beside the plan when left out."
        )]
        public string? Code { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }

        [Description("From which severity on it fails; as the manifest says, else high.")]
        public PolicySeverity? Fail { get; init; }

        [Description("A file for CI systems as well: .xml in JUnit's form, .sarif in SARIF.")]
        public string? Report { get; init; }
    }

    /// <param name="Verdict">passed or failed.</param>
    /// <param name="Allowed">What was found and is accepted for now, with the reason.</param>
    /// <param name="Problems">Why it failed; empty when it passed.</param>
    public sealed record Output(
        string Verdict,
        int Changes,
        IReadOnlyList<CheckFinding> Findings,
        IReadOnlyList<string> Allowed,
        CostView Cost,
        IReadOnlyList<Problem> Problems
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "infra.check",
            "Judge a plan of Terraform by policies, and say what it costs.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead infra check plan.json",
                "fairlead infra check infra/plan.json --environment production --report policies.sarif",
            ],
            FailsByProblems = true,
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var tree = engine.OpenFolder(input.Folder);
        var (needs, isProtected) = Needs(tree, input.Environment);
        var bytes =
            tree.ReadBytes(input.Plan)
            ?? throw InfrastructureProblems.Wrong(
                "infra.no-plan-file",
                $"There is no plan '{input.Plan}'.",
                $"{tree.Root} has no such file of at most 32 MiB.",
                "Make it: terraform plan -out plan.bin && terraform show -json plan.bin > plan.json"
            );
        var root = Root(input);
        var plan = TerraformPlanReader.Read(bytes, input.Plan);
        var (verdict, cost) = InfrastructureReview
            .Of(tree, needs, engine.World)
            .Judge(
                plan,
                new PolicySettings { IsProtected = isProtected },
                new CodeAtHand(root, Code(tree, root)),
                input.Fail
            );
        if (input.Report is { } report)
        {
            engine
                .OpenChecks(input.Folder)
                .Files.Write(
                    report,
                    CheckReport.Of(
                        report,
                        "infra",
                        verdict.Findings,
                        one => verdict.Stopping.Any(stopping => stopping.Severity == one)
                    )
                );
        }
        return Task.FromResult(
            new Output(
                verdict.Stopping.Count == 0 ? "passed" : "failed",
                plan.Changes.Count,
                verdict.Findings,
                verdict.Allowed,
                CostView.Of(cost),
                verdict.Stopping.Count == 0 ? [] : [Failed(input.Plan, verdict)]
            )
        );
    }

    // Foreign code has no manifest: then nothing is asked but what is asked of all.
    private static (InfrastructureEntry? Needs, bool IsProtected) Needs(IFileTree tree, string? environment)
    {
        if (!tree.FileExists("fairlead.yaml"))
        {
            return (null, environment == "production");
        }
        var abilities = new TargetAbilities(FixedPortsOverlap: false, ServesStaticFiles: true);
        var app = Candidates.Loader(kind => Candidates.AbilitiesOf(kind, abilities)).Load(tree, environment);
        return (app.Infrastructure, app.Infrastructure?.Protected ?? app.Site.Environment == "production");
    }

    private static string Root(Input input)
    {
        var plan = input.Plan.StartsWith("./", StringComparison.Ordinal) ? input.Plan[2..] : input.Plan;
        var root = (input.Code ?? (plan.LastIndexOf('/') is var slash and > 0 ? plan[..slash] : "")).Trim('/');
        return root is "." ? "" : root;
    }

    private static Dictionary<string, string> Code(IFileTree tree, string root)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var letters = 0;
        Read("", 0);
        return files;

        void Read(string folder, int depth)
        {
            foreach (var name in tree.List(Join(root, folder)))
            {
                if (files.Count >= CodeFilesMax || letters > CodeLettersMax)
                {
                    return;
                }
                if (name.EndsWith('/') && depth < FoldersDeepMax && name[0] is not '.' && name is not "node_modules/")
                {
                    Read(Join(folder, name.TrimEnd('/')), depth + 1);
                }
                else if (
                    name.EndsWith(".tf", StringComparison.Ordinal)
                    && tree.ReadText(Join(root, Join(folder, name))) is { } text
                )
                {
                    files[Join(folder, name)] = text;
                    letters += text.Length;
                }
            }
        }
    }

    private static string Join(string folder, string name) =>
        folder.Length == 0 ? name
        : name.Length == 0 ? folder
        : $"{folder}/{name}";

    private static Problem Failed(string plan, PolicyVerdict verdict)
    {
        var first = verdict.Stopping[0];
        return new(
            "check.failed",
            What: $"{plan} may not be applied: {verdict.Stopping.Count.ToString(CultureInfo.InvariantCulture)} {(verdict.Stopping.Count == 1 ? "finding" : "findings")}.",
            Why: $"{first.Where}: {first.What} {first.Why}",
            Fix: first.Fix
        )
        {
            Where = first.File,
            Evidence =
            [
                .. verdict
                    .Stopping.Skip(1)
                    .Take(20)
                    .Select(static one => $"{one.File ?? ""} {one.Where}: {one.What}".TrimStart()),
            ],
        };
    }
}
