using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Files;

/// <summary>Checks every condition and every <c>${{ }}</c> of a pipeline: that it can be read, and that all it names is known there.</summary>
internal sealed class ExpressionChecks(Findings findings)
{
    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "zsh", "/bin/sh", "/bin/bash", "pwsh"];

    public static void Check(Pipeline pipeline, Node root, Findings findings)
    {
        var checks = new ExpressionChecks(findings);
        checks.Texts(root.At("env"), pipeline.Env, new());
        if (pipeline.Concurrency is { } runs)
        {
            var node = root.At("concurrency", "group");
            checks.Text(node is Node.Scalar ? node : root.At("concurrency"), runs.Group, new());
        }
        foreach (var job in pipeline.Jobs)
        {
            checks.Of(job, root.At("jobs", job.Name), pipeline.Env.Keys);
        }
    }

    private void Of(Job job, Node node, IEnumerable<string> outer)
    {
        var known = new Vocabulary { Needs = Names(job.Needs) };
        Condition(node.At("if"), job.If, known with { HasStatus = true });
        known = known with { Matrix = Names(Variables(job)) };
        Text(node.At("machine"), job.Machine, known);
        Text(node.At("environment"), job.Environment, known);
        known = known with { HasMachine = true, Env = Names(outer) };
        Text(node.At("title"), job.Title, known);
        Texts(node.At("env"), job.Env, known);
        Texts(node.At("tools"), job.Tools, known);
        Plain(node, "image", job.Image is { } image ? [image] : []);
        Plain(node, "shards", [.. job.Shards?.Files ?? [], .. job.Shards?.List ?? []]);
        foreach (var service in job.Services)
        {
            var place = node.At("services", service.Name);
            Plain(place, "image", [service.Image]);
            Plain(place, "ready", service.Ready);
            Plain(place, "env", service.Env.Values);
        }
        foreach (var folder in job.Caches)
        {
            Plain(node, "caches", [.. folder.Paths, .. folder.Key]);
        }
        known = known with { Env = Names([.. outer, .. job.Env.Keys]) };
        // A job of one task is written as that task, and what it says of both is the job's.
        var several = node.At("tasks") is Node.Sequence { Items.Count: > 0 };
        for (var at = 0; at < job.Tasks.Count; at++)
        {
            var place = several ? node.At("tasks", at) : node;
            Text(several ? place.At("title") : place, several ? job.Tasks[at].Title : null, known);
            Of(job.Tasks[at], place, known);
        }
    }

    private void Of(JobTask task, Node node, Vocabulary known)
    {
        known = known with { HasFiles = true, HasStatus = true };
        Texts(node.At("env"), task.Env, known);
        known = known with { Env = Names([.. known.Env ?? Names([]), .. task.Env.Keys]) };
        Condition(node.At("if"), task.If, known);
        Plain(node, "inputs", task.Inputs ?? []);
        Plain(node, "outputs", task.Outputs);
        Plain(node, "folder", [task.Folder]);
        Plain(node, "reports", task.Reports);
        switch (task.Act)
        {
            case Act.Script script:
                Text(node.At("script"), script.Text, known);
                Handed(node.At("script"), script.Text, known);
                break;
            case Act.Command command:
                for (var at = 0; at < command.Words.Count; at++)
                {
                    Text(node.At("run", at), command.Words[at], known);
                    if (at > 1 && command.Words[at - 1] == "-c" && Shells.Contains(command.Words[0]))
                    {
                        Handed(node.At("run", at), command.Words[at], known);
                    }
                }
                break;
            case Act.Deploy:
            case Act.Foreign:
            default:
                break;
        }
    }

    private void Condition(Node node, string? text, Vocabulary known)
    {
        if (text is null)
        {
            return;
        }
        var (condition, fault) = Expressions.Condition.Parse(text);
        Add(node, text, fault is null ? known.Check(condition!.Expression!) : [fault]);
    }

    private void Texts(Node node, IReadOnlyDictionary<string, string> texts, Vocabulary known)
    {
        foreach (var (name, text) in texts)
        {
            Text(node.At(name), text, known);
        }
    }

    private void Text(Node node, string? text, Vocabulary known)
    {
        if (text is null || !TextTemplate.IsIn(text))
        {
            return;
        }
        var (template, fault) = TextTemplate.Parse(text);
        if (fault is not null)
        {
            Add(node, text, [fault]);
            return;
        }
        foreach (var part in template!.Parts)
        {
            if (part.Expression is { } expression)
            {
                Add(node, text, known.Check(expression).Select(one => one with { At = one.At + part.At }));
            }
        }
    }

    /// <summary>What others name must not become a part of a script.</summary>
    private void Handed(Node node, string text, Vocabulary known)
    {
        if (!TextTemplate.IsIn(text) || TextTemplate.Parse(text).Template is not { } template)
        {
            return;
        }
        foreach (var part in template.Parts)
        {
            if (part.Expression is not { } expression || !Outside.IsIn(expression) || known.Check(expression).Any())
            {
                continue;
            }
            var said = ExpressionText.Of(expression);
            findings.Add(
                Spot(node, text, part.At),
                node.Path,
                "injection",
                (
                    $"{node.Path}: {Shown.Quoted(said)} would become a part of the script.",
                    "Others may choose it: a branch can be named $(command), and the script would run that.",
                    Outside.Variable(expression) is { } variable
                        ? $"The script has the variable: write \"${variable}\"."
                        : $"Hand it on, env: {{ VALUE: '${{{{ {said} }}}}' }}, and write \"$VALUE\" in the script."
                )
            );
        }
    }

    /// <summary>What is taken as it stands: an expression there would be silently a text.</summary>
    private void Plain(Node node, string key, IEnumerable<string> texts)
    {
        if (texts.Any(TextTemplate.IsIn))
        {
            findings.Add(
                node.At(key),
                "expression",
                (
                    $"{node.At(key).Path} holds an expression.",
                    $"'{key}' is taken as it stands, so that it can be known before anything runs.",
                    "Write what it is, or part the job into several."
                )
            );
        }
    }

    private void Add(Node node, string text, IEnumerable<ExpressionFault> faults)
    {
        foreach (var fault in faults)
        {
            findings.Add(
                Spot(node, text, fault.At),
                node.Path,
                "expression",
                ($"{node.Path}: {fault.What}", fault.Why, fault.Fix)
            );
        }
    }

    /// <summary>Where a letter of a text stands in the file; the text itself where quotes and lines part the two.</summary>
    private static Spot Spot(Node node, string text, int at) =>
        node is Node.Scalar { IsPlain: true } scalar
        && scalar.Text == text
        && !text.Contains('\n', StringComparison.Ordinal)
            ? node.Spot with
            {
                Column = node.Spot.Column + at,
            }
            : node.Spot;

    private static IEnumerable<string> Variables(Job job) =>
        [
            .. job.Matrix?.Axes.Select(static one => one.Name) ?? [],
            .. job.Matrix?.Include.SelectMany(static one => one.Keys) ?? [],
            .. job.Shards is null ? (string[])[] : [Shards.Axis, Shards.IndexAxis],
        ];

    private static HashSet<string> Names(IEnumerable<string> names) => new(names, StringComparer.OrdinalIgnoreCase);
}
