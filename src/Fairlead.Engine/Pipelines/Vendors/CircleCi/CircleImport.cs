using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>
/// Reads CircleCI's <c>.circleci/config.yml</c>, https://circleci.com/docs/reference/configuration-reference/: workflows, jobs, commands,
/// executors and their parameters. What orbs bring is not in the file, and kept for CircleCI alone.
/// </summary>
public static class CircleImport
{
    private const int NodesMax = 100_000;

    /// <param name="file">How it is called, for messages.</param>
    /// <exception cref="ProblemException">It cannot be read, or has no jobs.</exception>
    public static ImportedPipeline Run(string text, string file)
    {
        var findings = new Findings(file);
        var root = YamlReader.ReadForeign(text, findings, NodesMax) as Node.Mapping;
        findings.ThrowIfAny();
        var notes = new TranslationNotes(file);
        if (
            root?.Find("jobs") is not Node.Mapping { Entries.Count: > 0 }
            && root?.Find("workflows") is not Node.Mapping
        )
        {
            throw new ProblemException(NoJobs(file));
        }
        var whole = new CircleWhole(root, Defaults(root.Find("parameters")));
        SayOthers(root, notes);
        var workflows = Workflows(root);
        var order = new CircleOrder(whole, notes);
        foreach (var (name, node) in workflows)
        {
            order.Add(name, node, isOnly: workflows.Count == 1);
        }
        return order.Jobs.Count == 0
            ? throw new ProblemException(NoJobs(file))
            : new(
                new()
                {
                    Name = workflows.Count == 1 ? Foreign.Named(workflows[0].Name) : "ci",
                    On = order.On,
                    Jobs = order.Jobs,
                },
                notes.All
            );
    }

    /// <summary>What parameters are when nobody says them.</summary>
    internal static Dictionary<string, CircleValue> Defaults(Node? node)
    {
        var none = new CircleScope(new Dictionary<string, CircleValue>(), new Dictionary<string, CircleValue>());
        return Foreign
            .Entries(node)
            .Where(static one => Foreign.Find(one.Value, "default") is not null)
            .ToDictionary(
                static one => one.Key,
                one => none.Of(Foreign.Find(one.Value, "default")!),
                StringComparer.Ordinal
            );
    }

    /// <summary>Without one, the job 'build' is all that is done.</summary>
    private static List<(string Name, Node Node)> Workflows(Node.Mapping root)
    {
        List<(string, Node)> all =
        [
            .. Foreign
                .Entries(root.Find("workflows"))
                .Where(static one => one.Key != "version" && one.Value is Node.Mapping)
                .Select(static one => (one.Key, one.Value)),
        ];
        if (all.Count == 0 && Foreign.Find(root.Find("jobs"), "build") is { } build)
        {
            var only = new Node.Sequence(build.Spot, "", [new Node.Scalar(build.Spot, "", "build", IsPlain: true)]);
            all.Add(("ci", new Node.Mapping(build.Spot, "", [new(build.Spot, "jobs", only)])));
        }
        return all;
    }

    private static void SayOthers(Node.Mapping root, TranslationNotes notes)
    {
        foreach (var entry in root.Entries)
        {
            switch (entry.Key)
            {
                case "version" or "jobs" or "workflows" or "commands" or "executors":
                    break;
                case "orbs":
                    notes.LeftOut(
                        entry.Value,
                        "'orbs'",
                        "What they bring is not in this file: see the steps that use them."
                    );
                    break;
                case "parameters":
                    notes.Approximated(
                        entry.Value,
                        "'parameters'",
                        "Nobody is asked here: each is what its default says."
                    );
                    break;
                case "setup":
                    notes.LeftOut(
                        entry.Value,
                        "'setup'",
                        "The file that such a run makes is not known: import that one."
                    );
                    break;
                default:
                    if (!entry.Key.StartsWith("x-", StringComparison.Ordinal) && entry.Value is not Node.Mapping)
                    {
                        notes.LeftOut(entry.Value, $"'{Shown.Line(entry.Key)}'", "There is no counterpart.");
                    }
                    break;
            }
        }
    }

    private static Problem NoJobs(string file) =>
        new(
            "pipeline.no-workflow",
            $"{file} has no jobs of CircleCI.",
            "They stand under 'jobs', and a workflow says their order.",
            "Name a .circleci/config.yml, or say what it is: --system circleci"
        )
        {
            Where = file,
            Trouble = Trouble.WrongUse,
        };
}

/// <summary>A whole file: jobs, commands and executors by their names.</summary>
/// <param name="Parameters">Of the whole file, as their defaults say.</param>
internal sealed record CircleWhole(Node.Mapping Root, IReadOnlyDictionary<string, CircleValue> Parameters)
{
    public CircleScope Outside { get; } = new(Parameters, new Dictionary<string, CircleValue>());

    public Node.Mapping? Job(string name) => Foreign.Find(Root.Find("jobs"), name) as Node.Mapping;

    public Node.Mapping? Command(string name) => Foreign.Find(Root.Find("commands"), name) as Node.Mapping;

    public Node.Mapping? Executor(string name) => Foreign.Find(Root.Find("executors"), name) as Node.Mapping;
}
