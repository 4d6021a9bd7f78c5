using System.Globalization;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors.GitHub;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>Writes one task as a step.</summary>
internal sealed class CircleStepExport(Job job, CircleTexts texts, TranslationNotes notes)
{
    private const int RetriesMax = 5;

    public object Write(JobTask task, int at)
    {
        var place = $"{job.Name}.{task.Name}";
        if (task.Act is Act.Foreign { System: "circleci", Text: var own } && GitHubForeign.Step(own) is { } kept)
        {
            return kept;
        }
        SayLosses(task, place);
        var (status, rest) = Condition(task.If);
        var logic = rest is null ? null : CircleConditions.Logic(rest, texts.Parameters);
        if (status is null || (rest is not null && logic is null))
        {
            notes.LeftOut(place, $"Its condition: {task.If}", "CircleCI cannot say it: the task is not run there.");
            return CircleExport.Run(
                new YamlGroup().Add(
                    "command",
                    $"echo {ShellText.Quoted($"{task.Name}: not exported, since its condition cannot be said here")}"
                )
            );
        }
        var usual = string.Create(CultureInfo.InvariantCulture, $"task-{at + 1}");
        var isPlain = (job.Tasks.Count == 1 && task.Name == job.Name) || task.Name == usual;
        var step = new YamlGroup().Add(
            "name",
            task.Title is { } title ? Value(title, "title", place)
                : isPlain ? null
                : task.Name
        );
        AddAct(step, task, place);
        AddEnv(step, task, place);
        step.Add("working_directory", task.Folder == "." ? null : CircleTexts.Literal(task.Folder))
            .Add("no_output_timeout", task.Timeout is { } time ? Time(time) : null)
            .Add(
                "when",
                status switch
                {
                    Status.Failure => "on_fail",
                    Status.Ended or Status.Always => "always",
                    _ => null,
                }
            )
            .Add("max_auto_reruns", task.Retries > 0 && !task.MayFail ? Math.Min(task.Retries, RetriesMax) : null);
        var run = CircleExport.Run(step);
        return logic is null
            ? run
            : new YamlGroup().Add("when", new YamlGroup().Add("condition", logic).AddItems("steps", [run]));
    }

    private static (Status? Status, Expression? Others) Condition(string? text) =>
        text is not null && Expressions.Condition.Parse(text).Condition?.Expression is { } expression
            ? StatusAsked.Of(expression)
            : (Status.Success, null);

    private void AddAct(YamlGroup step, JobTask task, string place)
    {
        var shell = task.Act is Act.Script script ? script.Shell : "bash";
        var (body, own) = Body(task.Act, shell);
        if (body is null)
        {
            notes.LeftOut(
                place,
                task.Act is Act.Foreign foreign
                    ? $"It is a step of {foreign.System}."
                    : "It asks for what CircleCI cannot work out.",
                "The job fails there, so that nobody misses it."
            );
            step.Add("command", $"echo {ShellText.Quoted($"{task.Name}: it was not exported")} >&2; exit 1");
            return;
        }
        var isOther = own is "pwsh" or "powershell" or "cmd.exe";
        if (task.MayFail && isOther)
        {
            notes.LeftOut(place, "It may fail.", $"In {shell} the job fails with it.");
        }
        step.Add("command", task.MayFail && !isOther ? Forgiven(task.Act, body) : body).Add("shell", own);
    }

    /// <summary>What runs, and in which shell when it is not the usual one; nothing when it cannot be said.</summary>
    private (string? Text, string? Shell) Body(Act act, string shell)
    {
        switch (act)
        {
            case Act.Command command:
                var words = command.Words.Select(texts.Word).ToList();
                return (words.Contains(null) ? null : string.Join(' ', words), null);
            case Act.Script script when shell == "bash":
                return (texts.Script(script.Text), null);
            case Act.Script script when shell is "sh" or "dash" or "ash" or "zsh":
                return (texts.Script(script.Text), $"{shell} -e");
            case Act.Script script when shell is "pwsh" or "powershell" or "cmd":
                return (texts.Script(script.Text), shell == "cmd" ? "cmd.exe" : shell);
            case Act.Script script:
                return (
                    texts.Script(script.Text) is { } text
                        ? ShellText.Fed(CircleTexts.Literal(ShellText.Quoted(shell)), text, "\\<<")
                        : null,
                    null
                );
            case Act.Deploy deploy:
                return (
                    $"fairlead deploy . --environment {CircleTexts.Literal(ShellText.Quoted(deploy.Environment))}",
                    null
                );
            case Act.Foreign:
                return (null, null);
            default:
                throw new InvalidOperationException("The set of acts is closed.");
        }
    }

    /// <summary>It still ends at its first command that fails, which it would not on the left of <c>|| true</c>.</summary>
    private static string Forgiven(Act act, string body) =>
        act is Act.Script ? $"set +e\n(\nset -e\n{body.TrimEnd('\n')}\n)\nexit 0\n" : $"{body} || true";

    private void AddEnv(YamlGroup step, JobTask task, string place)
    {
        var variables = new YamlGroup();
        foreach (var (name, text) in task.Env)
        {
            variables.Add(name, Value(text, $"The variable {name}", place));
        }
        step.Add("environment", variables);
    }

    private string? Value(string text, string what, string place)
    {
        var value = texts.Value(text);
        if (value is null)
        {
            notes.LeftOut(place, what, $"CircleCI cannot work it out: {text}");
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
                "CircleCI does every step again: nothing is taken from an earlier run."
            );
        }
        if (task.Retries > 0 && (task.MayFail || task.Retries > RetriesMax))
        {
            notes.LeftOut(
                place,
                $"It is done again when it fails, {task.Retries} times at most.",
                task.MayFail
                    ? "CircleCI does steps again that fail, and one that may fail never does."
                    : $"CircleCI does it again {RetriesMax} times."
            );
        }
        if (task.Timeout is { } time)
        {
            notes.Approximated(
                place,
                $"It ends after {time}.",
                "CircleCI ends a step only when it says nothing for that long."
            );
        }
    }

    private static string Time(TimeSpan time) =>
        time.Ticks % TimeSpan.TicksPerMinute == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0}m")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0}s");
}
