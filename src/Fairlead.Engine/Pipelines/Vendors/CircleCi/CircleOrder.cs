using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>Reads workflows: which jobs are done with which values, after which others, and when.</summary>
internal sealed class CircleOrder(CircleWhole whole, TranslationNotes notes)
{
    private const int JobsMax = 10_000;

    private readonly List<Job> jobs = [];
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly List<string> times = [];
    private List<string>? push;
    private readonly List<string> tags = [];
    private bool isManual;

    public IReadOnlyList<Job> Jobs => jobs;

    public Triggers On =>
        new()
        {
            Push = push ?? ["**"],
            Tag = tags,
            Schedule = times,
            Manual = isManual,
        };

    /// <param name="isOnly">What begins the only workflow is what begins the pipeline.</param>
    public void Add(string name, Node workflow, bool isOnly)
    {
        var entries = Entries(workflow);
        var condition = Condition(name, workflow, isOnly);
        var hasTags = entries.Exists(static one => CircleLogic.HasTags(Foreign.Find(one.Says, "filters")));
        if (hasTags && tags.Count == 0)
        {
            tags.Add("**");
        }
        Dictionary<string, CircleEntry> known = new(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            entry.Here = entry.IsApproval ? "" : Foreign.Free(Foreign.Named(entry.Name), taken);
            _ = known.TryAdd(entry.Name, entry);
        }
        foreach (var entry in entries.Where(static one => !one.IsApproval).Take(JobsMax - jobs.Count))
        {
            var (needs, status, manual) = Needs(entry, known);
            var filter = CircleLogic.Filter(
                Foreign.Find(entry.Says, "filters"),
                whole.Outside,
                hasTags || tags.Count > 0
            );
            var read = new CircleJobImport(whole, notes).Read(entry, filter is null);
            jobs.Add(
                read with
                {
                    Name = entry.Here,
                    Needs = needs,
                    If = CircleLogic.All(condition, filter, status),
                    Manual = manual,
                    Tasks =
                    [
                        .. read.Tasks.Select(task =>
                            read.Tasks.Count == 1 && task.Name == "task-1" ? task with { Name = entry.Here } : task
                        ),
                    ],
                }
            );
        }
    }

    /// <summary>What holds for all jobs of a workflow; null for nothing.</summary>
    private string? Condition(string name, Node workflow, bool isOnly)
    {
        string? condition = null;
        if (Foreign.Find(workflow, "when") is { } when)
        {
            condition = isOnly && Begins(when) ? null : CircleLogic.Of(when, whole.Outside);
            SayWhen(when, name, condition, isOnly);
        }
        if (Foreign.Find(workflow, "unless") is { } unless)
        {
            condition = CircleLogic.Of(unless, whole.Outside) is { } said ? $"!({said})" : "false";
            SayWhen(unless, name, condition, isOnly: false);
        }
        var isTimed = false;
        foreach (var trigger in Foreign.Items(Foreign.Find(workflow, "triggers")))
        {
            if (Foreign.Text(Foreign.Find(Foreign.Find(trigger, "schedule"), "cron")) is { } cron)
            {
                isTimed = true;
                condition = CircleLogic.All(
                    condition,
                    CircleLogic.Filter(
                        Foreign.Find(Foreign.Find(trigger, "schedule"), "filters"),
                        whole.Outside,
                        hasTags: false
                    ) ?? "false"
                );
                times.Add(cron);
                notes.Mapped(trigger, "'schedule'", $"on: schedule, and only then the jobs of '{Shown.Line(name)}'");
            }
        }
        return isTimed ? CircleLogic.All("event == 'schedule'", condition)
            : times.Count > 0 ? CircleLogic.All("event != 'schedule'", condition)
            : condition;
    }

    private void SayWhen(Node at, string name, string? condition, bool isOnly)
    {
        if (condition == "false" || (condition is null && !isOnly))
        {
            notes.LeftOut(
                at,
                $"When the workflow '{Shown.Line(name)}' begins",
                "It cannot be said here: its jobs say when, under 'if'."
            );
        }
        else
        {
            notes.Mapped(
                at,
                $"When the workflow '{Shown.Line(name)}' begins",
                condition is null ? "on" : $"if: {Shown.Line(condition)}"
            );
        }
    }

