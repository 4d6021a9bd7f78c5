using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Vendors.GitLab;

/// <summary>Reads GitLab's <c>.gitlab-ci.yml</c> as a pipeline: jobs with what they extend and what holds for all of them.</summary>
public static class GitLabImport
{
    private const int NodesMax = 100_000;

    private static readonly string[] Globals =
    [
        "stages",
        "variables",
        "default",
        "workflow",
        "include",
        "image",
        "services",
        "cache",
        "before_script",
        "after_script",
        "spec",
        "types",
    ];

    /// <param name="file">How it is called, for messages.</param>
    /// <exception cref="ProblemException">It cannot be read, or has no jobs.</exception>
    public static ImportedPipeline Run(string text, string file) => Run(text, file, static _ => null);

    /// <param name="file">How it is called, for messages.</param>
    /// <param name="other">Another file of the repository, by its path with / before it; null when it is not there.</param>
    /// <exception cref="ProblemException">It or a file that it includes cannot be read, or there are no jobs.</exception>
    public static ImportedPipeline Run(string text, string file, Func<string, string?> other)
    {
        var findings = new Findings(file);
        var root = YamlReader.ReadForeign(text, findings, NodesMax) as Node.Mapping;
        findings.ThrowIfAny();
        var notes = new TranslationNotes(file);
        root = root is null ? null : new GitLabIncludes(other, findings, notes).Whole(root);
        var jobs = root is null ? [] : Jobs(root, notes);
        if (root is null || jobs.Count == 0)
        {
            throw new ProblemException(NoJobs(file));
        }
        var variables = Variables(root.Find("variables"), notes);
        var whole = new GitLabWhole(
            root,
            Stages(root),
            variables,
            HasWorkflow: root.Find("workflow") is Node.Mapping flow && flow.Find("rules") is not null
        );
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, _) in jobs)
        {
            names[name] = Foreign.Free(Foreign.Named(name), taken);
        }
        var order = new GitLabOrder(jobs, whole.Stages, names);
        var on = new GitLabTriggers(whole, notes).Read(root.Find("workflow"), jobs);
        return new(
            new()
            {
                Name = Foreign.Named(Foreign.Text(Foreign.Find(root.Find("workflow"), "name")) ?? "ci"),
                On = on,
                Env = variables,
                Jobs =
                [
                    .. jobs.Select(job =>
                        new GitLabJobImport(whole, order, on, notes).Read(job.Name, job.Node, names[job.Name])
                    ),
                ],
            },
            notes.All
        );
    }

    /// <summary>With what they extend; those with a point before their name are only there to be extended.</summary>
    private static List<(string Name, Node.Mapping Node)> Jobs(Node.Mapping root, TranslationNotes notes)
    {
        var extending = new GitLabExtending(root, notes);
        List<(string, Node.Mapping)> jobs = [];
        foreach (var entry in root.Entries)
        {
            if (
                !entry.Key.StartsWith('.')
                && !Globals.Contains(entry.Key, StringComparer.Ordinal)
                && entry.Value is Node.Mapping
            )
            {
                jobs.Add((entry.Key, extending.Whole(entry.Key)));
            }
        }
        return jobs;
    }

    private static List<string> Stages(Node.Mapping root)
    {
        var said = Foreign.Texts(root.Find("stages"));
        List<string> stages = said.Count > 0 ? [.. said] : ["build", "test", "deploy"];
        return [".pre", .. stages, ".post"];
    }

    /// <summary>Variables with their values; into those that name others of the same group or of the file, these are filled.</summary>
    internal static Dictionary<string, string> Variables(
        Node? node,
        TranslationNotes notes,
        IReadOnlyDictionary<string, string>? outer = null,
        IReadOnlyDictionary<string, string>? told = null
    )
    {
        outer ??= new Dictionary<string, string>();
        told ??= new Dictionary<string, string>();
        // Once without what is worked out here, so that nothing else in a value becomes an expression.
        var plain = With(outer, told.Select(static one => KeyValuePair.Create(one.Key, "")));
        var whole = With(outer, told);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Foreign.Entries(node))
        {
            if ((entry.Value as Node.Scalar)?.Text is { } text)
            {
                texts[entry.Key] = text;
            }
            else if (Foreign.Text(Foreign.Find(entry.Value, "value")) is { } value)
            {
                texts[entry.Key] = value;
            }
        }
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Foreign.Entries(node))
        {
            if (
                !texts.TryGetValue(entry.Key, out var text)
                || !Foreign.IsVariable(entry.Key)
                || GitLabVariables.Filled(text, texts, plain) is not { } bare
                || TextTemplate.IsIn(bare)
                || GitLabVariables.Filled(text, texts, whole) is not { } filled
            )
            {
                notes.LeftOut(
                    entry.Value,
                    $"The variable '{Shown.Line(entry.Key)}'",
                    "It has no value, or GitLab fills into it what only GitLab knows: write what it is."
                );
                continue;
            }
            variables[entry.Key] = filled;
        }
        return variables;
    }

    private static Dictionary<string, string> With(
        IReadOnlyDictionary<string, string> all,
        IEnumerable<KeyValuePair<string, string>> others
    )
    {
        var with = new Dictionary<string, string>(all, StringComparer.Ordinal);
        foreach (var (name, value) in others)
        {
            with[name] = value;
        }
        return with;
    }

    private static Problem NoJobs(string file) =>
        new(
            "pipeline.no-workflow",
            $"{file} has no jobs of GitLab.",
            "A job is a key with a group that has a script.",
            "Name a .gitlab-ci.yml, or say what it is: --system github"
        )
        {
            Where = file,
            Trouble = Trouble.WrongUse,
        };
}

