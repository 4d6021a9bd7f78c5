using System.Globalization;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Files;

/// <summary>The tasks of a job: those of its list, or the one that it is itself.</summary>
internal static class TaskReader
{
    public static IReadOnlyList<JobTask> Of(string job, JobEntry written, Node node, Findings findings)
    {
        if (written.Tasks is not { } several)
        {
            return One(written.Name ?? job, written, node, findings) is { } one
                ? [one with { Timeout = null, MayFail = false, If = null, Env = new Dictionary<string, string>() }]
                : [];
        }
        if (Acts(written).Any())
        {
            findings.Add(
                node,
                "two-meanings",
                (
                    $"{node.Path} says '{Acts(written).First()}' and 'tasks'.",
                    "A job is one task, or has a list of them.",
                    $"Move '{Acts(written).First()}' into the list."
                )
            );
        }
        if (several.Count == 0)
        {
            findings.Add(
                node.At("tasks"),
                "no-tasks",
                ($"{node.Path} has no tasks.", "There would be nothing to do.", "Write: tasks: [{ run: make }]")
            );
        }
        var tasks = new List<JobTask>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < several.Count; at++)
        {
            var place = node.At("tasks", at);
            var name = several[at].Name ?? string.Create(CultureInfo.InvariantCulture, $"task-{at + 1}");
            if (!names.Add(name))
            {
                findings.Add(
                    place,
                    "duplicate-name",
                    (
                        $"{place.Path} is called '{name}', as one before it.",
                        "Results are kept by name.",
                        "Give it another name."
                    )
                );
            }
            if (One(name, several[at], place, findings) is { } task)
            {
                tasks.Add(task);
            }
        }
        return tasks;
    }

    private static JobTask? One(string name, TaskEntry written, Node node, Findings findings)
    {
        var acts = Acts(written).ToList();
        if (acts.Count != 1)
        {
            findings.Add(
                node,
                "no-act",
                (
                    acts.Count == 0
                        ? $"{node.Path} says nothing to do."
                        : $"{node.Path} says {string.Join(" and ", acts)}.",
                    "A task is one of: run, script, deploy, foreign.",
                    "Write for example: run: npm test"
                )
            );
            return null;
        }
        if (written.Shell is not null && written.Script is null)
        {
            findings.Add(
                node.At("shell"),
                "no-script",
                (
                    $"{node.Path} says a shell for no script.",
                    "Only scripts are read by one.",
                    "Write 'script' instead of 'run', or remove 'shell'."
                )
            );
        }
        return new()
        {
            Name = name,
            Title = written.Title,
            Act = ActOf(written),
            Inputs = written.Inputs,
            Outputs = written.Outputs ?? [],
            Env = written.Env ?? new Dictionary<string, string>(),
            Folder = written.Folder ?? ".",
            If = written.If,
            Timeout = written.Timeout,
            Retries = written.Retries ?? 0,
            MayFail = written.MayFail ?? false,
            IsOnce = written.Once ?? written.Deploy is not null,
            Reports = written.Reports ?? [],
        };
    }

    private static Act ActOf(TaskEntry written) =>
        written.Run is { } command ? new Act.Command(command.Words)
        : written.Script is { } text ? new Act.Script(written.Shell ?? "sh", text)
        : written.Foreign is { } foreign ? new Act.Foreign(foreign.System, foreign.Text)
        : new Act.Deploy(written.Deploy!);

    private static IEnumerable<string> Acts(TaskEntry written)
    {
        if (written.Run is not null)
        {
            yield return "run";
        }
        if (written.Script is not null)
        {
            yield return "script";
        }
        if (written.Deploy is not null)
        {
            yield return "deploy";
        }
        if (written.Foreign is not null)
        {
            yield return "foreign";
        }
    }
}
