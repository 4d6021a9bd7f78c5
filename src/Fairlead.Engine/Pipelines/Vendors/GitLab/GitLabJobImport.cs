using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Vendors.GitHub;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.GitLab;

/// <summary>Reads one job of GitLab. One that only GitLab can do is kept whole, as its only task.</summary>
internal sealed partial class GitLabJobImport(GitLabWhole whole, GitLabOrder order, Triggers on, TranslationNotes notes)
{
    private static readonly string[] Known =
    [
        "stage",
        "script",
        "before_script",
        "after_script",
        "needs",
        "dependencies",
        "rules",
        "only",
        "except",
        "when",
        "allow_failure",
        "image",
        "services",
        "variables",
        "cache",
        "artifacts",
        "retry",
        "timeout",
        "environment",
        "parallel",
        "tags",
    ];

    public Job Read(string said, Node.Mapping node, string name)
    {
        if (said != name)
        {
            notes.Approximated(node, $"The job '{Shown.Line(said)}'", $"It is called '{name}' here.");
        }
        var (needs, unknown) = order.Of(node);
        if (unknown.Count > 0)
        {
            notes.LeftOut(
                node.Find("needs")!,
                $"It needs {Shown.Line(string.Join(", ", unknown))}.",
                "There is no such job in this file."
            );
        }
        var when = new GitLabWhen(whole, on, notes);
        var condition = when.Read(node);
        if (Barrier(node, when) is { } barrier)
        {
            notes.LeftOut(
                barrier.At,
                $"The job '{name}' is kept for GitLab alone: {barrier.What}",
                "It is done nowhere else. Write what it does as a job of your own, and remove 'foreign'."
            );
            return new()
            {
                Name = name,
                Needs = needs,
                IsApart = true,
                Tasks = [new() { Name = name, Act = new Act.Foreign("gitlab", GitHubForeign.KeptJob(node)) }],
            };
        }
        var matrix = Matrix(node.Find("parallel"));
        var parts = Parts(node.Find("parallel"));
        var told = PartVariables.GitLab.Env(parts ?? 1).ToDictionary(StringComparer.Ordinal);
        var (tasks, asked) = new GitLabScript(whole, notes) { Told = told }.Read(node, name);
        SayOthers(node);
        return new()
        {
            Name = name,
            Needs = needs,
            If = condition,
            Manual = when.IsManual,
            MayFail = when.MayFail || MayFail(node.Find("allow_failure")),
            Matrix = matrix,
            Shards = PartVariables.Shards(parts),
            Env = Env(node, matrix, asked, parts is null ? null : told),
            Machine = Machine(whole.Of(node, "tags")),
            Image = Image(whole.Of(node, "image")),
            Services = Services(whole.Of(node, "services")),
            Caches = Caches(whole.Of(node, "cache")),
            Environment = Environment(node.Find("environment")),
            Timeout = Time(whole.Of(node, "timeout")),
            IsApart = true,
            Tasks = Outputs(tasks, whole.Of(node, "artifacts"), Retries(whole.Of(node, "retry"))),
        };
    }

    private (Node At, string What)? Barrier(Node.Mapping node, GitLabWhen when)
    {
        if (when.Barrier is { } barrier)
        {
            return barrier;
        }
        foreach (var key in new[] { "trigger", "run" })
        {
            if (node.Find(key) is { } other)
            {
                return (other, $"'{key}' has no counterpart.");
            }
        }
        if (!GitLabScript.Has(node))
        {
            return (node, "it has no script in this file.");
        }
        if (node.Find("parallel") is Node.Scalar { Text: var many } parts && PartVariables.Asked(many) is null)
        {
            return (parts, PartVariables.Barrier("parallel", many));
        }
        if (whole.Of(node, "image") is { } image && ImageOf(image) is null)
        {
            return (image, "its image is worked out, or is no name of one.");
        }
        return
            Foreign.Items(whole.Of(node, "services")).FirstOrDefault(static one => ImageOf(one) is null) is { } service
            ? (service, "the image of a service is worked out, or is no name of one.")
            : null;
    }

    private static string? ImageOf(Node node) =>
        (Foreign.Text(node) ?? Foreign.Text(Foreign.Find(node, "name"))) is { } image && Foreign.IsImage(image)
            ? image
            : null;

    private string? Image(Node? node)
    {
        if (node is null)
        {
            return null;
        }
        foreach (var entry in Foreign.Entries(node).Where(static one => one.Key is not "name"))
        {
            notes.LeftOut(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of the image",
                "An image has a name here, and nothing more."
            );
        }
        notes.Mapped(node, "'image'", "image");
        return ImageOf(node);
    }

