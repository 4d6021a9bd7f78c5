using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Pipelines.Running;

namespace Fairlead.Engine.Operations;

/// <summary>Says what a run of a pipeline would do, and why, without doing it.</summary>
public static class PlanPipeline
{
    public sealed record Input
    {
        [Description("Jobs, with all they need; all that do not begin by hand when left out.")]
        [Positional]
        public IReadOnlyList<string>? Jobs { get; init; }

        [Description("Folder with the pipeline.")]
        [Folder]
        public required string Folder { get; init; }

        [Description("The pipeline's file, from the folder; fairlead.pipeline.yaml when left out.")]
        public string? File { get; init; }

        [Description("How many cores it may keep busy; all when left out.")]
        [Range(1, 256)]
        public int? Cores { get; init; }

        [Description(
            "Only jobs that a change touches, and what they need: of files that differ from the main branch, be it in commits or not yet."
        )]
        public bool Affected { get; init; }

        [Description("Only jobs that changes since this branch, tag or commit touch; where both parted counts.")]
        public string? Since { get; init; }

        [Description("What conditions take as the event: push, change, tag, schedule or manual; manual when left out.")]
        public string? Event { get; init; }
    }

    /// <param name="Forecast">How long it is expected to take, as tasks took before.</param>
    public sealed record Output(
        string Pipeline,
        IReadOnlyList<PlannedTask> Tasks,
        string Forecast,
        string CriticalPath
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "ci.plan",
            "Say what a run of the pipeline would do, and why.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead ci plan", "fairlead ci plan --affected", "fairlead ci plan test --json"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var ports = engine.OpenPipelines(input.Folder);
        using var shared = ports.Shared;
        var loaded = LoadedPipeline.Of(engine.OpenFolder(input.Folder), ports, input.File, input.Jobs ?? []);
        var affected = await loaded.AffectedAsync(input.Affected, input.Since, input.File, stop);
        var all = loaded.Graph;
        loaded = loaded with { Graph = affected?.Only ?? all };
        var occasion = RunEvents.Of(ports, input.Event);
        var plan = new PipelinePlan(loaded, new(input.Cores ?? ports.Cores, occasion, loaded.Source));
        var tasks = await plan.TasksAsync(stop);
        var expected = plan.Expected(tasks);
        var cores = input.Cores ?? ports.Cores;
        return new(
            loaded.Pipeline.Name,
            affected is null ? tasks : Explained(all, affected, tasks),
            Durations.Text(Schedule.Forecast(loaded.Graph, cores, expected)),
            Durations.Text(new Schedule(loaded.Graph, cores, expected).CriticalPath)
        );
    }

    // All of them, so that one sees what is left out, and why.
    private static List<PlannedTask> Explained(Graph all, Affected affected, IReadOnlyList<PlannedTask> tasks)
    {
        var planned = tasks.ToDictionary(static one => (one.Job, one.Task));
        return
        [
            .. all.Runs.SelectMany(run =>
                run.Job.Tasks.Select(task =>
                    planned.TryGetValue((run.Id, task.Name), out var one)
                        ? one with
                        {
                            Why = $"{affected.Why(run, task)}; {one.Why}",
                        }
                        : new PlannedTask(run.Id, task.Name, "leave", affected.Why(run, task), null)
                )
            ),
        ];
    }
}