/// <summary>What a whole file says of each of its jobs.</summary>
internal sealed record GitLabWhole(
    Node.Mapping Root,
    IReadOnlyList<string> Stages,
    IReadOnlyDictionary<string, string> Variables,
    bool HasWorkflow
)
{
    /// <summary>What a job says, else what holds for all of them.</summary>
    public Node? Of(Node job, string key) =>
        Foreign.Find(job, key) ?? Foreign.Find(Root.Find("default"), key) ?? (IsGlobal(key) ? Root.Find(key) : null);

    private static bool IsGlobal(string key) =>
        key is "image" or "services" or "cache" or "before_script" or "after_script";
}

/// <summary>Lays what jobs extend below them, and finds what <c>!reference</c> stands for.</summary>
internal sealed class GitLabExtending(Node.Mapping root, TranslationNotes notes)
{
    private const int DepthMax = 11;
    private const int NodesMax = 200_000;

    private readonly Dictionary<string, Node.Mapping> done = new(StringComparer.Ordinal);
    private int nodes;

    public Node.Mapping Whole(string name) => Whole(name, []);

    private Node.Mapping Whole(string name, List<string> path)
    {
        if (done.TryGetValue(name, out var found))
        {
            return found;
        }
        var own = (Node.Mapping)root.Find(name)!;
        Node.Mapping whole = new(own.Spot, own.Path, []);
        foreach (var other in Foreign.Texts(own.Find("extends")))
        {
            if (
                path.Count >= DepthMax
                || path.Contains(other, StringComparer.Ordinal)
                || other == name
                || root.Find(other) is not Node.Mapping
            )
            {
                notes.LeftOut(
                    own.Find("extends")!,
                    $"'{Shown.Line(name)}' extends '{Shown.Line(other)}'.",
                    "It is not in this file, or extends itself."
                );
                continue;
            }
            whole = Laid(whole, Whole(other, [.. path, name]), depth: 0);
        }
        whole = Laid(whole, own, depth: 0);
        return done[name] = whole with
        {
            Entries = [.. whole.Entries.Where(static one => one.Key != "extends").Select(Referred)],
        };
    }