    private List<JobService> Services(Node? node)
    {
        List<JobService> services = [];
        foreach (var one in Foreign.Items(node))
        {
            var image = ImageOf(one)!;
            var usual = image.Split('/')[^1].Split(':', '@')[0];
            var port = ServerPorts.Of(usual);
            var name = Foreign.Named(Foreign.Text(Foreign.Find(one, "alias")) ?? usual);
            notes.Approximated(
                one,
                $"The service '{name}'",
                port is null
                    ? "It is reached at localhost here: say its ports."
                    : $"It is reached at localhost:{port} here, and in containers as '{name}'."
            );
            services.Add(
                new(name, image, port is { } number ? [number] : [])
                {
                    Env = GitLabImport.Variables(Foreign.Find(one, "variables"), notes, whole.Variables),
                }
            );
        }
        return services;
    }

    /// <summary>How often it is done at once, each time told its number; null for a job that does not say it.</summary>
    private int? Parts(Node? node)
    {
        if (node is not Node.Scalar { Text: var text })
        {
            return null;
        }
        notes.Mapped(node, "'parallel'", "shards");
        return PartVariables.Asked(text);
    }

    private Matrix? Matrix(Node? node)
    {
        List<Axis[]> all = [];
        foreach (var one in Foreign.Items(Foreign.Find(node, "matrix")))
        {
            List<Axis> axes = [.. Foreign.Entries(one).Select(static of => new Axis(of.Key, Foreign.Texts(of.Value)))];
            if (axes.Exists(static axis => axis.Values.Count == 0 || !Foreign.IsVariable(axis.Name)))
            {
                notes.LeftOut(one, "Values of 'parallel'", "They are no texts.");
            }
            else if (axes.Count > 0)
            {
                all.Add([.. axes]);
            }
        }
        if (all.Count == 0)
        {
            return null;
        }
        notes.Mapped(node!, "'parallel'", "matrix");
        // One group of values is a matrix; several are combinations, each for itself.
        var isOne = all is [_];
        return new(
            isOne ? all[0] : [],
            isOne
                ? []
                :
                [
                    .. all.SelectMany(static axes => Matrices.Combinations(new(axes, [], [])))
                        .Take(Matrices.CombinationsMax),
                ],
            []
        )
        {
            FailsFast = false,
        };
    }

    /// <param name="told">What tells it which of several it is; null when it is done once.</param>
    private Dictionary<string, string> Env(
        Node node,
        Matrix? matrix,
        Dictionary<string, string> asked,
        Dictionary<string, string>? told
    )
    {
        var env = GitLabImport.Variables(Foreign.Find(node, "variables"), notes, whole.Variables, told);
        PartVariables.GitLab.Tell(env, told);
        foreach (var (name, value) in asked)
        {
            env.TryAdd(name, value);
        }
        // The variables of a matrix are those of its scripts there.
        foreach (
            var name in (matrix?.Axes.Select(static one => one.Name) ?? []).Concat(
                matrix?.Include.SelectMany(static one => one.Keys) ?? []
            )
        )
        {
            env.TryAdd(name, $"${{{{ matrix.{name} }}}}");
        }
        return env;
    }

    private string Machine(Node? node)
    {
        if (Foreign.Texts(node) is not [var label, ..] all)
        {
            return "linux";
        }
        if (label.Contains('$', StringComparison.Ordinal))
        {
            notes.LeftOut(node!, "'tags'", "It is worked out: it runs on linux here.");
            return "linux";
        }
        if (all.Count > 1)
        {
            notes.Approximated(node!, "'tags' names several.", $"Only '{Shown.Line(label)}' is taken.");
        }
        return label;
    }

    private List<KeptFolder> Caches(Node? node)
    {
        List<KeptFolder> caches = [];
        foreach (
            var one in node is Node.Sequence list ? list.Items
            : node is null ? []
            : [node]
        )
        {
            var paths = Foreign
                .Texts(Foreign.Find(one, "paths"))
                .Where(static path => !path.Contains('$', StringComparison.Ordinal))
                .Select(static path => path.TrimEnd('/'))
                .ToList();
            if (paths.Count == 0)
            {
                notes.LeftOut(
                    one,
                    "'cache'",
                    "It names no folder that is known here. It only makes things quicker, so nothing else changes."
                );
                continue;
            }
            caches.Add(
                new(paths, [.. Foreign.Texts(Foreign.Find(Foreign.Find(one, "key"), "files")).Where(Foreign.IsGlob)])
            );
            notes.Mapped(one, "'cache'", "caches");
        }
        return caches;
    }

