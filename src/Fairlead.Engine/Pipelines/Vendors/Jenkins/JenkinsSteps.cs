using System.Globalization;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Jenkins;

/// <summary>How a step is done: what the blocks around it say.</summary>
internal sealed record JenkinsManner
{
    public string Folder { get; init; } = ".";

    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    public TimeSpan? Timeout { get; init; }

    public int Retries { get; init; }

    public bool MayFail { get; init; }

    public string? If { get; init; }
}

/// <summary>
/// Reads the steps of a stage. Scripts become tasks that are always done; steps that a job can say otherwise, it says; code of Groovy
/// and steps of plugins are kept for Jenkins alone.
/// </summary>
internal sealed class JenkinsSteps(JenkinsSettings settings, TranslationNotes notes)
{
    private readonly List<JobTask> tasks = [];
    private readonly OrderedDictionary<string, string> asked = new(StringComparer.Ordinal);

    public List<string> Secrets { get; } = [];

    public IReadOnlyList<JobTask> Tasks => tasks;

    /// <summary>What the job says beyond the pipeline, with what its scripts read of Jenkins.</summary>
    public OrderedDictionary<string, string> Env(
        IReadOnlyDictionary<string, string> env,
        IReadOnlyDictionary<string, string> whole
    )
    {
        var own = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in env.Where(one => whole.GetValueOrDefault(one.Key) != one.Value))
        {
            own[name] = value;
        }
        foreach (var (name, value) in asked.Where(one => !env.ContainsKey(one.Key)))
        {
            own[name] = value;
        }
        // Axes are variables of the environment there.
        foreach (var axis in settings.Matrix?.Axes ?? [])
        {
            own[axis.Name] = $"${{{{ matrix.{axis.Name} }}}}";
        }
        return own;
    }

    public void Post(GroovyCall? post)
    {
        foreach (var way in post?.Block ?? [])
        {
            string? condition;
            switch (way.Name)
            {
                case "always" or "cleanup":
                    condition = "always()";
                    break;
                case "failure" or "unsuccessful":
                    condition = "failure()";
                    break;
                case "aborted":
                    condition = "cancelled()";
                    break;
                case "success":
                    condition = null;
                    break;
                default:
                    notes.LeftOut(
                        way.Spot,
                        $"What is done when it is '{Shown.Line(way.Name)}'",
                        "Tasks ask how it went, and not how it went before."
                    );
                    continue;
            }
            notes.Mapped(
                way.Spot,
                $"'{way.Name}' of 'post'",
                condition is null ? "tasks at its end" : $"tasks at its end, with: if: {condition}"
            );
            Read(way.Block ?? [], new() { If = condition });
        }
    }

    public void Read(IReadOnlyList<GroovyCall> steps, JenkinsManner manner)
    {
        foreach (var step in steps)
        {
            if (!Script(step, manner) && !Wrapped(step, manner) && !Said(step))
            {
                Keep(
                    step,
                    manner,
                    step.Name.Length == 0 || step.Name == "script"
                        ? "it is code of Groovy."
                        : $"the step '{Shown.Line(step.Name)}' is not known here, or what it is given is worked out."
                );
            }
        }
    }

    private bool Script(GroovyCall step, JenkinsManner manner)
    {
        var shell = step.Name switch
        {
            "sh" or "echo" => "sh",
            "bat" => "cmd",
            "powershell" or "pwsh" => step.Name,
            _ => null,
        };
        var value = step.First ?? step.Named.GetValueOrDefault("script") ?? step.Named.GetValueOrDefault("message");
        if (
            shell is null
            || value is null
            || step.Block is not null
            || step.Named.Keys.Any(static one => one is not ("script" or "label" or "message" or "encoding"))
            || (shell != "sh" && value.IsFilled)
            || JenkinsText.Script(value) is not { } text
        )
        {
            return false;
        }
        if (step.Name == "echo")
        {
            if (value.IsFilled)
            {
                return false;
            }
            text = $"echo {ShellText.Quoted(text)}";
        }
        (shell, text) = Read(shell, Even(text));
        if (text.Trim().Length == 0)
        {
            notes.LeftOut(step.Spot, "A script", "It is empty.");
            return true;
        }
        Ask(step, text);
        Add(new Act.Script(shell, text), manner, step.Text("label"));
        notes.Mapped(
            step.Spot,
            "A script",
            "A task that is always done: say its 'inputs', and it is not done again when they did not change."
        );
        return true;
    }

    /// <summary>A script that names its shell in its first line is one for that.</summary>
    private static (string Shell, string Text) Read(string shell, string text)
    {
        if (
            shell != "sh"
            || !text.StartsWith("#!", StringComparison.Ordinal)
            || text.IndexOf('\n', StringComparison.Ordinal) is not (> 0 and var end)
        )
        {
            return (shell, text);
        }
        var words = text[2..end].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var program = Path.GetFileName(words is ["/usr/bin/env", var named, ..] ? named : words.FirstOrDefault() ?? "");
        var rest = text[(end + 1)..];
        const string Strict = "set -eo pipefail\n";
        return program switch
        {
            "bash" when rest.StartsWith(Strict, StringComparison.Ordinal) && rest.Length > Strict.Length => (
                "bash",
                rest[Strict.Length..]
            ),
            // Without more words it goes on after a line that fails.
            "bash" => (
                "bash",
                words.Contains("-e") || words.Contains("-xe") ? $"set +o pipefail\n{rest}" : $"set +eo pipefail\n{rest}"
            ),
            "sh" => ("sh", words.Contains("-e") || words.Contains("-xe") ? rest : $"set +e\n{rest}"),
            _ => ("sh", text),
        };
    }

    /// <summary>Without the indent that all lines have; texts that a script holds in lines of its own keep theirs.</summary>
    private static string Even(string text)
    {
        var lines = text.TrimStart('\n').TrimEnd(' ', '\t').Split('\n');
        if (text.Contains("<<", StringComparison.Ordinal) || !text.StartsWith('\n'))
        {
            return text.StartsWith('\n') ? string.Join('\n', lines) : text;
        }
        var indent = lines
            .Where(static one => one.Trim().Length > 0)
            .Select(static one => one.Length - one.TrimStart(' ', '\t').Length)
            .DefaultIfEmpty(0)
            .Min();
        return string.Join('\n', lines.Select(one => one.Length >= indent ? one[indent..].TrimEnd(' ', '\t') : ""));
    }

    private void Ask(GroovyCall step, string text)
    {
        foreach (var name in JenkinsText.Reads(text))
        {
            if (JenkinsText.Known.TryGetValue(name, out var value))
            {
                asked[name] = value;
            }
            else if (
                name is "WORKSPACE" or "WORKSPACE_TMP" or "CHANGE_ID" or "EXECUTOR_NUMBER" or "GIT_URL"
                || name.StartsWith("BUILD_", StringComparison.Ordinal)
                || name.StartsWith("JOB_", StringComparison.Ordinal)
                || name.StartsWith("NODE_", StringComparison.Ordinal)
                || name.StartsWith("JENKINS_", StringComparison.Ordinal)
            )
            {
                notes.LeftOut(
                    step.Spot,
                    $"Its script reads {name}.",
                    "Jenkins sets it, and nobody does here: say it under 'env', or write what it stands for."
                );
            }
        }
    }

    /// <summary>Blocks that say how what is in them is done.</summary>
    private bool Wrapped(GroovyCall step, JenkinsManner manner)
    {
        if (step.Block is not { } inside)
        {
            return false;
        }
        var inner = step.Name switch
        {
            "dir" when step.Text() is { } folder && Inner(manner.Folder, folder) is { } path => manner with
            {
                Folder = path,
            },
            "timeout" when JenkinsText.Time(step) is { } time => manner with
            {
                Timeout = manner.Timeout < time ? manner.Timeout : time,
            },
            "retry"
                when int.TryParse(step.First?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var times) =>
                manner with
                {
                    Retries = Math.Clamp(times - 1, 0, 10),
                },
            "warnError" => manner with { MayFail = true },
            "catchError" when (step.Text("buildResult") ?? "FAILURE") is "SUCCESS" or "UNSTABLE" => manner with
            {
                MayFail = true,
            },
            "withEnv" when WithEnv(step, manner) is { } more => more,
            "withCredentials" when Credentials(step) => manner,
            "timestamps" or "ansiColor" => manner,
            _ => null,
        };
        if (inner is null)
        {
            return false;
        }
        if (inside.Count > 1 && step.Name is "retry" or "timeout" or "warnError" or "catchError")
        {
            notes.Approximated(step.Spot, $"'{step.Name}' of several steps", "It is said of each of them here.");
        }
        else
        {
            notes.Mapped(step.Spot, $"'{step.Name}'", "It is said of the tasks in it.");
        }
        Read(inside, inner);
        return true;
    }

    private static string? Inner(string outer, string folder)
    {
        var path = folder.StartsWith("./", StringComparison.Ordinal) ? folder[2..] : folder;
        path = path.TrimEnd('/');
        path =
            path is "" or "." ? outer
            : outer == "." ? path
            : $"{outer}/{path}";
        return Foreign.IsFolder(path) && !path.Contains("${{", StringComparison.Ordinal) ? path : null;
    }

    private static JenkinsManner? WithEnv(GroovyCall step, JenkinsManner manner)
    {
        var env = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in manner.Env)
        {
            env[name] = value;
        }
        foreach (var item in step.First?.Items ?? [])
        {
            var at = item.Text.IndexOf('=', StringComparison.Ordinal);
            if (
                !item.IsText
                || at < 1
                || !Foreign.IsVariable(item.Text[..at])
                || JenkinsText.Value(item with { Text = item.Text[(at + 1)..] }) is not { } value
            )
            {
                return null;
            }
            env[item.Text[..at]] = value;
        }
        return manner with { Env = env };
    }

    private bool Credentials(GroovyCall step)
    {
        List<string> names = [];
        foreach (var item in step.First?.Items ?? [])
        {
            var variables = item.Call switch
            {
                { Name: "string" } call => [call.Text("variable")],
                { Name: "usernamePassword" } call => [call.Text("usernameVariable"), call.Text("passwordVariable")],
                _ => (string?[])[],
            };
            if (variables.Length == 0 || variables.Any(static one => one is null || !Foreign.IsVariable(one)))
            {
                return false;
            }
            names.AddRange(variables.OfType<string>());
        }
        Secrets.AddRange(names);
        notes.Approximated(
            step.Spot,
            $"It uses the credentials {Shown.Line(string.Join(", ", names))}.",
            "Secrets have the names of their variables here: set them so."
        );
        return true;
    }

    /// <summary>Steps that a job says in another way.</summary>
    private bool Said(GroovyCall step)
    {
        switch (step.Name)
        {
            case "checkout" when step.Given is [{ Text: "scm" }]:
                notes.Mapped(step.Spot, "'checkout'", "The source is always there.");
                return true;
            case "cleanWs" or "deleteDir":
                notes.Mapped(step.Spot, $"'{step.Name}'", "Copies of the source go away by themselves.");
                return true;
            case "unstash":
                notes.Mapped(step.Spot, "'unstash'", "Outputs of jobs that it needs are there.");
                return true;
            case "junit":
                return Results(step, step.Text() ?? step.Text("testResults"));
            case "stash":
                return Outputs(step, step.Text("includes") ?? "**", step.Text("excludes"));
            case "archiveArtifacts":
                return Outputs(step, step.Text() ?? step.Text("artifacts"), step.Text("excludes"));
            default:
                return false;
        }
    }

    private bool Results(GroovyCall step, string? said)
    {
        var globs = Globs(said);
        var last = Last();
        if (last < 0 || globs.Count == 0 || !globs.TrueForAll(Foreign.IsGlob))
        {
            return false;
        }
        tasks[last] = tasks[last] with { Reports = [.. tasks[last].Reports, .. globs] };
        notes.Mapped(step.Spot, "'junit'", $"reports of the task '{tasks[last].Name}'");
        return true;
    }

    private bool Outputs(GroovyCall step, string? included, string? excluded)
    {
        List<string> globs = [.. Globs(included), .. Globs(excluded).Select(static one => $"!{one}")];
        var last = Last();
        if (last < 0 || Globs(included).Count == 0 || !globs.TrueForAll(Foreign.IsGlob))
        {
            return false;
        }
        tasks[last] = tasks[last] with { Outputs = [.. tasks[last].Outputs.Union(globs, StringComparer.Ordinal)] };
        notes.Mapped(step.Spot, $"'{step.Name}'", $"outputs of the task '{tasks[last].Name}'");
        return true;
    }

    private static List<string> Globs(string? said) =>
        [.. (said ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private int Last() =>
        tasks.FindLastIndex(static one => one is { Act: Act.Script, If: null }) is >= 0 and var at
            ? at
            : tasks.FindLastIndex(static one => one.Act is Act.Script);

    private void Keep(GroovyCall step, JenkinsManner manner, string why)
    {
        Add(
            new Act.Foreign("jenkins", step.Source),
            manner with
            {
                Env = new Dictionary<string, string>(),
            },
            title: null
        );
        notes.LeftOut(
            step.Spot,
            $"The step '{tasks[^1].Name}' is kept for Jenkins alone: {why}",
            "It is done nowhere else. Write what it does as a script, and remove 'foreign'."
        );
    }

    private void Add(Act act, JenkinsManner manner, string? title) =>
        tasks.Add(
            new()
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"task-{tasks.Count + 1}"),
                Title = title is null || title.Contains("${{", StringComparison.Ordinal) ? null : title,
                Act = act,
                Folder = manner.Folder,
                Env = manner.Env,
                Timeout = manner.Timeout,
                Retries = manner.Retries,
                MayFail = manner.MayFail,
                If = manner.If,
            }
        );
}
