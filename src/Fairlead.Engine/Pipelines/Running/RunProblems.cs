using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>What can go wrong in a run, in words.</summary>
internal static class RunProblems
{
    public static Problem Failed(TaskWork work, TaskResult result, IReadOnlyList<string> lines) =>
        new(
            result.Outcome == TaskOutcome.TimedOut ? "pipeline.timed-out" : "pipeline.failed",
            What: $"{work.Name} {(result.ExitCode is { } code ? $"ended with exit code {code}" : "did not end in its time")}.",
            Why: lines.LastOrDefault(static one => one.Trim().Length > 0) ?? "It printed nothing.",
            Fix: result.Outcome == TaskOutcome.TimedOut
                ? "Give it more time with 'timeout', or see what it waits for."
                : $"See what it printed, mend it, and run it again: fairlead ci run {work.Run.Job.Name}"
        )
        {
            Evidence = lines,
        };

    public static Problem Late(Job job, string name) =>
        new(
            "pipeline.timed-out",
            What: $"{name} did not end in the time of its job.",
            Why: $"All tasks of '{job.Name}' together have {Durations.Text(job.Timeout)}.",
            Fix: "Give it more time with 'timeout', or see what it waits for."
        );

    public static Problem Tool(Job job, (string Name, string Wanted) tool, string? version) =>
        new(
            "pipeline.tool",
            What: $"Job '{job.Name}' wants {tool.Name} {tool.Wanted}{(version is null ? ", which is not here" : "")}.",
            Why: version is null ? $"No program {tool.Name} answers to its version." : $"Here is {version}.",
            Fix: $"Install {tool.Name} {tool.Wanted}, or ask for what is here under 'tools'."
        );

    public static Problem Containers(Job job) =>
        new(
            "pipeline.needs-containers",
            What: $"Job '{job.Name}' asks for {(job.Image is null ? $"the server '{job.Services[0].Name}'" : $"the image {job.Image}")}.",
            Why: "There is no engine that runs containers: nothing says where one is, and no socket is where Docker or Podman have theirs.",
            Fix: "Install Docker or Podman, or say where it is: FAIRLEAD_CONTAINERS=unix:///path/docker.sock fairlead ci run. Other jobs run without: fairlead ci run JOB"
        );

    public static Problem NotInCluster(Job job, string why) =>
        new(
            "pipeline.not-in-cluster",
            What: $"Job '{job.Name}' cannot run in a cluster.",
            Why: $"A cluster does jobs of one task in an image; {why}.",
            Fix: "Write it as one script without outputs, or run it on this machine, without --on kubernetes."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem NoRegistry() =>
        new(
            "pipeline.needs-registry",
            What: "Nothing says how the source comes into the cluster.",
            Why: "It is sent in images, by a registry from which the cluster fetches.",
            Fix: "Say which: fairlead ci run --on kubernetes --registry registry.example.com/team"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem WatchWith() =>
        new(
            "pipeline.watch-with",
            What: "--watch does not go together with --affected, --since, --resume and --on kubernetes.",
            Why: "It begins with all jobs, and decides by itself what changes touch.",
            Fix: "Leave them out: fairlead ci run --watch"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem Foreign(string name, JobTask task) =>
        new(
            "pipeline.foreign",
            What: $"{name} can only be done by {(task.Act as Act.Foreign)?.System ?? "another system"}.",
            Why: "It was taken over as it stands in that system's file.",
            Fix: "Replace it by a command or a script, or skip it here with 'if'."
        );
}
