using System.Globalization;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>
/// Which jobs a change touches. Where it cannot be known, a job is touched: one that says no inputs may read anything. What a touched job needs comes along, since it
/// works with what that makes.
/// </summary>
public sealed class Affected
{
    private const int NamesMax = 3;

    private readonly Graph graph;
    private readonly ChangedFiles changed;
    private readonly IWorkspace workspace;
    private readonly Dictionary<string, string> reasons = new(StringComparer.Ordinal);
    private readonly bool[] isIn;

    /// <param name="file">The pipeline's own file, from the folder.</param>
    public Affected(Graph graph, ChangedFiles changed, IWorkspace workspace, string file)
    {
        (this.graph, this.changed, this.workspace) = (graph, changed, workspace);
        isIn = new bool[graph.Runs.Count];
        var isAll = changed.Paths.Contains(file);
        for (var at = 0; at < isIn.Length; at++)
        {
            isIn[at] = Touch(graph.Runs[at], isAll ? $"{file} changed" : null);
        }
        Bring();
    }

    /// <summary>The jobs that are to be done, with all they need.</summary>
    public Graph Only => graph.Only(isIn);

    /// <summary>Whether a job is to be done.</summary>
    /// <param name="at">Its place in the graph.</param>
    public bool IsIn(int at) => isIn[at];

    /// <summary>Why a task is touched, or is not.</summary>
    public string Why(JobRun run, JobTask task) => reasons[$"{run.Id}/{task.Name}"];

    /// <summary>What it came to, in a line.</summary>
    public string Text =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(changed.Paths.Count, "file")} changed since {changed.Since}: {isIn.Count(static one => one)} of {Count(isIn.Length, "job")} to do"
        );

    private bool Touch(JobRun run, string? all)
    {
        var need = run.Needs.Where(one => isIn[one]).Select(one => graph.Runs[one].Id).FirstOrDefault();
        var isTouched = false;
        foreach (var task in run.Job.Tasks)
        {
            var why = all ?? (need is null ? Reason(task) : $"needs {need}, which a change touches");
            reasons[$"{run.Id}/{task.Name}"] =
                why
                ?? (
                    isTouched ? "one before it in its job is touched"
                    : changed.Paths.Count == 0 ? "nothing changed"
                    : "no changed file is among its inputs"
                );
            isTouched |= why is not null;
        }
        return isTouched;
    }

    // From behind, so that what is brought brings what it needs.
    private void Bring()
    {
        for (var at = isIn.Length - 1; at >= 0; at--)
        {
            foreach (var need in isIn[at] ? graph.Runs[at].Needs : [])
            {
                if (isIn[need])
                {
                    continue;
                }
                isIn[need] = true;
                foreach (var task in graph.Runs[need].Job.Tasks)
                {
                    reasons[$"{graph.Runs[need].Id}/{task.Name}"] = $"{graph.Runs[at].Id} needs it";
                }
            }
        }
    }

    private string? Reason(JobTask task)
    {
        if (changed.Paths.Count == 0)
        {
            return null;
        }
        if (task.Inputs is not { } inputs)
        {
            return "its inputs are not said, so any change may touch it";
        }
        // Digests of files in variables decide too, and may be of any.
        if (
            task.Env.Values.Append((task.Act as Act.Script)?.Text ?? "").Any(HasFiles)
            || (task.Act as Act.Command)?.Words.Any(HasFiles) == true
        )
        {
            return "it asks for hashFiles, so any change may touch it";
        }
        var read = TaskKeys.Read(inputs, task.Outputs);
        var found = changed.Paths.Where(path => workspace.Fits(read, path)).Take(NamesMax + 1).ToList();
        return found.Count == 0
            ? null
            : $"{string.Join(", ", found.Take(NamesMax))}{(found.Count > NamesMax ? " and more" : "")} changed";
    }

    private static bool HasFiles(string text) => text.Contains("hashFiles", StringComparison.Ordinal);

    private static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