    /// <summary>What one file says over what another does, in the same way; no file is deep or large enough to need limits.</summary>
    public static Node.Mapping Joined(Node.Mapping below, Node.Mapping above) =>
        new GitLabExtending(above, new()).Laid(below, above, depth: 0);

    /// <summary>One group over another: groups are joined, all else is replaced.</summary>
    private Node.Mapping Laid(Node.Mapping below, Node.Mapping above, int depth)
    {
        var entries = new OrderedDictionary<string, Node.Entry>(StringComparer.Ordinal);
        foreach (var entry in below.Entries)
        {
            entries[entry.Key] = entry;
        }
        foreach (var entry in above.Entries)
        {
            nodes++;
            entries[entry.Key] =
                depth < DepthMax
                && nodes < NodesMax
                && entry.Value is Node.Mapping over
                && entries.TryGetValue(entry.Key, out var under)
                && under.Value is Node.Mapping group
                    ? entry with
                    {
                        Value = Laid(group, over, depth + 1),
                    }
                    : entry;
        }
        return above with { Entries = [.. entries.Values] };
    }

    private Node.Entry Referred(Node.Entry entry) =>
        entry.Value switch
        {
            Node.Sequence list => entry with
            {
                Value = list with { Items = [.. list.Items.SelectMany(item => Items(item, 0))] },
            },
            Node.Mapping { Entries: [{ Key: "!reference" }] } one => entry with { Value = Found(one) ?? one },
            _ => entry,
        };

    private IEnumerable<Node> Items(Node item, int depth)
    {
        if (item is not Node.Mapping { Entries: [{ Key: "!reference" }] } one)
        {
            return [item];
        }
        return depth > DepthMax || Found(one) is not { } found ? [item]
            : found is Node.Sequence list ? list.Items.SelectMany(inner => Items(inner, depth + 1)).Take(10_000)
            : [found];
    }

    private Node? Found(Node.Mapping reference)
    {
        Node? node = root;
        foreach (var step in Foreign.Texts(reference.Entries[0].Value))
        {
            node = Foreign.Find(node, step);
        }
        if (node is null or Node.Mapping { Entries: [{ Key: "!reference" }] })
        {
            notes.LeftOut(reference, "'!reference'", "What it names is not in this file.");
            return null;
        }
        return node;
    }
}

/// <summary>Which jobs each needs: those it names, else all of the stages before its own.</summary>
internal sealed class GitLabOrder(
    IReadOnlyList<(string Name, Node.Mapping Node)> jobs,
    IReadOnlyList<string> stages,
    IReadOnlyDictionary<string, string> names
)
{
    /// <returns>Their names here, and those that are no jobs of this file.</returns>
    public (IReadOnlyList<string> Needs, IReadOnlyList<string> Unknown) Of(Node job)
    {
        if (Foreign.Find(job, "needs") is not { } said)
        {
            var stage = Stage(job);
            return (
                [.. jobs.Where(one => Stage(one.Node) < stage && !IsOptional(one.Node)).Select(one => names[one.Name])],
                []
            );
        }
        List<string> all = said is Node.Sequence list
            ? [.. list.Items.Select(static one => Foreign.Text(one) ?? Foreign.Text(Foreign.Find(one, "job")) ?? "?")]
            : [.. Foreign.Texts(said)];
        return (
            [.. all.Where(names.ContainsKey).Select(one => names[one]).Distinct(StringComparer.Ordinal)],
            [.. all.Where(one => !names.ContainsKey(one))]
        );
    }

    private int Stage(Node job) => stages.ToList().IndexOf(Foreign.Text(Foreign.Find(job, "stage")) ?? "test");

    /// <summary>Later stages do not wait for what somebody may begin by hand.</summary>
    private static bool IsOptional(Node job) =>
        Foreign.Text(Foreign.Find(job, "when")) == "manual"
        && Foreign.Text(Foreign.Find(job, "allow_failure")) != "false";
}
