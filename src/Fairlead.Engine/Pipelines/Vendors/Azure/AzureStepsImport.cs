using System.Globalization;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Vendors.GitHub;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>
/// Reads the steps of a job. Scripts become tasks that are always done; what tasks of Azure do that a job can say, it says; all
/// others are kept for Azure alone.
/// </summary>
internal sealed partial class AzureStepsImport(
    AzureJob job,
    AzureReading texts,
    AzureArtifacts artifacts,
    TranslationNotes notes
)
{
    private readonly List<JobTask> tasks = [];
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> gathered = new(StringComparer.OrdinalIgnoreCase);

    public required bool IsWindows { get; init; }

    public required AzureVariables Variables { get; init; }

    /// <summary>What holds machines, which have other names there.</summary>
    public required IReadOnlySet<string> Machines { get; init; }

    public List<string> Secrets { get; } = [];

    /// <summary>Variables of Azure that scripts read.</summary>
    public OrderedDictionary<string, string> Env { get; } = new(StringComparer.Ordinal);

    public OrderedDictionary<string, string> Tools { get; } = new(StringComparer.Ordinal);

    public List<KeptFolder> Caches { get; } = [];

    /// <summary>Jobs whose artifacts it takes.</summary>
    public List<string> Needs { get; } = [];

    public IReadOnlyList<JobTask> Tasks => tasks;

    /// <summary>What a step does, without its version and in capitals; null when it is no task of Azure.</summary>
    public static string? Task(Node step) =>
        Foreign.Text(Foreign.Find(step, "task"))?.Split('@')[0].Trim().ToUpperInvariant();

    /// <summary>An input under any of its names, in whatever case they are.</summary>
    public static string? Input(Node step, params string[] names) =>
        names
            .Select(name =>
                Foreign
                    .Entries(Foreign.Find(step, "inputs"))
                    .FirstOrDefault(one => string.Equals(one.Key, name, StringComparison.OrdinalIgnoreCase))
            )
            .Select(static one => Foreign.Text(one?.Value))
            .FirstOrDefault(static one => one is not null);

    public void Read(IReadOnlyList<Node> steps)
    {
        foreach (var step in steps)
        {
            if (Foreign.Text(Foreign.Find(step, "enabled")) == "false")
            {
                notes.LeftOut(step, "A step", "It is not enabled.");
            }
            else if (!Short(step) && !Used(step))
            {
                Keep(step, step, $"{What(step)} is not known here.");
            }
        }
    }

    private static string What(Node step) =>
        Foreign.Text(Foreign.Find(step, "task")) is { } task ? $"the task '{Shown.Line(task)}'"
        : Foreign.Text(Foreign.Find(step, "template")) is { } template ? $"the template '{Shown.Line(template)}'"
        : "what it does";

    /// <summary>Steps that have a word of their own.</summary>
    private bool Short(Node step)
    {
        foreach (var kind in new[] { "script", "bash", "pwsh", "powershell" })
        {
            if (Foreign.Find(step, kind) is { } text)
            {
                Script(step, text, kind);
                return true;
            }
        }
        if (Foreign.Find(step, "checkout") is { } checkout)
        {
            Checkout(step, checkout);
            return true;
        }
        if (Foreign.Find(step, "publish") is { } publish)
        {
            Publish(step, Foreign.Text(publish) ?? "");
            return true;
        }
        if (Foreign.Find(step, "download") is { } download)
        {
            Download(step, download, Foreign.Text(Foreign.Find(step, "artifact")), path: null);
            return true;
        }
        return false;
    }

    /// <summary>Tasks of Azure that a job can say otherwise.</summary>
    private bool Used(Node step)
    {
        var task = Task(step);
        if (task is null)
        {
            return false;
        }
        var at = Foreign.Find(step, "task")!;
        if (AzureTools.Tool(task) is var (tool, key))
        {
            Tool(step, at, tool, Input(step, key, "version") ?? "");
            return true;
        }
        switch (task)
        {
            case "CACHE" or "CACHEBETA":
                Cache(step, at);
                return true;
            case "BASH" or "CMDLINE" or "POWERSHELL":
                return Written(step, at, task);
            case "PUBLISHTESTRESULTS":
                Results(step, at);
                return true;
            case "COPYFILES":
                return Copied(step, at);
            case "PUBLISHPIPELINEARTIFACT":
                Publish(step, Input(step, "targetPath", "path") ?? "");
                return true;
            case "PUBLISHBUILDARTIFACTS":
                Publish(step, Input(step, "PathtoPublish") ?? "$(Build.ArtifactStagingDirectory)");
                return true;
            case "DOWNLOADPIPELINEARTIFACT" or "DOWNLOADBUILDARTIFACTS":
                Download(
                    step,
                    at,
                    Input(step, "artifact", "artifactName"),
                    Input(step, "path", "targetPath", "downloadPath")
                );
                return true;
            default:
                return AzureCommands.Of(task, step, texts) is { } script && Commanded(step, at, script);
        }
    }

    private void Checkout(Node step, Node at)
    {
        if (Foreign.Text(at) is not ("self" or "none"))
        {
            Keep(step, at, "it is the source of another repository.");
            return;
        }
        notes.Mapped(at, "'checkout'", "The source is always there.");
        foreach (
            var entry in Foreign
                .Entries(step)
                .Where(static one => one.Key is not ("checkout" or "clean" or "displayName"))
        )
        {
            notes.Approximated(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of 'checkout'",
                "The source is there as it is in the folder, with what git knows there."
            );
        }
    }

    private void Tool(Node step, Node at, string tool, string said)
    {
        if (texts.Filled(said) is not { } version || IsConditional(step))
        {
            Keep(step, at, "it sets up a tool under a condition, or in a version that is worked out.");
            return;
        }
        Tools[tool] = AzureTools.Plain(version);
        notes.Mapped(
            at,
            $"'{Shown.Line(Foreign.Text(at) ?? "")}'",
            $"tools: {{ {tool}: \"{Shown.Line(Tools[tool])}\" }}"
        );
    }

    private static bool IsConditional(Node step) =>
        Foreign.Text(Foreign.Find(step, "condition")) is { } condition && condition.Trim() != "succeeded()";

    private void Cache(Node step, Node at)
    {
        var path = (Input(step, "path") ?? "").Trim();
        path = path.StartsWith("$(HOME)/", StringComparison.OrdinalIgnoreCase)
            ? $"~{path[7..]}"
            : texts.Path(path) ?? "$";
        if (path.Contains('$', StringComparison.Ordinal) || path.Contains('\n', StringComparison.Ordinal))
        {
            notes.LeftOut(
                at,
                "A cache",
                "Its folder is worked out. It only makes things quicker, so nothing else changes."
            );
            return;
        }
        // What stands in no quotes and looks like a path is a file whose bytes are minded.
        var files = (Input(step, "key") ?? "")
            .Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(static one => one[0] != '"' && one.IndexOfAny(['.', '/', '*']) >= 0)
            .SelectMany(static one => one.Split(',', StringSplitOptions.TrimEntries))
            .Where(static one => !one.Contains('$', StringComparison.Ordinal))
            .Select(static one => one.StartsWith("./", StringComparison.Ordinal) ? one[2..] : one)
            .Where(Foreign.IsGlob)
            .ToList();
        Caches.Add(new([path], files));
        notes.Mapped(at, "A cache", "caches: what tells that it is another one are the files of its key.");
    }

    private void Results(Node step, Node at)
    {
        var format = Input(step, "testResultsFormat", "testRunner") ?? "JUnit";
        var files = Lines(Input(step, "testResultsFiles") ?? "**/TEST-*.xml").Select(texts.Path).ToList();
        var last = Last();
        if (
            format.ToUpperInvariant() is not ("JUNIT" or "VSTEST")
            || last < 0
            || files.Exists(static one => one is null || !Foreign.IsGlob(one))
        )
        {
            notes.LeftOut(
                at,
                "Results of tests",
                "Only results in the form of JUnit or of Visual Studio are read, of a script before, by the names of their files."
            );
            return;
        }
        tasks[last] = tasks[last] with { Reports = [.. tasks[last].Reports, .. files.OfType<string>()] };
        notes.Mapped(at, "Results of tests", $"reports of the task '{tasks[last].Name}'");
    }

    /// <summary>Files that are gathered to be published are outputs; others are copied by Azure alone.</summary>
    private bool Copied(Node step, Node at)
    {
        var target = (Input(step, "targetFolder") ?? "").TrimEnd('/', '\\');
        var from = texts.Path(Input(step, "sourceFolder") ?? ".");
        var globs = Lines(Input(step, "contents") ?? "**")
            .Select(one => (Bang: one.StartsWith('!') ? "!" : "", Glob: texts.Path(one.TrimStart('!'))))
            .Select(one => one.Glob is null ? null : $"{one.Bang}{(from == "." ? "" : $"{from}/")}{one.Glob}")
            .ToList();
        if (
            !AzureReading.HasStaging(target)
            || from is null
            || IsConditional(step)
            || globs.Exists(static one => one is null || !Foreign.IsGlob(one))
        )
        {
            return false;
        }
        gathered.TryAdd(target, []);
        gathered[target].AddRange(globs.OfType<string>());
        notes.Mapped(at, "Files that are gathered", "outputs, where they are published");
        return true;
    }

    private void Publish(Node step, string said)
    {
        var at = Foreign.Find(step, "publish") ?? Foreign.Find(step, "task")!;
        var whole = said.TrimEnd('/', '\\');
        List<string> globs =
        [
            .. gathered
                .Where(one =>
                    one.Key.Equals(whole, StringComparison.OrdinalIgnoreCase)
                    || one.Key.StartsWith($"{whole}/", StringComparison.OrdinalIgnoreCase)
                )
                .SelectMany(static one => one.Value),
        ];
        if (globs.Count == 0 && texts.Path(said) is { } path)
        {
            var isFile = Path.HasExtension(path) && !said.EndsWith('/');
            globs.Add(
                path == "." ? "**"
                : isFile || path.Contains('*', StringComparison.Ordinal) ? path
                : $"{path}/**"
            );
            if (isFile)
            {
                notes.Approximated(at, $"It publishes {Shown.Line(said)}.", "It is taken for a file.");
            }
        }
        var last = Last();
        if (last < 0 || globs.Count == 0 || globs.Exists(static one => TextTemplate.IsIn(one) || !Foreign.IsGlob(one)))
        {
            Keep(step, at, "what it publishes is worked out, stands outside of the folder, or was made by no script.");
            return;
        }
        tasks[last] = tasks[last] with { Outputs = [.. tasks[last].Outputs, .. globs] };
        notes.Mapped(at, "An artifact", $"outputs of the task '{tasks[last].Name}'");
        if (IsConditional(step))
        {
            notes.Approximated(
                Foreign.Find(step, "condition")!,
                "It publishes under a condition.",
                "Outputs are kept whenever the task made them."
            );
        }
    }

    private void Download(Node step, Node at, string? artifact, string? path)
    {
        if (Foreign.Text(at) == "none")
        {
            notes.Approximated(at, "'download: none'", "Outputs of jobs that it needs are there.");
            return;
        }
        var isOwn =
            Foreign.Find(step, "download") is null
            || string.Equals(Foreign.Text(at), "current", StringComparison.Ordinal);
        var source = Input(step, "buildType", "source") ?? "current";
        if (!isOwn || source != "current" || artifacts.Taken(job.Name, artifact) is not { } from)
        {
            Keep(step, at, "it takes an artifact of another pipeline, or of a job that does not come before.");
            return;
        }
        Needs.AddRange(from);
        if (path is not null && texts.Path(path) is not null)
        {
            notes.Mapped(at, "It takes an artifact.", "Outputs of jobs that it needs are there, where they were made.");
            return;
        }
        notes.Approximated(
            at,
            "It takes an artifact.",
            "Outputs of jobs that it needs are there, but where they were made: at Azure they lie in a folder called as the artifact."
        );
    }

    private int Last() => tasks.FindLastIndex(static one => one.Act is Act.Script);

    private void Keep(Node step, Node at, string why)
    {
        Add(step, new Act.Foreign("azure", GitHubForeign.Kept(step)), static task => task);
        notes.LeftOut(
            at,
            $"The step '{tasks[^1].Name}' is kept for Azure alone: {why}",
            "It is done nowhere else. Write what it does as a script, and remove 'foreign'."
        );
    }

    private void Add(Node step, Act act, Func<JobTask, JobTask> more)
    {
        var said = Foreign.Text(Foreign.Find(step, "name"));
        var usual = string.Create(CultureInfo.InvariantCulture, $"task-{tasks.Count + 1}");
        var task = new JobTask
        {
            Name = Foreign.Free(said is not null && Foreign.IsWord(said) ? said : usual, taken),
            Act = act,
        };
        if (act is not Act.Foreign)
        {
            task = task with
            {
                Title = Foreign.Text(Foreign.Find(step, "displayName")) is { } title ? texts.Filled(title) : null,
                Timeout = Number(step, "timeoutInMinutes") is > 0 and < 50_000 and var minutes
                    ? TimeSpan.FromMinutes(minutes)
                    : null,
                Retries = Math.Min(Number(step, "retryCountOnTaskFailure") ?? 0, 10),
                MayFail = Foreign.IsTrue(Foreign.Find(step, "continueOnError")),
            };
            SayOthers(step);
        }
        tasks.Add(more(task));
    }

    private void SayOthers(Node step)
    {
        foreach (var key in new[] { "failOnStderr", "target", "ignoreLASTEXITCODE", "errorActionPreference" })
        {
            if (Foreign.Find(step, key) is { } other)
            {
                notes.LeftOut(
                    other,
                    $"'{key}' of a script",
                    "It fails when its command does, and runs where its job does."
                );
            }
        }
    }

    private static int? Number(Node step, string key) =>
        int.TryParse(
            Foreign.Text(Foreign.Find(step, key)),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;

    private static List<string> Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
