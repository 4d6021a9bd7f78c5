using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Jenkins;

/// <summary>Writes one task as a step, in the blocks that say how it is done.</summary>
internal sealed class JenkinsStepExport(Job job, JenkinsTexts texts, TranslationNotes notes)
{
    /// <summary>A text of a program for Java has no more than 65535 bytes.</summary>
    private const int LettersMax = 20_000;

    public void Write(GroovyText block, JobTask task)
    {
        var place = $"{job.Name}.{task.Name}";
        if (task.Act is Act.Foreign { System: "jenkins", Text: var own })
        {
            block.As(own);
            return;
        }
        if (task.Inputs is not null)
        {
            notes.LeftOut(
                place,
                "Its inputs are said.",
                "Jenkins does every step again: nothing is taken from an earlier run."
            );
        }
        List<string> heads = [.. Variables(task, place)];
        if (task.If is { } text)
        {
            if (Condition(text) is not { } groovy)
            {
                notes.LeftOut(place, $"Its condition: {text}", "Jenkins cannot say it: the task is not run there.");
                block.Line(
                    $"echo {GroovyText.Quoted($"{task.Name}: not exported, since its condition cannot be said here")}"
                );
                return;
            }
            if (groovy != "true")
            {
                heads.AddRange(job.Services.Count == 0 ? ["script", $"if ({groovy})"] : [$"if ({groovy})"]);
                notes.Approximated(place, $"Its condition: {text}", "Groovy minds the case of letters.");
            }
        }
        heads.AddRange(Manner(task));
        block.Blocks(heads, inner => inner.Line(Step(task, place)));
    }

    /// <summary>In Groovy; null when it cannot be said: a step that failed ends its stage.</summary>
    private string? Condition(string text)
    {
        if (Expressions.Condition.Parse(text).Condition?.Expression is not { } expression)
        {
            return null;
        }
        var (status, rest) = StatusAsked.Of(expression);
        return status != Status.Success ? null
            : rest is null ? "true"
            : new JenkinsConditions(texts).Groovy(rest);
    }

    private static IEnumerable<string> Manner(JobTask task)
    {
        if (task.MayFail)
        {
            yield return "catchError(buildResult: 'SUCCESS', stageResult: 'UNSTABLE')";
        }
        if (task.Retries > 0)
        {
            yield return $"retry({JenkinsExport.Number(task.Retries + 1)})";
        }
        if (task.Timeout is { } time)
        {
            yield return $"timeout(time: {JenkinsExport.Number((long)Math.Max(1, Math.Ceiling(time.TotalSeconds)))}, unit: 'SECONDS')";
        }
        if (task.Folder != ".")
        {
            yield return $"dir({GroovyText.Quoted(task.Folder)})";
        }
    }

    private IEnumerable<string> Variables(JobTask task, string place)
    {
        List<string> variables = [];
        foreach (var (name, text) in task.Env)
        {
            if (texts.Value(text, before: $"{name}=") is { } value)
            {
                variables.Add(value);
            }
            else
            {
                notes.LeftOut(place, $"The variable {name}", $"Jenkins cannot work out its value: {text}");
            }
        }
        return variables.Count > 0 ? [$"withEnv([{string.Join(", ", variables)}])"] : [];
    }

    private string Step(JobTask task, string place)
    {
        var (kind, body) = task.Act switch
        {
            Act.Command command => ("sh", Words(command)),
            Act.Script { Shell: "sh" or "dash" or "ash", Text: var text } => ("sh", texts.Script(text)),
            Act.Script { Shell: "bash", Text: var text } => (
                "sh",
                texts.Script(text) is { } script ? $"#!/usr/bin/env bash\nset -eo pipefail\n{script}" : null
            ),
            Act.Script { Shell: "pwsh" or "powershell", Text: var text } script => (
                script.Shell,
                texts.PowerShell(text)
            ),
            Act.Script { Shell: "cmd", Text: var text } => ("bat", JenkinsTexts.Program(text)),
            Act.Script script => (
                "sh",
                JenkinsTexts.Program(script.Text) is { } text
                    ? ShellText.Fed(ShellText.Quoted(script.Shell), text)
                    : null
            ),
            Act.Deploy deploy => ("sh", $"fairlead deploy . --environment {ShellText.Quoted(deploy.Environment)}"),
            _ => ("sh", null),
        };
        var label = task.Title is { } title && !TextTemplate.IsIn(title) ? title : null;
        if (body is { Length: < LettersMax })
        {
            SayShell(task, place);
            return label is null
                ? $"{kind} {GroovyText.Quoted(body)}"
                : $"{kind} label: {GroovyText.Quoted(label)}, script: {GroovyText.Quoted(body)}";
        }
        notes.LeftOut(
            place,
            task.Act is Act.Foreign foreign ? $"It is a step of {foreign.System}."
                : body is null ? "It asks for what Jenkins cannot work out."
                : "Its script is longer than a text of a Jenkinsfile may be.",
            "The build fails there, so that nobody misses it."
        );
        return $"error {GroovyText.Quoted($"{task.Name}: it was not exported")}";
    }

    private void SayShell(JobTask task, string place)
    {
        if (task.Act is Act.Script script && TextTemplate.IsIn(script.Text))
        {
            notes.Approximated(
                place,
                "Its script has expressions.",
                "They are variables of the shell there, which single quotes do not fill in."
            );
        }
    }

    private string? Words(Act.Command command)
    {
        var words = command.Words.Select(texts.Word).ToList();
        return words.Contains(null) ? null : string.Join(' ', words);
    }
}