    /// <summary>What begins a workflow, where it is nothing but branches, tags, a time or a person.</summary>
    private bool Begins(Node when)
    {
        var (branches, named, byHand) = (new List<string>(), new List<string>(), false);
        IEnumerable<Node> ways = when is Node.Mapping { Entries: [{ Key: "or" } either] }
            ? Foreign.Items(either.Value)
            : [when];
        foreach (var way in ways)
        {
            var said = CircleLogic.Of(way, whole.Outside);
            var glob = Foreign.Text(Foreign.Find(Foreign.Find(way, "matches"), "pattern")) is { } pattern
                ? CircleLogic.Glob(pattern)
                : null;
            var value = Foreign.Text(Foreign.Find(Foreign.Find(way, "matches"), "value")) is { } text
                ? whole.Outside.Whole(text)?.Expression
                : null;
            switch (said, value)
            {
                case ("branch != ''", _):
                    branches.Add("**");
                    break;
                case ("tag != ''", _):
                    named.Add("**");
                    break;
                case ("event == 'manual'", _):
                    byHand = true;
                    break;
                case (_, "branch") when glob is not null:
                    branches.Add(glob);
                    break;
                case (_, "tag") when glob is not null:
                    named.Add(glob);
                    break;
                case ({ } equal, null) when Equal(equal, "branch == ") is { } branch:
                    branches.Add(branch);
                    break;
                case ({ } equal, null) when Equal(equal, "tag == ") is { } tag:
                    named.Add(tag);
                    break;
                default:
                    return false;
            }
        }
        (push, isManual) = (branches, byHand);
        tags.AddRange(named);
        return true;
    }

    private static string? Equal(string said, string head) =>
        said.StartsWith(head + "'", StringComparison.Ordinal)
        && !said[(head.Length + 1)..^1].Contains('\'', StringComparison.Ordinal)
            ? said[(head.Length + 1)..^1]
            : null;

    private static List<CircleEntry> Entries(Node workflow) =>
        [
            .. Foreign
                .Items(Foreign.Find(workflow, "jobs"))
                .Select(one =>
                    one switch
                    {
                        Node.Scalar { IsNothing: false } name => new CircleEntry(one, name.Text, null),
                        Node.Mapping { Entries: [var only] } => new CircleEntry(
                            one,
                            only.Key,
                            only.Value as Node.Mapping
                        ),
                        _ => null,
                    }
                )
                .OfType<CircleEntry>(),
        ];

    private (List<string> Needs, string? Status, bool IsManual) Needs(
        CircleEntry entry,
        Dictionary<string, CircleEntry> known
    )
    {
        var (needs, statuses, manual) = (new List<string>(), new List<string?>(), false);
        Queue<CircleEntry> ahead = new([entry]);
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (ahead.TryDequeue(out var one))
        {
            foreach (var (name, status, at) in one.Requires)
            {
                if (!known.TryGetValue(name, out var other))
                {
                    notes.LeftOut(at, $"It needs '{Shown.Line(name)}'.", "There is no such job in this workflow.");
                }
                else if (!other.IsApproval)
                {
                    needs.Add(other.Here);
                    statuses.Add(status);
                }
                else if (seen.Add(name))
                {
                    manual = true;
                    notes.Mapped(at, $"It waits for the approval '{Shown.Line(name)}'.", "manual: true");
                    ahead.Enqueue(other);
                }
            }
        }
        var asked = statuses.Distinct(StringComparer.Ordinal).ToList();
        if (asked.Count > 1)
        {
            notes.Approximated(
                entry.Node,
                "It asks of each job that it needs for another end.",
                "One condition holds for all of them here."
            );
        }
        return ([.. needs.Distinct(StringComparer.Ordinal)], asked.Find(static one => one is not null), manual);
    }
}

/// <summary>A job as a workflow names it.</summary>
/// <param name="Job">What it is called under 'jobs'.</param>
/// <param name="Says">What the workflow says of it; null for nothing.</param>
internal sealed record CircleEntry(Node Node, string Job, Node.Mapping? Says)
{
    /// <summary>As others of the workflow name it.</summary>
    public string Name =>
        Foreign.Text(Foreign.Find(Says?.Find("matrix"), "alias"))
        ?? (
            Foreign.Text(Says?.Find("name")) is { } name && !name.Contains("<<", StringComparison.Ordinal) ? name : Job
        );

    /// <summary>As it is called in the pipeline.</summary>
    public string Here { get; set; } = "";

    public bool IsApproval => Foreign.Text(Says?.Find("type")) == "approval";

    /// <summary>Jobs that must have ended, and how: null for well.</summary>
    public IEnumerable<(string Name, string? Status, Node At)> Requires =>
        (
            Says?.Find("requires") is Node.Sequence list ? list.Items
            : Says?.Find("requires") is { } one ? [one]
            : []
        ).SelectMany(static item =>
            item switch
            {
                Node.Scalar name => [(name.Text, (string?)null, item)],
                Node.Mapping several => several.Entries.Select(of => (of.Key, StatusOf(Foreign.Texts(of.Value)), item)),
                _ => (IEnumerable<(string, string?, Node)>)[],
            }
        );

    private static string? StatusOf(IReadOnlyList<string> ends) =>
        ends.Contains("terminal", StringComparer.Ordinal) || ends.Contains("canceled", StringComparer.Ordinal)
            ? "always()"
        : !ends.Contains("failed", StringComparer.Ordinal) ? null
        : ends.Contains("success", StringComparer.Ordinal) ? "!cancelled()"
        : "failure()";
}
