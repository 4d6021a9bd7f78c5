using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>One job of a file of Azure, and what its stage says of it.</summary>
/// <param name="Said">Its name there.</param>
/// <param name="Needs">Our names of the jobs that must have ended before.</param>
/// <param name="Names">Our names of the jobs that its condition may ask for, by those that are said there.</param>
internal sealed record AzureJob(
    Node.Mapping Node,
    Node.Mapping Stage,
    string Said,
    string Name,
    IReadOnlyList<string> Needs,
    IReadOnlyDictionary<string, string> Names
)
{
    /// <summary>Whether its stage's condition is asked for it: those before it in the stage stand for it else.</summary>
    public required bool IsFirst { get; init; }

    /// <summary>Whether somebody must approve before it begins.</summary>
    public bool IsManual { get; init; }

    /// <summary>A deployment's steps lie under its strategy.</summary>
    public bool IsDeployment => Node.Find("deployment") is not null;
}

/// <summary>
/// The jobs of all stages in a row. A stage waits for the one before it unless it says for which; a job of a stage for none of
/// the same stage unless it says so.
/// </summary>
internal sealed class AzureOrder
{
    private readonly TranslationNotes notes;
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> ofStages = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> all = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<AzureJob> jobs = [];

    public AzureOrder(Node.Mapping root, TranslationNotes notes)
    {
        this.notes = notes;
        if (root.Find("stages") is not Node.Sequence stages)
        {
            Add(root, []);
            return;
        }
        IReadOnlyList<string> before = [];
        foreach (var item in stages.Items)
        {
            if (item is not Node.Mapping stage || Foreign.Text(stage.Find("stage")) is not { } name)
            {
                SayUnknown(item, "stage");
                continue;
            }
            var needs = stage.Find("dependsOn") is { } after ? After(after) : before;
            notes.Mapped(
                stage,
                $"The stage '{Shown.Line(name)}'",
                needs.Count == 0 ? "Its jobs wait for no other stage." : "Its jobs need those of the stages before it."
            );
            before = Add(stage, needs);
            ofStages[name] = before;
        }
    }

    public IReadOnlyList<AzureJob> Jobs => jobs;

    private List<string> After(Node node)
    {
        List<string> needs = [];
        foreach (var stage in Foreign.Texts(node))
        {
            if (ofStages.TryGetValue(stage, out var names))
            {
                needs.AddRange(names);
            }
            else
            {
                notes.LeftOut(node, $"It needs the stage {Shown.Quoted(stage)}.", "There is no such stage before it.");
            }
        }
        return needs;
    }

    /// <summary>Adds the jobs of a stage, and gives the names of those that stand for it.</summary>
    private List<string> Add(Node.Mapping stage, IReadOnlyList<string> before)
    {
        List<Node.Mapping> nodes =
            stage.Find("jobs") is Node.Sequence list ? Known(list)
            : stage.Find("steps") is Node.Sequence ? [stage]
            : [];
        var approvals = nodes.Where(IsApproval).ToHashSet<Node>(ReferenceEqualityComparer.Instance);
        var asked = approvals
            .OfType<Node.Mapping>()
            .GroupBy(Said, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(static one => one.Key, static one => one.First(), StringComparer.OrdinalIgnoreCase);
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        List<(Node.Mapping Node, string Name)> own = [];
        foreach (var node in nodes.Where(one => !approvals.Contains(one)))
        {
            var name = Foreign.Free(Foreign.Named(Said(node)), taken);
            own.Add((node, name));
            _ = names.TryAdd(Said(node), name);
            all[Said(node)] = name;
        }
        foreach (var (node, name) in own)
        {
            var (needs, isManual) = Needs(node, asked, names);
            var isFirst = needs.Count == 0;
            jobs.Add(
                new(node, stage, Said(node), name, isFirst ? before : needs, Askable(names))
                {
                    IsFirst = isFirst,
                    IsManual = isManual,
                }
            );
        }
        return [.. own.Select(static one => one.Name)];
    }

    private Dictionary<string, string> Askable(Dictionary<string, string> names)
    {
        var askable = new Dictionary<string, string>(all, StringComparer.OrdinalIgnoreCase);
        foreach (var (said, name) in names)
        {
            askable[said] = name;
        }
        return askable;
    }

    /// <summary>What a job waits for; what an approval waits for, waits whoever waits for it.</summary>
    private (List<string> Needs, bool IsManual) Needs(
        Node.Mapping job,
        Dictionary<string, Node.Mapping> asked,
        Dictionary<string, string> names
    )
    {
        List<string> needs = [];
        var isManual = false;
        var waiting = new Queue<Node.Mapping>([job]);
        var seen = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        while (waiting.TryDequeue(out var node))
        {
            // A stage that is a job itself waits for other stages with this.
            if (!seen.Add(node) || node.Find("dependsOn") is not { } after || node.Find("stage") is not null)
            {
                continue;
            }
            foreach (var said in Foreign.Texts(after))
            {
                if (asked.TryGetValue(said, out var approval))
                {
                    isManual = true;
                    notes.Mapped(approval, $"The approval '{Shown.Line(said)}'", "manual: true at what waits for it");
                    waiting.Enqueue(approval);
                }
                else if (!names.TryGetValue(said, out var name))
                {
                    notes.LeftOut(after, $"It needs {Shown.Quoted(said)}.", "There is no such job in its stage.");
                }
                else if (!needs.Contains(name))
                {
                    needs.Add(name);
                }
            }
        }
        return (needs, isManual);
    }

    private List<Node.Mapping> Known(Node.Sequence list)
    {
        List<Node.Mapping> known = [];
        foreach (var item in list.Items)
        {
            if (item is Node.Mapping job && (job.Find("job") ?? job.Find("deployment")) is not null)
            {
                known.Add(job);
            }
            else
            {
                SayUnknown(item, "job");
            }
        }
        return known;
    }

    private void SayUnknown(Node item, string what)
    {
        if (Foreign.Find(item, "template") is null)
        {
            notes.LeftOut(
                item,
                $"A {what}",
                "It stands under a condition that is worked out before a run begins, or has no name: it did not come along."
            );
        }
    }

    private static string Said(Node.Mapping node) =>
        Foreign.Text(node.Find("job"))
        ?? Foreign.Text(node.Find("deployment"))
        ?? Foreign.Text(node.Find("stage"))
        ?? "job";

    /// <summary>A job without a machine in which somebody is asked, and nothing else.</summary>
    private static bool IsApproval(Node.Mapping node) =>
        Foreign.Text(node.Find("pool")) == "server"
        && Foreign.Items(node.Find("steps")).ToList() is [var only]
        && (Foreign.Text(Foreign.Find(only, "task")) ?? "").StartsWith(
            "ManualValidation@",
            StringComparison.OrdinalIgnoreCase
        );
}
