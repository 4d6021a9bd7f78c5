using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.GitHub;

/// <summary>
/// Reads the steps of a job. Scripts become tasks that are always done; what actions do that a job can say, it says; all other
/// actions are kept for GitHub alone.
/// </summary>
internal sealed partial class GitHubStepsImport(
    GitHubReading texts,
    Vocabulary known,
    GitHubArtifacts artifacts,
    TranslationNotes notes
)
{
    /// <summary>Files of package managers that setups keep, by tool and by what they call the manager.</summary>
    private static readonly Dictionary<string, (string Path, string Key)> Managers = new(StringComparer.Ordinal)
    {
        ["npm"] = ("~/.npm", "**/package-lock.json"),
        ["yarn"] = ("~/.cache/yarn", "**/yarn.lock"),
        ["pnpm"] = ("~/.local/share/pnpm/store", "**/pnpm-lock.yaml"),
        ["pip"] = ("~/.cache/pip", "**/requirements*.txt"),
        ["poetry"] = ("~/.cache/pypoetry", "**/poetry.lock"),
        ["maven"] = ("~/.m2/repository", "**/pom.xml"),
        ["gradle"] = ("~/.gradle/caches", "**/*.gradle*"),
    };

    private readonly List<JobTask> tasks = [];
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly HashSet<string> variables = new(
        known.Env ?? new HashSet<string>(),
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Of scripts that name none.</summary>
    public required string Shell { get; init; }

    /// <summary>What the job and the workflow say of scripts; the first that says something holds.</summary>
    public IReadOnlyList<Node?> Defaults { get; init; } = [];

    public List<string> Secrets { get; } = [];

    public Dictionary<string, string> Tools { get; } = new(StringComparer.Ordinal);

    public List<KeptFolder> Caches { get; } = [];

    public IReadOnlyList<JobTask> Tasks => tasks;

    public void Read(Node? steps)
    {
        foreach (var step in Foreign.Items(steps))
        {
            if (Foreign.Find(step, "run") is { } run)
            {
                Script(step, run);
            }
            else if (GitHubArtifacts.Action(step) is { } action)
            {
                Use(step, action);
            }
            else
            {
                notes.LeftOut(step, "A step", "It neither runs nor uses anything.");
            }
        }
    }

    private void Script(Node step, Node run)
    {
        var text = Foreign.Text(run) ?? "";
        var env = new GitHubEnvironment(texts, notes).Read(Foreign.Find(step, "env"), known);
        var here = known with { Env = variables.Concat(env.Env.Keys).ToHashSet(StringComparer.OrdinalIgnoreCase) };
        var condition = Foreign.Text(Foreign.Find(step, "if"));
        var (asked, secrets) = SecretsInside(text, run);
        var folder = Setting(step, "working-directory") is { } at ? Clean(at) : ".";
        var shell = ShellOf(Setting(step, "shell"));
        var handed = new HandedOn([.. here.Env, .. Secrets, .. secrets]);
        var neutral = texts.Filled(asked, here);
        var filled = neutral is null ? null : handed.Script(shell, neutral);
        var kept =
            neutral is null ? (run, "its script asks for what only GitHub knows.")
            : filled is null
                ? (
                    run,
                    $"others name what is filled into its script, and {Shown.Line(shell)} would read it as a part of it."
                )
            : condition is not null && texts.Condition(condition, here) is null
                ? (Foreign.Find(step, "if")!, $"its condition asks for what only GitHub knows: {Shown.Line(condition)}")
            : !Foreign.IsFolder(folder) || TextTemplate.IsIn(folder)
                ? (step, $"it runs in {Shown.Quoted(folder)}, which is worked out or leads out of the folder.")
            : !Foreign.IsProgram(shell) ? (step, "what reads its script is no program's name.")
            : ((Node At, string Why)?)null;
        if (kept is { } place)
        {
            Keep(step, place.At, place.Why);
        }
        else if (filled!.Trim().Length == 0)
        {
            notes.LeftOut(run, "A script", "It is empty.");
        }
        else
        {
            GitHubGuards.Say(Foreign.Find(step, "if"), notes);
            Secrets.AddRange(env.Secrets.Concat(secrets));
            SayHanded(run, neutral != filled);
            foreach (var (name, value) in FilesOfGitHub(text, run).Concat(handed.Env))
            {
                env.Env.TryAdd(name, value);
            }
            Add(
                step,
                new Act.Script(shell, filled),
                task =>
                    task with
                    {
                        Folder = folder,
                        If = condition is null ? null : GitHubGuards.Left(texts.Condition(condition, here)),
                        Env = env.Env,
                    }
            );
        }
    }

    private void SayHanded(Node run, bool isHanded)
    {
        if (isHanded)
        {
            notes.Approximated(
                run,
                "Others name what is filled into its script, such as a branch, and could write commands into it.",
                "It is read from a variable now: see that it does not stand in single quotes."
            );
        }
    }

    private string ShellOf(string? said) =>
        said switch
        {
            null => Shell,
            "python" => "python3",
            _ => said.Split(' ')[0],
        };

    private string? Setting(Node step, string key) =>
        Foreign.Text(Foreign.Find(step, key))
        ?? Defaults.Select(one => Foreign.Text(Foreign.Find(one, key))).FirstOrDefault(static one => one is not null);

    private static string Clean(string folder)
    {
        var clean = folder.TrimEnd('/');
        clean = clean.StartsWith("./", StringComparison.Ordinal) ? clean[2..] : clean;
        return clean.Length == 0 ? "." : clean;
    }

    /// <summary>A secret within a script is its variable there, which no log shows.</summary>
    private (string Text, List<string> Secrets) SecretsInside(string text, Node run)
    {
        List<string> secrets = [];
        var asked = SecretUse()
            .Replace(
                text,
                found =>
                {
                    secrets.Add(found.Groups["name"].Value);
                    return $"${found.Groups["name"].Value}";
                }
            );
        if (secrets.Count > 0)
        {
            notes.Approximated(
                run,
                $"Its script names the secret {string.Join(", ", secrets)}.",
                "It is read from the variable of that name now: see that it does not stand in single quotes."
            );
        }
        return (asked, secrets);
    }

    /// <summary>Files by which a step of GitHub tells later ones something.</summary>
    private Dictionary<string, string> FilesOfGitHub(string text, Node run)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in new[] { "GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY" })
        {
            if (!text.Contains(name, StringComparison.Ordinal))
            {
                continue;
            }
            files[name] = "/dev/null";
            if (name == "GITHUB_STEP_SUMMARY")
            {
                notes.Approximated(
                    run,
                    "Its script writes a summary.",
                    "Nobody reads it: the log tells what was done."
                );
            }
            else
            {
                notes.LeftOut(
                    run,
                    $"What its script writes to {name}",
                    "Tasks tell each other nothing but files: later ones do not see it. Write a file, or do both in one task."
                );
            }
        }
        if (files.Count == 0)
        {
            notes.Mapped(
                run,
                "A script",
                "A task that is always done: say its 'inputs', and it is not done again when they did not change."
            );
        }
        return files;
    }

    private void Use(Node step, string action)
    {
        var with = Foreign.Find(step, "with");
        var at = Foreign.Find(step, "uses")!;
        if (Foreign.Find(step, "if") is not null && action != "actions/upload-artifact")
        {
            Keep(step, at, $"'{Shown.Line(action)}' is used under a condition.");
            return;
        }
        if (action == "actions/checkout")
        {
            Checkout(at, with);
        }
        else if (GitHubActions.Tool(action) is var (tool, key))
        {
            Tool(step, at, with, (tool, key));
        }
        else if (action == "actions/cache")
        {
            Cache(at, with);
        }
        else if (action == "actions/upload-artifact")
        {
            Upload(step, at, with);
        }
        else if (action == "actions/download-artifact")
        {
            Download(step, at, with);
        }
        else
        {
            Keep(step, at, $"the action '{Shown.Line(action)}' is not known here.");
        }
    }

    private void Checkout(Node at, Node? with)
    {
        notes.Mapped(at, "'actions/checkout'", "The source is always there.");
        foreach (var entry in Foreign.Entries(with))
        {
            if (entry.Key is "fetch-depth" or "persist-credentials" or "token" or "fetch-tags")
            {
                notes.Approximated(
                    entry.Value,
                    $"'{entry.Key}' of 'actions/checkout'",
                    "The source is there as it is in the folder, with what git knows there."
                );
            }
            else
            {
                notes.LeftOut(
                    entry.Value,
                    $"'{Shown.Line(entry.Key)}' of 'actions/checkout'",
                    "Only the pipeline's own source is there."
                );
            }
        }
    }

    private void Tool(Node step, Node at, Node? with, (string Tool, string Key) tool)
    {
        var version = Foreign.Text(Foreign.Find(with, tool.Key)) ?? "";
        var place = known with { HasFiles = false, HasStatus = false };
        if (version.Contains('\n', StringComparison.Ordinal) || texts.Filled(version, place) is not { } filled)
        {
            Keep(step, at, "it sets up several versions, or one that only GitHub knows.");
            return;
        }
        Tools[tool.Tool] = filled;
        notes.Mapped(
            at,
            $"'{Shown.Line(Foreign.Text(at) ?? "")}'",
            $"tools: {{ {tool.Tool}: \"{Shown.Line(filled)}\" }}"
        );
        foreach (var entry in Foreign.Entries(with).Where(one => one.Key != tool.Key))
        {
            if (
                entry.Key == "cache"
                && Foreign.Text(entry.Value) is { } manager
                && Managers.TryGetValue(manager, out var kept)
            )
            {
                var files = Foreign.Text(Foreign.Find(with, "cache-dependency-path")) ?? kept.Key;
                Caches.Add(new([kept.Path], [.. Lines(files).Where(Foreign.IsGlob)]));
                notes.Mapped(entry.Value, $"The cache of {manager}", "caches");
            }
            else if (entry.Key is "distribution" && Foreign.Text(entry.Value) == "temurin")
            {
                notes.Mapped(entry.Value, "'distribution'", "It is the usual one.");
            }
            else if (entry.Key is not "cache-dependency-path")
            {
                notes.LeftOut(
                    entry.Value,
                    $"'{Shown.Line(entry.Key)}' of the setup of {tool.Tool}",
                    "A tool has a version here, and nothing more."
                );
            }
        }
    }

    private void Cache(Node at, Node? with)
    {
        var paths = Lines(Foreign.Text(Foreign.Find(with, "path")) ?? "");
        var key = Foreign.Text(Foreign.Find(with, "key")) ?? "";
        var files = TextTemplate
            .Parse(key)
            .Template?.Parts.Select(static one => one.Expression)
            .OfType<Expression.Called>()
            .Where(static one => one.Function == "hashFiles")
            .SelectMany(static one => one.Given)
            .OfType<Expression.Literal>()
            .Select(static one => one.Value.ToString())
            .Where(Foreign.IsGlob)
            .ToList();
        if (paths.Count == 0 || paths.Any(TextTemplate.IsIn))
        {
            notes.LeftOut(
                at,
                "'actions/cache'",
                "Its folders are worked out. It only makes things quicker, so nothing else changes."
            );
            return;
        }
        Caches.Add(new(paths, files ?? []));
        notes.Mapped(at, "'actions/cache'", "caches: what tells that it is another one are the files of its key.");
    }

    private void Upload(Node step, Node at, Node? with)
    {
        var globs = GitHubArtifacts.Globs(Foreign.Find(with, "path"));
        var last = tasks.FindLastIndex(static one => one.Act is Act.Script);
        if (last < 0 || globs.Count == 0 || globs.Any(static one => TextTemplate.IsIn(one) || !Foreign.IsGlob(one)))
        {
            Keep(step, at, "what it uploads is worked out, stands outside of the folder, or was made by no script.");
            return;
        }
        tasks[last] = tasks[last] with { Outputs = [.. tasks[last].Outputs, .. globs] };
        notes.Mapped(at, "'actions/upload-artifact'", $"outputs of the task '{tasks[last].Name}'");
        if (Foreign.Find(step, "if") is { } condition)
        {
            notes.Approximated(
                condition,
                "It uploads under a condition.",
                "Outputs are kept whenever the task made them."
            );
        }
        foreach (
            var entry in Foreign
                .Entries(with)
                .Where(static one => one.Key is not ("name" or "path" or "if-no-files-found" or "include-hidden-files"))
        )
        {
            notes.LeftOut(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of 'actions/upload-artifact'",
                "How long and how outputs are kept is said for all of them."
            );
        }
    }

    private void Download(Node step, Node at, Node? with)
    {
        if (artifacts.LaidBack(with) is { } jobs && jobs.All(job => known.Needs?.Contains(Foreign.Named(job)) ?? false))
        {
            notes.Mapped(at, "'actions/download-artifact'", "Outputs of jobs that it needs are there.");
            return;
        }
        Keep(
            step,
            at,
            "it lays an artifact somewhere else than it was made, or takes one of a job that it does not need."
        );
    }

    private void Keep(Node step, Node at, string why)
    {
        Add(step, new Act.Foreign("github", GitHubForeign.Kept(step)), static task => task);
        notes.LeftOut(
            at,
            $"The step '{tasks[^1].Name}' is kept for GitHub alone: {why}",
            "It is done nowhere else. Write what it does as a script, and remove 'foreign'."
        );
    }

    private void Add(Node step, Act act, Func<JobTask, JobTask> more)
    {
        var id = Foreign.Text(Foreign.Find(step, "id"));
        var usual = string.Create(CultureInfo.InvariantCulture, $"task-{tasks.Count + 1}");
        var title = act is Act.Foreign ? null : Foreign.Text(Foreign.Find(step, "name"));
        var task = new JobTask
        {
            Name = Foreign.Free(id is not null && Foreign.IsWord(id) ? id : usual, taken),
            Title = title is null ? null : texts.Filled(title, known with { HasFiles = true, HasStatus = true }),
            Act = act,
        };
        if (act is not Act.Foreign)
        {
            task = task with
            {
                Timeout =
                    double.TryParse(
                        Foreign.Text(Foreign.Find(step, "timeout-minutes")),
                        NumberStyles.Float,
                        CultureInfo.InvariantCulture,
                        out var minutes
                    ) && minutes is > 0 and < 50_000
                        ? TimeSpan.FromMinutes(minutes)
                        : null,
                MayFail = Foreign.IsTrue(Foreign.Find(step, "continue-on-error")),
            };
            if (Foreign.Find(step, "continue-on-error") is { } may && Foreign.Text(may) is not ("true" or "false"))
            {
                notes.Approximated(may, "'continue-on-error' is an expression.", "The task must end well here.");
            }
        }
        tasks.Add(more(task));
    }

    private static List<string> Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    [GeneratedRegex(
        @"\$\{\{\s*secrets\.(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*\}\}",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex SecretUse();
}
