using Fairlead.Engine.Pipelines.Running;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Pipelines.Reports;

/// <summary>Reports of all tasks of a run that have any, taken together.</summary>
internal static class TestReports
{
    private const int FilesMax = 1_000;

    /// <returns>Null when no task that is done has reports.</returns>
    public static TestSummary? Of(LoadedPipeline loaded, RunRecord record, IFileTree tree)
    {
        // A task that never ran has the reports of another run.
        var done = record
            .Results.Where(static one => one.IsGood || one.Outcome is TaskOutcome.Failed or TaskOutcome.TimedOut)
            .Select(static one => $"{one.Job}/{one.Task}")
            .ToHashSet(StringComparer.Ordinal);
        var globs = loaded
            .Graph.Runs.SelectMany(run => run.Job.Tasks.Where(task => done.Contains($"{run.Id}/{task.Name}")))
            .SelectMany(static task => task.Reports)
            .Distinct()
            .ToList();
        return globs.Count == 0
            ? null
            : loaded
                .Ports.Workspace.Find(globs)
                .Where(static one => !one.IsLink)
                .Take(FilesMax)
                .Select(file => Read(tree, file.Path))
                .Aggregate(TestSummary.Nothing, static (all, one) => all.And(one));
    }

    /// <summary>What the reports of one task say, as they lie there now.</summary>
    /// <returns>Null when there are none.</returns>
    public static TestSummary? Of(IFileTree tree, IReadOnlyList<WorkFile> files) =>
        files.Count == 0 ? null
        : files.Count > FilesMax ? TestSummary.Nothing with { Unread = [$"more than {FilesMax} files"] }
        : files.Select(file => Read(tree, file.Path)).Aggregate(TestSummary.Nothing, static (all, one) => all.And(one));

    private static TestSummary Read(IFileTree tree, string path) =>
        tree.ReadBytes(path) is { } bytes
            ? ReportFormats.Read(System.Text.Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF'), path)
            : TestSummary.Nothing with
            {
                Unread = [$"{path}: it is too large, or cannot be read"],
            };
}
