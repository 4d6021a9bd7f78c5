using System.Globalization;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors.GitHub;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>Writes one task as a step.</summary>
internal sealed class AzureStepExport(Job job, AzureTexts texts, TranslationNotes notes)
{
    /// <summary>What Azure's bash does not do by itself: end at the first command that fails.</summary>
    public const string Strict = "set -eo pipefail\n";

    public const string StrictSh = "set -e\n";

    public object Write(JobTask task, int at)
    {
        var place = $"{job.Name}.{task.Name}";
        if (task.Act is Act.Foreign { System: "azure", Text: var own } && GitHubForeign.Step(own) is { } kept)
        {
            return kept;
        }
        SayLosses(task, place);
        var (condition, isSaid) = new AzureConditions
        {
            Variables = texts.Variables,
            MachineVariables = GitHubJobExport
                .MachineAxes(job.Machine, job.Matrix)
                .Select(AzureNames.Axis)
                .ToHashSet(StringComparer.Ordinal),
        }.Of(task.If);
        if (!isSaid)
        {
            notes.LeftOut(place, $"Its condition: {task.If}", "Azure cannot say it: the task is not run there.");
            condition = "eq(1, 2)";
        }
        var (kind, body) = Body(task, place);
        var usual = string.Create(CultureInfo.InvariantCulture, $"task-{at + 1}");
        var isPlain = (job.Tasks.Count == 1 && task.Name == job.Name) || task.Name == usual;
        return new YamlGroup()
            .Add(kind, body)
            .Add("displayName", task.Title is { } title ? Value(title, "title", place) : null)
            .Add("name", isPlain ? null : AzureNames.Plain(task.Name))
            .Add("condition", condition)
            .Add("workingDirectory", Folder(task.Folder))
            .Add("env", Env(task, place))
            .Add("timeoutInMinutes", task.Timeout is { } time ? GitHubTexts.Minutes(time) : null)
            .Add("continueOnError", task.MayFail ? true : null)
            .Add("retryCountOnTaskFailure", task.Retries == 0 ? null : task.Retries);
    }

    /// <summary>A deployment begins somewhere else than a job.</summary>
    private string? Folder(string folder) =>
        job.Environment is not null
            ? folder == "."
                ? "$(Build.SourcesDirectory)"
                : $"$(Build.SourcesDirectory)/{folder}"
            : folder == "."
                ? null
                : folder;

    private (string Kind, string Body) Body(JobTask task, string place)
    {
        var (kind, body) = task.Act switch
        {
            Act.Command command => ("bash", Words(command)),
            Act.Script { Shell: "bash", Text: var text } => ("bash", Strictly(texts.Script(text), Strict)),
            Act.Script { Shell: "sh" or "dash" or "ash", Text: var text } => (
                "bash",
                Strictly(texts.Script(text), StrictSh)
            ),
            Act.Script { Shell: "pwsh" or "powershell", Text: var text } script => (script.Shell, texts.Script(text)),
            Act.Script { Shell: "cmd", Text: var text } => ("script", texts.Program(text)),
            Act.Script script => (
                "bash",
                texts.Program(script.Text) is { } text ? ShellText.Fed(ShellText.Quoted(script.Shell), text) : null
            ),
            Act.Deploy deploy => ("bash", $"fairlead deploy . --environment {ShellText.Quoted(deploy.Environment)}"),
            _ => ("bash", null),
        };
        if (body is not null)
        {
            SayShell(task, place);
            return (kind, body);
        }
        notes.LeftOut(
            place,
            task.Act is Act.Foreign foreign
                ? $"It is a step of {foreign.System}."
                : "It asks for what Azure cannot work out.",
            "The job fails there, so that nobody misses it."
        );
        return ("bash", $"echo {ShellText.Quoted($"{task.Name}: it was not exported")} >&2; exit 1");
    }

    private void SayShell(JobTask task, string place)
    {
        if (task.Act is not Act.Script script)
        {
            return;
        }
        if (texts.HasSpaced(script.Text))
        {
            notes.Approximated(
                place,
                "Its script has a command in $( ) that is called as a variable.",
                "Azure would fill in the variable: a space before the name keeps it the command."
            );
        }
        if (script.Shell is "sh" or "dash" or "ash")
        {
            notes.Approximated(place, $"It is a script for {script.Shell}.", "Azure has bash, which reads it too.");
        }
    }

    private string? Words(Act.Command command)
    {
        var words = command.Words.Select(texts.Word).ToList();
        return words.Contains(null) ? null : string.Join(' ', words);
    }

    private static string? Strictly(string? text, string strict) =>
        text is null || IsOneCommand(text) ? text : strict + text;

    /// <summary>Whether a script ends with how its only command ended, whatever the shell was told.</summary>
    public static bool IsOneCommand(string text) => text.Trim('\n').IndexOfAny(['\n', ';', '|', '&']) < 0;

    private YamlGroup Env(JobTask task, string place)
    {
        var env = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in texts.Apart.Concat(task.Env))
        {
            if (Value(text, $"The variable {name}", place) is { } filled)
            {
                env[name] = filled;
            }
        }
        var tokens = AzureThinJob.WithToken(AzureThinJob.Secrets(job.Secrets), task.Act is Act.Deploy);
        foreach (var (name, macro) in tokens)
        {
            env.TryAdd(name, macro);
        }
        return YamlGroup.Of(env);
    }

    private string? Value(string text, string what, string place)
    {
        var value = texts.Value(text);
        if (value is null)
        {
            notes.LeftOut(place, what, $"Azure cannot work it out: {text}");
        }
        return value;
    }

    private void SayLosses(JobTask task, string place)
    {
        if (task.Inputs is not null)
        {
            notes.LeftOut(
                place,
                "Its inputs are said.",
                "Azure does every step again: nothing is taken from an earlier run."
            );
        }
        if (task.Timeout is { } time && time.Ticks % TimeSpan.TicksPerMinute != 0)
        {
            notes.Approximated(place, $"It ends after {time}.", "Azure counts whole minutes: it was rounded up.");
        }
    }
}
