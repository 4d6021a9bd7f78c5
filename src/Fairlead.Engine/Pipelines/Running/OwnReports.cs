using Fairlead.Engine.Pipelines.Reports;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>
/// Reports that one task wrote itself. What an earlier run left is removed before, as outputs are; where jobs that may go on at the same time write to the
/// same place, nobody knows whose a report is.
/// </summary>
internal sealed class OwnReports(PipelineRun whole)
{
    /// <summary>Removes what lies there, so that nothing of an earlier run is taken for this one's.</summary>
    public void Clear(TaskWork work)
    {
        // Those of others that go on at the same time are not ours to remove; then no test is let pass either.
        if (work.Task.Reports.Count > 0 && !whole.Quarantine.IsEmpty && OtherWith(work, []) is null)
        {
            work.Workspace.Clear(work.Task.Reports);
        }
    }

    /// <returns>Null when there are none, or when they may be those of another task.</returns>
    public TestSummary? Read(TaskWork work)
    {
        if (work.Task.Reports.Count == 0)
        {
            return null;
        }
        List<WorkFile> files = [.. work.Workspace.Find(work.Task.Reports).Where(static one => !one.IsLink)];
        if (files.Count > 0 && OtherWith(work, files) is { } other)
        {
            whole.Ports.Say(
                $"{work.Shown}: {other} writes reports to the same place, so tests in quarantine are not looked for: give each its own files, or the job 'apart: true'"
            );
            return null;
        }
        return TestReports.Of(whole.Ports.Open(work.Workspace.Root), files);
    }

    private string? OtherWith(TaskWork work, List<WorkFile> files)
    {
        // In a copy of the source nobody else writes.
        if (work.Workspace != whole.Ports.Workspace)
        {
            return null;
        }
        var paths = files.Select(static one => one.Path).ToHashSet(StringComparer.Ordinal);
        var (graph, before) = (whole.Graph, whole.Graph.Before(work.Run));
        return graph
            .Runs.Where(
                (run, at) =>
                    run.Id != work.Run.Id
                    && !run.Job.IsApart
                    && !before.Contains(at)
                    && !graph.Before(run).Any(earlier => graph.Runs[earlier].Id == work.Run.Id)
            )
            .SelectMany(static run => run.Job.Tasks.Select(task => (run.Id, task)))
            .Where(one => one.task.Reports.Count > 0)
            .FirstOrDefault(one =>
                one.task.Reports.SequenceEqual(work.Task.Reports)
                || work.Workspace.Find(one.task.Reports).Any(file => paths.Contains(file.Path))
            )
            .Id;
    }
}
