using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>
/// Sees whether a task reads what its inputs do not name: then a change there would not be noticed, and the task be taken for up to date. What it may read is its
/// inputs, what it makes itself, and what those before it make.
/// </summary>
/// <param name="before">Globs of what was made for it.</param>
internal sealed class Undeclared(TaskWork work, IReadOnlyList<string> before, IOpenings openings) : IDisposable
{
    private const int NamesMax = 5;
    private const int EvidenceMax = 100;

    private readonly HashSet<string> inputs = Paths(work, work.Task.Inputs!);

    /// <returns>Null when it read nothing else, so far as could be seen.</returns>
    public Problem? End()
    {
        var seen = openings.End();
        // Once more, as its command may have brought about what its inputs name.
        var allowed = new HashSet<string>(inputs, StringComparer.Ordinal);
        foreach (var globs in new[] { work.Task.Inputs!, work.Task.Outputs, work.Task.Reports, before })
        {
            allowed.UnionWith(Paths(work, globs));
        }
        var more = seen.Read.Where(one => !allowed.Contains(one)).ToList();
        return more.Count > 0 ? Reads(more)
            : seen.IsWhole ? null
            : new Problem(
                "pipeline.undeclared-input",
                What: $"Not all that {work.Name} read could be seen.",
                Why: "It opened more files at once than Linux keeps for whoever looks on.",
                Fix: "Let it keep more: sysctl fs.inotify.max_queued_events=1000000"
            );
    }

    public void Dispose() => openings.Dispose();

    private static HashSet<string> Paths(TaskWork work, IReadOnlyList<string> globs) =>
        globs.Count == 0 ? [] : [.. work.Workspace.Find(globs).Select(static one => one.Path)];

    private Problem Reads(List<string> files)
    {
        var text = CultureInfo.InvariantCulture;
        var names = string.Join(", ", files.Take(NamesMax));
        var others = files.Count > NamesMax ? string.Create(text, $" and {files.Count - NamesMax} more") : "";
        return new(
            "pipeline.undeclared-input",
            What: string.Create(
                text,
                $"{work.Name} read {(files.Count == 1 ? "a file" : $"{files.Count} files")} that its inputs do not name: {names}{others}."
            ),
            Why: "When such a file changes, the task would be taken for up to date. Another program that reads there meanwhile is seen too.",
            Fix: $"Name it under 'inputs' of {work.Name}, or the job that makes it under 'needs': inputs: [{names}]"
        )
        {
            Evidence = [.. files.Take(EvidenceMax)],
        };
    }
}
