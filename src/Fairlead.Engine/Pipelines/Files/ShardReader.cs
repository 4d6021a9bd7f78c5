using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Sharding;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Files;

/// <summary>How a job's tests are parted, and what would go wrong with that.</summary>
internal static class ShardReader
{
    /// <param name="job">As it is written, and its tasks.</param>
    public static Shards Of(
        ShardsEntry written,
        (JobEntry Entry, IReadOnlyList<JobTask> Tasks) job,
        Node node,
        Findings findings
    )
    {
        var place = node.At("shards");
        void Add(string code, string what, string why, string fix) => findings.Add(place, code, (what, why, fix));
        if (written is { Files: not null, List: not null })
        {
            Add(
                "two-meanings",
                $"{place.Path} says 'files' and 'list'.",
                "One of them says which tests there are.",
                "Remove one of them."
            );
        }
        if (written.Files?.All(static one => one.StartsWith('!')) == true)
        {
            Add(
                "no-tests",
                $"{place.Path} names no files.",
                "There would be nothing to part.",
                "Write: files: [test/**/*.test.js]"
            );
        }
        if (job.Entry.Matrix is { } matrix && Names(matrix).FirstOrDefault(ShardNames.IsTaken) is { } taken)
        {
            Add(
                "two-meanings",
                $"{node.Path} has shards, and a variable '{taken}' of its matrix.",
                $"The number of a shard is called matrix.{Shards.Axis}, and matrix.{Shards.IndexAxis} from 0.",
                "Give the variable another name."
            );
        }
        if (job.Tasks.FirstOrDefault(static one => one.IsOnce) is { } once)
        {
            Add(
                "shards-once",
                $"{node.Path} has shards, and its task '{once.Name}' must not be done twice.",
                "Each shard would do it.",
                "Let it be a job of its own that needs this one."
            );
        }
        // In a copy of its own each makes its own, and all that they make comes together, as with a matrix.
        if (job.Entry.Apart != true && job.Tasks.FirstOrDefault(static one => one.Outputs.Count > 0) is { } maker)
        {
            Add(
                "shards-outputs",
                $"{node.Path} has shards, and its task '{maker.Name}' has outputs.",
                "Each shard would remove what the others made, since all make it in the same folder.",
                "Give each a copy of the source, 'apart: true', or let what makes them be a job of its own that this one needs; results of tests are 'reports'."
            );
        }
        return new(written.Count) { Files = written.Files ?? [], List = written.List?.Words ?? [] };
    }

    /// <summary>Tasks that say what they read also read the tests that are parted.</summary>
    public static IReadOnlyList<JobTask> WithFiles(IReadOnlyList<JobTask> tasks, ShardsEntry? shards) =>
        shards?.Files is not { } files
            ? tasks
            :
            [
                .. tasks.Select(task =>
                    task.Inputs is { } inputs
                        ? task with
                        {
                            Inputs = [.. inputs, .. files.Where(one => !one.StartsWith('!') && !inputs.Contains(one))],
                        }
                        : task
                ),
            ];

    private static IEnumerable<string> Names(MatrixEntry matrix) =>
        (matrix.Axes?.Keys ?? []).Concat((matrix.Include ?? []).SelectMany(static one => one.Keys));
}