    private List<JobTask> Outputs(List<JobTask> tasks, Node? node, int retries)
    {
        var paths = Foreign.Texts(Foreign.Find(node, "paths"));
        var exclude = Foreign.Texts(Foreign.Find(node, "exclude")).Select(static one => $"!{one}");
        List<string> outputs = [];
        foreach (var path in paths.Concat(exclude))
        {
            var clean = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
            var glob = clean.EndsWith('/') ? $"{clean}**" : clean;
            if (Foreign.IsGlob(glob) && !glob.Contains('$', StringComparison.Ordinal))
            {
                outputs.Add(glob);
            }
            else
            {
                notes.LeftOut(
                    node!,
                    $"The artifact {Shown.Line(path)}",
                    "It is worked out, or stands outside of the folder."
                );
            }
        }
        foreach (
            var entry in Foreign.Entries(node).Where(static one => one.Key is not ("paths" or "exclude" or "reports"))
        )
        {
            notes.LeftOut(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of the artifacts",
                "How long and how outputs are kept is said for all of them."
            );
        }
        foreach (var entry in Foreign.Entries(Foreign.Find(node, "reports")).Where(static one => one.Key != "junit"))
        {
            notes.LeftOut(
                entry.Value,
                $"The report '{Shown.Line(entry.Key)}'",
                entry.Key == "dotenv"
                    ? "Jobs hand on files here, no variables."
                    : "Only results of tests in JUnit's form are read."
            );
        }
        if (node is not null)
        {
            notes.Mapped(node, "'artifacts'", "outputs and reports");
        }
        var reports = Foreign.Texts(Foreign.Find(Foreign.Find(node, "reports"), "junit")).Where(Foreign.IsGlob);
        tasks[0] = tasks[0] with { Outputs = outputs, Reports = [.. reports], Retries = retries };
        return tasks;
    }

    private int Retries(Node? node)
    {
        if (Foreign.Find(node, "when") is { } when)
        {
            notes.Approximated(
                when,
                "It is done again for certain reasons.",
                "It is done again whenever it fails here."
            );
        }
        var said = Foreign.Text(node) ?? Foreign.Text(Foreign.Find(node, "max"));
        return int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var many)
            ? Math.Min(many, 10)
            : 0;
    }

    private bool MayFail(Node? node)
    {
        if (node is Node.Mapping)
        {
            notes.Approximated(node, "'allow_failure' names codes.", "It may fail in any way here.");
        }
        return node is Node.Mapping || Foreign.IsTrue(node);
    }

    private string? Environment(Node? node)
    {
        var name = Foreign.Text(node) ?? Foreign.Text(Foreign.Find(node, "name"));
        if (node is null || name is null)
        {
            return null;
        }
        if (name.Contains('$', StringComparison.Ordinal))
        {
            notes.LeftOut(node, "'environment'", "Its name is worked out.");
            return null;
        }
        foreach (var entry in Foreign.Entries(node).Where(static one => one.Key is not "name"))
        {
            notes.LeftOut(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of the environment",
                "Fairlead knows where the app is, and ends previews itself."
            );
        }
        notes.Mapped(node, "'environment'", $"environment: {Shown.Line(name)}");
        return name;
    }

    private TimeSpan Time(Node? node)
    {
        var usual = TimeSpan.FromHours(1);
        if (Foreign.Text(node) is not { } text)
        {
            return usual;
        }
        var time = TimeSpan.Zero;
        foreach (Match part in TimePart().Matches(text))
        {
            var amount = double.Parse(part.Groups["amount"].Value, CultureInfo.InvariantCulture);
            time += part.Groups["unit"].Value[0] switch
            {
                'd' => TimeSpan.FromDays(Math.Min(amount, 365)),
                'h' => TimeSpan.FromHours(Math.Min(amount, 8_760)),
                'm' => TimeSpan.FromMinutes(Math.Min(amount, 500_000)),
                _ => TimeSpan.FromSeconds(Math.Min(amount, 30_000_000)),
            };
        }
        if (time > TimeSpan.Zero && time <= TimeSpan.FromDays(365))
        {
            return time;
        }
        notes.Approximated(node!, $"Its time is {Shown.Line(text)}.", "It cannot be read, and is an hour here.");
        return usual;
    }

    private void SayOthers(Node.Mapping node)
    {
        foreach (var entry in node.Entries.Where(static one => !Known.Contains(one.Key, StringComparer.Ordinal)))
        {
            if (entry is { Key: "id_tokens", Value: Node.Mapping { Entries: [{ Key: "FAIRLEAD_ID_TOKEN" }] } })
            {
                notes.Mapped(entry.Value, "'id_tokens'", "Exports give this to jobs that deploy.");
                continue;
            }
            notes.LeftOut(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of the job",
                entry.Key switch
                {
                    "interruptible" => "Say it for the whole pipeline: concurrency: { group: ..., cancelOlder: true }.",
                    "resource_group" => "Only whole pipelines exclude each other here: concurrency.",
                    "secrets" or "id_tokens" => "Name secrets under 'secrets', and set them at Fairlead.",
                    _ => "There is no counterpart.",
                }
            );
        }
    }

    [GeneratedRegex(
        @"(?<amount>[0-9]{1,9}(\.[0-9]{1,3})?)\s*(?<unit>d|h|m|s)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex TimePart();
}
