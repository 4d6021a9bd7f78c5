using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors.GitHub;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>
/// A job that only CircleCI can do, as it stood there with what it asks for: under <c>job</c> the job itself, or under <c>use</c>
/// what a workflow says of a job of an orb; beside it the commands, executors and orbs that these name.
/// </summary>
internal sealed class CircleForeign
{
    private const int DepthMax = 60;

    private static readonly string[] Sections = ["commands", "executors", "orbs"];

    /// <summary>What a workflow says of the order; an export says it anew.</summary>
    private static readonly string[] OfOrder = ["name", "requires", "filters", "context", "matrix", "type"];

    /// <summary>The job; null when it is one of an orb.</summary>
    public YamlGroup? Job { get; private init; }

    /// <summary>The job of an orb, and what it is given.</summary>
    public (string Name, Node? Given)? Use { get; private init; }

    /// <summary>What a workflow said of where and with which secrets it runs, when that has no other words here.</summary>
    public IReadOnlyList<Node.Entry> Within { get; private init; } = [];

    /// <summary>Commands, executors and orbs by their names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Node.Entry>> Shared { get; private init; } =
        new Dictionary<string, IReadOnlyList<Node.Entry>>();

    public static string Kept(CircleEntry entry, CircleWhole whole)
    {
        var job = whole.Job(entry.Job) is { } own ? Given(own, entry.Says) : null;
        var use = new Node.Mapping(
            entry.Node.Spot,
            "",
            [
                new(
                    entry.Node.Spot,
                    entry.Job,
                    new Node.Mapping(
                        entry.Node.Spot,
                        "",
                        [
                            .. Foreign
                                .Entries(entry.Says)
                                .Where(static one => !OfOrder.Contains(one.Key, StringComparer.Ordinal)),
                        ]
                    )
                ),
            ]
        );
        // A group without anything would not be written.
        Node said =
            job is not null ? job
            : Foreign.Entries(use.Entries[0].Value).Count > 0 ? use
            : new Node.Scalar(entry.Node.Spot, "", entry.Job, IsPlain: true);
        List<Node.Entry> all = [new(entry.Node.Spot, job is null ? "use" : "job", said)];
        var words = new HashSet<string>(StringComparer.Ordinal);
        Words(said, words, DepthMax);
        foreach (var section in Sections)
        {
            if (Named(whole.Root.Find(section), words) is { Entries.Count: > 0 } named)
            {
                all.Add(new(named.Spot, section, named));
            }
        }
        // Without its filters a job that releases would run for each branch.
        List<Node.Entry> within =
        [
            .. Foreign.Entries(entry.Says).Where(static one => one.Key is "filters" or "context"),
        ];
        if (within.Count > 0)
        {
            all.Add(new(entry.Node.Spot, "within", new Node.Mapping(entry.Node.Spot, "", within)));
        }
        return ForeignYaml.Of(new Node.Mapping(entry.Node.Spot, "", all)).ToString();
    }

    /// <summary>What a job is, when it is one that is kept for CircleCI whole; else null.</summary>
    public static CircleForeign? Of(Job job)
    {
        if (job.Tasks is not [{ Act: Act.Foreign { System: "circleci", Text: var text } }])
        {
            return null;
        }
        var findings = new Findings("the text");
        var node = YamlReader.Read(text, findings) as Node.Mapping;
        if (!findings.IsEmpty || node is null)
        {
            return null;
        }
        var shared = new Dictionary<string, IReadOnlyList<Node.Entry>>(StringComparer.Ordinal);
        foreach (var section in Sections)
        {
            shared[section] = Foreign.Entries(node.Find(section));
        }
        var within = Foreign.Entries(node.Find("within"));
        return node.Find("job") is Node.Mapping own
                ? new()
                {
                    Job = ForeignYaml.Of(own),
                    Shared = shared,
                    Within = within,
                }
            : Foreign.Text(node.Find("use")) is { } name
                ? new()
                {
                    Use = (name, null),
                    Shared = shared,
                    Within = within,
                }
            : node.Find("use") is Node.Mapping { Entries: [var only] }
                ? new()
                {
                    Use = (only.Key, only.Value),
                    Shared = shared,
                    Within = within,
                }
            : null;
    }

    /// <summary>What is named goes into its section once; another thing of that name is said.</summary>
    public static void Share(Pipeline pipeline, string section, YamlGroup into, TranslationNotes notes)
    {
        var there = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var job in pipeline.Jobs)
        {
            foreach (var entry in Of(job)?.Shared[section] ?? [])
            {
                var one = new Node.Mapping(entry.Spot, "", [entry]);
                var text = ForeignYaml.Of(one).ToString();
                var other = there.GetValueOrDefault(entry.Key);
                if ((other is not null && other != text) || (other is null && into.Has(entry.Key)))
                {
                    notes.LeftOut(job.Name, $"'{entry.Key}' of its {section}", "Another job has another of this name.");
                }
                else if (other is null)
                {
                    there[entry.Key] = text;
                    Lay(into, entry);
                }
            }
        }
    }

    public static void Lay(YamlGroup into, Node.Entry entry) =>
        into.AddAll(ForeignYaml.Of(new Node.Mapping(entry.Spot, "", [entry])));

    /// <summary>The job with what it is given as the defaults of its parameters.</summary>
    private static Node.Mapping Given(Node.Mapping job, Node? says)
    {
        if (job.Find("parameters") is not Node.Mapping parameters)
        {
            return job;
        }
        var given = parameters with
        {
            Entries =
            [
                .. parameters.Entries.Select(one =>
                    Foreign.Find(says, one.Key) is { } value && one.Value is Node.Mapping of
                        ? one with
                        {
                            Value = of with
                            {
                                Entries =
                                [
                                    .. of.Entries.Where(static part => part.Key != "default"),
                                    new(value.Spot, "default", value),
                                ],
                            },
                        }
                        : one
                ),
            ],
        };
        return job with
        {
            Entries = [.. job.Entries.Select(one => one.Key == "parameters" ? one with { Value = given } : one)],
        };
    }

    /// <summary>The entries of a section that words name, and those that these name.</summary>
    private static Node.Mapping? Named(Node? section, HashSet<string> words)
    {
        if (section is not Node.Mapping group)
        {
            return null;
        }
        HashSet<string> named = new(StringComparer.Ordinal);
        for (var isMore = true; isMore; )
        {
            isMore = false;
            foreach (var entry in group.Entries.Where(one => words.Contains(one.Key)))
            {
                if (named.Add(entry.Key))
                {
                    isMore = true;
                    Words(entry.Value, words, DepthMax);
                }
            }
        }
        return group with { Entries = [.. group.Entries.Where(one => named.Contains(one.Key))] };
    }

    /// <summary>All keys and texts, and of <c>orb/command</c> the orb.</summary>
    private static void Words(Node node, HashSet<string> words, int depth)
    {
        if (depth == 0)
        {
            return;
        }
        switch (node)
        {
            case Node.Scalar one:
                Add(one.Text, words);
                break;
            case Node.Sequence list:
                foreach (var one in list.Items)
                {
                    Words(one, words, depth - 1);
                }
                break;
            case Node.Mapping group:
                foreach (var one in group.Entries)
                {
                    Add(one.Key, words);
                    Words(one.Value, words, depth - 1);
                }
                break;
        }
    }

    private static void Add(string word, HashSet<string> words)
    {
        words.Add(word);
        if (word.IndexOf('/', StringComparison.Ordinal) is > 0 and var at)
        {
            words.Add(word[..at]);
        }
    }
}
