using System.Globalization;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>What can go wrong when tests are parted, in words.</summary>
internal static class ShardProblems
{
    /// <param name="count">0, or more than <paramref name="max"/>.</param>
    public static Problem Tests(TaskWork work, int count, int max) =>
        new(
            "pipeline.shards-tests",
            What: string.Create(
                CultureInfo.InvariantCulture,
                $"{work.Name} has {(count == 0 ? "no" : count)} tests to part into shards."
            ),
            Why: count > 0 ? string.Create(CultureInfo.InvariantCulture, $"At most {max} are parted.")
                : work.Run.Job.Shards!.Files is { Count: > 0 } files
                    ? $"No file fits {string.Join(", ", files)}, and a run without tests would look like one that passed."
                : $"'{string.Join(' ', work.Run.Job.Shards.List)}' printed none, and a run without tests would look like one that passed.",
            Fix: count > 0
                ? "Name folders or packages instead of each file."
                : "Mend 'shards' of the job, or remove it."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem Name(TaskWork work, string test) =>
        new(
            "pipeline.shards-tests",
            What: $"A test of {work.Name} is called {Manifests.Reading.Shown.Quoted(test)}.",
            Why: "Lines part the names of a shard's tests, so none may hold a line's end or the like.",
            Fix: "Give the file another name, or leave it out with '!' under 'shards'."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    /// <param name="lines">The last that it printed.</param>
    public static Problem List(TaskWork work, int? code, IReadOnlyList<string> lines) =>
        new(
            "pipeline.shards-list",
            What: $"What lists the tests of {work.Name} {(code is { } number ? string.Create(CultureInfo.InvariantCulture, $"ended with exit code {number}") : "did not end in its time")}.",
            Why: lines.LastOrDefault(static one => one.Trim().Length > 0) ?? "It printed nothing.",
            Fix: $"See why: {string.Join(' ', work.Run.Job.Shards!.List)}"
        )
        {
            Evidence = lines,
        };
}
