using System.Globalization;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.GitHub;

/// <summary>Reads one job of a workflow. A job that only GitHub can do is kept whole, as its only task.</summary>
internal sealed class GitHubJobImport(
    GitHubWorkflow whole,
    IReadOnlyDictionary<string, string> names,
    GitHubArtifacts artifacts,
    TranslationNotes notes
)
{
    /// <summary>Of a job that says none, at GitHub.</summary>
    private static readonly TimeSpan UsualTime = TimeSpan.FromHours(6);

    private static readonly string[] Known =
    [
        "name",
        "needs",
        "if",
        "runs-on",
        "strategy",
        "env",
        "defaults",
        "steps",
        "timeout-minutes",
        "continue-on-error",
        "container",
        "services",
        "environment",
        "permissions",
    ];

    public Job Read(Node.Entry entry)
    {
        var name = names[entry.Key];
        if (name != entry.Key)
        {
            notes.Approximated(entry.Value, $"The job '{Shown.Line(entry.Key)}'", $"It is called '{name}' here.");
        }
        var needs = Needs(entry.Value);
        var kept = new Job
        {
            Name = name,
            Needs = needs,
            IsApart = true,
            Tasks = [new() { Name = name, Act = new Act.Foreign("github", GitHubForeign.KeptJob(entry.Value)) }],
        };
        var flat = GitHubMatrixObjects.Flat(entry.Value, notes);
        if (Barrier(flat, needs) is { } barrier)
        {
            notes.LeftOut(
                barrier.At,
                $"The job '{name}' is kept for GitHub alone: {barrier.What}",
                "It is done nowhere else. Write what it does as a job of your own, and remove 'foreign'."
            );
            return kept;
        }
        GitHubGuards.Say(Foreign.Find(flat, "if"), notes);
        return Mapped(flat, name, needs);
    }

    private Job Mapped(Node node, string name, IReadOnlyList<string> needs)
    {
        var label = Label(Foreign.Find(node, "runs-on"));
        var matrix = Matrix(Foreign.Find(node, "strategy"), label ?? "");
        var axes = GitHubJobExport.MachineAxes(label ?? "", matrix);
        var texts = new GitHubReading(whole.Name, axes) { Inputs = whole.Inputs };
        var known = new Vocabulary
        {
            Needs = needs.ToHashSet(StringComparer.OrdinalIgnoreCase),
            Matrix = Variables(matrix),
        };
        var machine = Machine(node, label ?? "", texts, known);
        known = known with { HasMachine = true, Env = Set(whole.Env.Keys) };
        var (env, secrets) = new GitHubEnvironment(texts, notes).Read(Foreign.Find(node, "env"), known);
        known = known with { Env = Set([.. whole.Env.Keys, .. env.Keys]), HasFiles = true, HasStatus = true };
        var steps = new GitHubStepsImport(texts, known, artifacts, notes)
        {
            Shell = machine == "windows" ? "pwsh" : "bash",
            Defaults = [Foreign.Find(Foreign.Find(node, "defaults"), "run"), whole.Defaults],
        };
        steps.Read(Foreign.Find(node, "steps"));
        SayOthers(node);
        var title = Foreign.Text(Foreign.Find(node, "name"));
        return new()
        {
            Name = name,
            Title = title is null ? null : texts.Filled(title, known with { HasFiles = false, HasStatus = false }),
            Needs = needs,
            If = Foreign.Text(Foreign.Find(node, "if")) is { } condition
                ? GitHubGuards.Left(
                    texts.Condition(condition, new Vocabulary { Needs = known.Needs, HasStatus = true })
                )
                : null,
            Matrix = Neutral(matrix, axes, Foreign.Find(node, "strategy")),
            Env = env,
            Secrets = [.. whole.Secrets.Concat(secrets).Concat(steps.Secrets).Distinct(StringComparer.Ordinal)],
            Tools = steps.Tools,
            Machine = machine,
            Image = Image(Foreign.Find(node, "container")),
            Services = new GitHubServices(notes).Read(Foreign.Find(node, "services")),
            Caches = steps.Caches,
            Environment = Environment(Foreign.Find(node, "environment"), texts, known),
            MayFail = MayFail(Foreign.Find(node, "continue-on-error")),
            Timeout = Time(Foreign.Find(node, "timeout-minutes"), node),
            IsApart = true,
            Tasks =
                steps.Tasks.Count > 0
                    ? Named(steps.Tasks, name)
                    : [new() { Name = name, Act = new Act.Command(["true"]) }],
        };
    }

    /// <summary>A job of one step without a name of its own is that step.</summary>
    private static IReadOnlyList<JobTask> Named(IReadOnlyList<JobTask> tasks, string job) =>
        tasks is [{ Name: "task-1" } only] ? [only with { Name = job }] : tasks;

    /// <summary>Why a job cannot be done elsewhere; null when it can.</summary>
    private (Node At, string What)? Barrier(Node node, IReadOnlyList<string> needs)
    {
        if (Foreign.Find(node, "uses") is { } uses)
        {
            return (uses, "it is a workflow of another file.");
        }
        var label = Label(Foreign.Find(node, "runs-on"));
        if (label is null)
        {
            return (Foreign.Find(node, "runs-on") ?? node, "what it runs on is worked out, or not said.");
        }
        var strategy = Foreign.Find(Foreign.Find(node, "strategy"), "matrix");
        if (strategy is not null && !IsStatic(strategy))
        {
            return (strategy, "its matrix is worked out while it runs, or holds more than texts.");
        }
        var texts = new GitHubReading(whole.Name, new HashSet<string>()) { Inputs = whole.Inputs };
        var condition = Foreign.Find(node, "if");
        var known = new Vocabulary { Needs = Set(needs), HasStatus = true };
        if (Foreign.Text(condition) is { } text && texts.Condition(text, known) is null)
        {
            return (condition!, $"its condition asks for what only GitHub knows: {Shown.Line(text)}");
        }
        if (
            label.Contains("${{", StringComparison.Ordinal)
            && texts.Filled(
                label,
                known with
                {
                    HasStatus = false,
                    Matrix = Variables(Matrix(Foreign.Find(node, "strategy"), label, isQuiet: true)),
                }
            )
                is null
        )
        {
            return (Foreign.Find(node, "runs-on")!, "what it runs on asks for what only GitHub knows.");
        }
        var container = Foreign.Find(node, "container");
        if (container is not null && ImageOf(container) is null)
        {
            return (container, "its image is worked out, or is no name of one.");
        }
        var services = Foreign
            .Entries(Foreign.Find(node, "services"))
            .FirstOrDefault(static one =>
                Foreign.Text(Foreign.Find(one.Value, "image")) is not { } image || !Foreign.IsImage(image)
            );
        return services is null
            ? null
            : (services.Value, "the image of a service is worked out, or is no name of one.");
    }

    private List<string> Needs(Node node)
    {
        List<string> needs = [];
        foreach (var need in Foreign.Texts(Foreign.Find(node, "needs")))
        {
            if (names.TryGetValue(need, out var name))
            {
                needs.Add(name);
            }
            else
            {
                notes.LeftOut(Foreign.Find(node, "needs")!, $"It needs '{Shown.Line(need)}'.", "There is no such job.");
            }
        }
        return needs;
    }

    private static string? Label(Node? node) =>
        node switch
        {
            Node.Scalar one => Foreign.Text(one),
            Node.Sequence list when list.Items.All(static one => one is Node.Scalar) => Foreign
                .Texts(list)
                .FirstOrDefault(static one => one is not "self-hosted"),
            _ => null,
        };

    private string Machine(Node node, string label, GitHubReading texts, Vocabulary known)
    {
        var at = Foreign.Find(node, "runs-on")!;
        if (at is Node.Sequence { Items.Count: > 1 })
        {
            notes.Approximated(at, "'runs-on' names several labels.", $"Only '{Shown.Line(label)}' is taken.");
        }
        if (TextTemplate.IsIn(label))
        {
            return texts.Filled(label, known) ?? "linux";
        }
        var (machine, isNear) = Machines.FromGitHub(label);
        if (isNear)
        {
            notes.Approximated(at, $"It runs on {Shown.Line(label)}.", $"The version is not kept: machine: {machine}.");
        }
        else
        {
            notes.Mapped(at, $"It runs on {Shown.Line(label)}.", $"machine: {machine}");
        }
        return machine;
    }

    private static bool IsStatic(Node matrix) =>
        matrix is Node.Mapping group
        && group.Entries.All(static entry =>
            entry.Value is Node.Sequence list
            && (
                entry.Key is "include" or "exclude"
                    ? list.Items.All(static one =>
                        one is Node.Mapping values
                        && values.Entries.All(static of => IsText(of.Value) && Foreign.IsWord(of.Key))
                    )
                    : Foreign.IsWord(entry.Key) && list.Items.Count > 0 && list.Items.All(IsText)
            )
        );

    private static bool IsText(Node node) =>
        node is Node.Scalar { IsNothing: false } one && !TextTemplate.IsIn(one.Text);

    private Matrix? Matrix(Node? strategy, string label, bool isQuiet = false)
    {
        if (Foreign.Find(strategy, "matrix") is not Node.Mapping group)
        {
            return null;
        }
        if (!isQuiet)
        {
            notes.Mapped(group, "'matrix'", "matrix");
        }
        _ = label;
        var max = Foreign.Text(Foreign.Find(strategy, "max-parallel"));
        return new(
            [
                .. group
                    .Entries.Where(static one => one.Key is not ("include" or "exclude"))
                    .Select(static one => new Axis(one.Key, Foreign.Texts(one.Value))),
            ],
            Combinations(group.Find("include")),
            Combinations(group.Find("exclude"))
        )
        {
            FailsFast = Foreign.Text(Foreign.Find(strategy, "fail-fast")) != "false",
            Parallel = int.TryParse(max, NumberStyles.None, CultureInfo.InvariantCulture, out var many)
                ? Math.Clamp(many, 1, 256)
                : null,
        };
    }

    private static List<IReadOnlyDictionary<string, string>> Combinations(Node? node) =>
        [
            .. Foreign
                .Items(node)
                .Select(static one =>
                    (IReadOnlyDictionary<string, string>)
                        Foreign
                            .Entries(one)
                            .ToDictionary(
                                static of => of.Key,
                                static of => Foreign.Text(of.Value) ?? "",
                                StringComparer.Ordinal
                            )
                ),
        ];

    /// <summary>With the machines' neutral words.</summary>
    private Matrix? Neutral(Matrix? matrix, HashSet<string> axes, Node? strategy)
    {
        if (matrix is null || axes.Count == 0)
        {
            return matrix;
        }
        var labels = matrix.Axes.Where(one => axes.Contains(one.Name)).SelectMany(static one => one.Values).ToList();
        if (labels.Exists(static one => Machines.FromGitHub(one).IsNear))
        {
            notes.Approximated(
                strategy!,
                $"It runs on {Shown.Line(string.Join(", ", labels))}.",
                "The versions are not kept."
            );
        }
        string Named(string axis, string value) => axes.Contains(axis) ? Machines.FromGitHub(value).Machine : value;
        IReadOnlyDictionary<string, string> Renamed(IReadOnlyDictionary<string, string> values) =>
            values.ToDictionary(static one => one.Key, one => Named(one.Key, one.Value), StringComparer.Ordinal);
        return matrix with
        {
            Axes =
            [
                .. matrix.Axes.Select(one =>
                    one with
                    {
                        Values =
                        [
                            .. one.Values.Select(value => Named(one.Name, value)).Distinct(StringComparer.Ordinal),
                        ],
                    }
                ),
            ],
            Include = [.. matrix.Include.Select(Renamed)],
            Exclude = [.. matrix.Exclude.Select(Renamed)],
        };
    }

    private static string? ImageOf(Node? container) =>
        (Foreign.Text(container) ?? Foreign.Text(Foreign.Find(container, "image"))) is { } image
        && Foreign.IsImage(image)
            ? image
            : null;

    private string? Image(Node? container)
    {
        foreach (var entry in Foreign.Entries(container).Where(static one => one.Key is not "image"))
        {
            notes.LeftOut(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of the container",
                "Say variables at the job; the rest has no counterpart."
            );
        }
        if (container is not null)
        {
            notes.Mapped(container, "'container'", "image");
        }
        return ImageOf(container);
    }

    private string? Environment(Node? node, GitHubReading texts, Vocabulary known)
    {
        if (node is null)
        {
            return null;
        }
        if (Foreign.Find(node, "url") is { } url)
        {
            notes.LeftOut(url, "'url' of the environment", "Fairlead knows where the app is.");
        }
        var name = Foreign.Text(node) ?? Foreign.Text(Foreign.Find(node, "name"));
        var filled = name is null
            ? null
            : texts.Filled(name, known with { Env = null, HasMachine = false, HasFiles = false, HasStatus = false });
        if (filled is null)
        {
            notes.LeftOut(node, "'environment'", "Its name asks for what only GitHub knows.");
        }
        else
        {
            notes.Mapped(node, "'environment'", $"environment: {Shown.Line(filled)}");
        }
        return filled;
    }

    private bool MayFail(Node? node)
    {
        if (node is not null && Foreign.Text(node) is not ("true" or "false"))
        {
            notes.Approximated(node, "'continue-on-error' is an expression.", "The job must end well here.");
        }
        return Foreign.IsTrue(node);
    }

    private TimeSpan Time(Node? node, Node job)
    {
        if (
            double.TryParse(Foreign.Text(node), NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes)
            && minutes is > 0 and < 50_000
        )
        {
            return TimeSpan.FromMinutes(minutes);
        }
        if (node is not null)
        {
            notes.Approximated(
                node,
                "'timeout-minutes' is an expression.",
                "It is 6 hours here, as without one at GitHub."
            );
        }
        _ = job;
        return UsualTime;
    }

    private void SayOthers(Node node)
    {
        foreach (
            var entry in Foreign.Entries(node).Where(static one => !Known.Contains(one.Key, StringComparer.Ordinal))
        )
        {
            notes.LeftOut(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of the job",
                entry.Key switch
                {
                    "outputs" =>
                        "Jobs hand on files and their result here, no values; what reads them is kept for GitHub alone.",
                    "concurrency" => "Only whole pipelines exclude each other here.",
                    _ => "There is no counterpart.",
                }
            );
        }
        if (Foreign.Find(node, "permissions") is { } permissions)
        {
            GitHubImport.Permissions(permissions, notes);
        }
    }

    private static HashSet<string> Variables(Matrix? matrix) =>
        Set([
            .. matrix?.Axes.Select(static one => one.Name) ?? [],
            .. matrix?.Include.SelectMany(static one => one.Keys) ?? [],
        ]);

    private static HashSet<string> Set(IEnumerable<string> names) => new(names, StringComparer.OrdinalIgnoreCase);
}
