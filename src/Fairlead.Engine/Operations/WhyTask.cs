using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Pipelines.Running;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Says exactly what differs between a task now and when it was last done.</summary>
public static class WhyTask
{
    public sealed record Input
    {
        [Description("The job, or JOB/TASK.")]
        [Positional]
        public required string Task { get; init; }

        [Description("Folder with the pipeline.")]
        [Folder]
        public required string Folder { get; init; }

        [Description("The pipeline's file, from the folder; fairlead.pipeline.yaml when left out.")]
        public string? File { get; init; }
    }

    /// <param name="Changes">What is other than when it was last done; empty when nothing is.</param>
    /// <param name="Parts">How many things decide it.</param>
    public sealed record Output(string Task, string Will, string Why, IReadOnlyList<string> Changes, int Parts);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("ci.why", "Say what changed since a task was last done.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead ci why build", "fairlead ci why 'test (node: 22)/unit'"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var ports = engine.OpenPipelines(input.Folder);
        using var shared = ports.Shared;
        // A task's name may be that of its job, whose values may hold a slash.
        var job = input.Task.Split('/', ' ')[0];
        var loaded = LoadedPipeline.Of(engine.OpenFolder(input.Folder), ports, input.File, [job]);
        var occasion = RunEvents.Of(ports, RunEvents.Manual);
        var plan = new PipelinePlan(loaded, new(ports.Cores, occasion, loaded.Source));
        var tasks = await plan.TasksAsync(stop);
        var found =
            tasks.FirstOrDefault(one => $"{one.Job}/{one.Task}" == input.Task)
            ?? tasks.LastOrDefault(one => one.Job == input.Task)
            ?? tasks.LastOrDefault(one => one.Job.StartsWith($"{job} (", StringComparison.Ordinal))
            ?? throw new ProblemException(Unknown(input.Task, tasks));
        return new($"{found.Job}/{found.Task}", found.Will, found.Why, found.Changes, found.Parts);
    }

    private static Problem Unknown(string task, IReadOnlyList<PlannedTask> tasks) =>
        new(
            "pipeline.unknown-task",
            What: $"There is no task '{task}'.",
            Why: $"There are: {string.Join(", ", tasks.Take(20).Select(static one => $"{one.Job}/{one.Task}"))}.",
            Fix: "Name one of them: fairlead ci why JOB/TASK"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
