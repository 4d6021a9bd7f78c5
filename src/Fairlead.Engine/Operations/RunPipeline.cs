using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Reports;
using Fairlead.Engine.Pipelines.Running;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Runs a pipeline on this machine, as a CI system would.</summary>
public static class RunPipeline
{
    public sealed record Input
    {
        [Description("Jobs to run, with all they need; all that do not begin by hand when left out.")]
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

        [Description("Run everything, and keep nothing of it for later runs.")]
        public bool NoCache { get; init; }

        [Description(
            "One job at a time, and a task fails that reads files of the folder which its inputs do not name; what is up to date is checked with --no-cache."
        )]
        public bool Strict { get; init; }

        [Description("Go on with the last run, which was interrupted: what ended well in it is not done again.")]
        public bool Resume { get; init; }

        [Description("Tasks that are done again though an interrupted run may have done them, as JOB/TASK.")]
        public IReadOnlyList<string>? Again { get; init; }

        [Description(
            "Where jobs with an image run: here, or kubernetes, each as a Job of a cluster; here when left out."
        )]
        public RunPlace? On { get; init; }

        [Description("The cluster, as the kubeconfig calls it; the one that is chosen there when left out.")]
        public string? Context { get; init; }

        [Description("The cluster's namespace; default when left out.")]
        public string? Namespace { get; init; }

        [Description("Where images with the source are sent for the cluster, such as registry.example.com/team.")]
        public string? Registry { get; init; }

        [Description(
            "Only jobs that a change touches, and what they need: of files that differ from the main branch, be it in commits or not yet."
        )]
        public bool Affected { get; init; }

        [Description("Only jobs that changes since this branch, tag or commit touch; where both parted counts.")]
        public string? Since { get; init; }

        [Description("Run, then run again what changes of inputs touch, until it is ended by Ctrl-C.")]
        public bool Watch { get; init; }

        [Description("What conditions take as the event: push, change, tag, schedule or manual; manual when left out.")]
        public string? Event { get; init; }
    }

    /// <param name="Took">With all that was waited for.</param>
    /// <param name="CriticalPath">The longest chain of needs in it: no machine could have been quicker.</param>
    /// <param name="Flaky">Tasks that failed and ended well with the same key.</param>
    /// <param name="Tests">What reports of tests say, all together; null when no task has any.</param>
    /// <param name="Quarantine">What became of tests in quarantine; null when there are none, and none are called for.</param>
    /// <param name="Problems">Why it did not end well; empty when it did.</param>
    public sealed record Output(
        string Pipeline,
        string Run,
        string Took,
        string CriticalPath,
        IReadOnlyDictionary<string, int> Tasks,
        IReadOnlyList<string> Flaky,
        TestSummary? Tests,
        QuarantineSummary? Quarantine,
        IReadOnlyList<Problem> Problems
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "ci.run",
            "Run the pipeline here, in parallel, without what is up to date.",
            Effect.Changes,
            OfFolderAsync
        )
        {
            Examples =
            [
                "fairlead ci run",
                "fairlead ci run test --cores 2",
                "NPM_TOKEN=$(cat token) fairlead ci run publish --event tag",
                "fairlead ci run --strict --no-cache",
                "fairlead ci run --affected",
                "fairlead ci run --watch",
                "fairlead ci run test --since origin/release-2",
                "fairlead ci run --resume",
            ],
            FailsByProblems = true,
            Needs = Need.Anybody,
            Runs = Runs.Here,
            ReadsUsual = RunPipelineWords.Read,
            WritesUsual = RunPipelineWords.Write,
        };

    private static PipelinePorts PortsOf(Input input, EngineContext engine)
    {
        var ports = engine.OpenPipelines(input.Folder) with { Say = engine.Say };
        if (input.On is not RunPlace.Kubernetes)
        {
            return ports;
        }
        var registry = input.Registry ?? throw new ProblemException(RunProblems.NoRegistry());
        return ports with { Rooms = ports.InCluster(new(input.Context, input.Namespace ?? "default", registry)) };
    }

    internal static async Task<Output> OfFolderAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var ports = PortsOf(input, engine);
        using var shared = ports.Shared;
        if (input.Watch)
        {
            return await WatchAsync(input, ports, engine, stop);
        }
        var loaded = LoadedPipeline.Of(engine.OpenFolder(input.Folder), ports, input.File, input.Jobs ?? []);
        if (await loaded.AffectedAsync(input.Affected, input.Since, input.File, stop) is { } affected)
        {
            loaded = loaded with { Graph = affected.Only };
            engine.Say(affected.Text);
        }
        RunNeeds.Check(loaded);
        using var alone = ports.Shelf.Enter();
        await Resuming.SweepAsync(loaded, stop);
        var done = Resuming.Of(loaded, input.Resume, input.Again ?? []);
        return await OnceAsync(input, loaded, done, engine, stop);
    }

    private static async Task<Output> WatchAsync(
        Input input,
        PipelinePorts ports,
        EngineContext engine,
        CancellationToken stop
    )
    {
        if (input is not { Affected: false, Since: null, Resume: false, On: null or RunPlace.Here })
        {
            throw new ProblemException(RunProblems.WatchWith());
        }
        LoadedPipeline Load() =>
            LoadedPipeline.Of(engine.OpenFolder(input.Folder), ports, input.File, input.Jobs ?? []);
        using var alone = ports.Shelf.Enter();
        await Resuming.SweepAsync(Load(), stop);
        var loop = new WatchLoop(
            ports,
            PipelineFile.PathOf(input.File),
            Load,
            async (round, cut) =>
            {
                // Each round has its own: what a team's cache is sent is settled when one ends.
                var own = PortsOf(input, engine);
                using var shared = own.Shared;
                var todo = round with { Ports = own };
                RunNeeds.Check(todo);
                var output = await OnceAsync(input, todo, new HashSet<string>(), engine, cut);
                foreach (var problem in output.Problems)
                {
                    engine.Say($"watch: {problem.What} {problem.Why}");
                }
            }
        );
        await loop.RunAsync(stop);
        throw new OperationCanceledException(stop);
    }

    private static async Task<Output> OnceAsync(
        Input input,
        LoadedPipeline loaded,
        IReadOnlySet<string> done,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var ports = loaded.Ports;
        var cores = input.Strict ? 1 : input.Cores ?? ports.Cores;
        var settings = new RunSettings(cores, RunEvents.Of(ports, input.Event), loaded.Source)
        {
            IsStrict = input.Strict,
            UsesCache = !input.NoCache,
            DoneBefore = done,
        };
        var run = new PipelineRun(loaded.Pipeline, loaded.Graph, ports, settings);
        var record = await run.RunAsync(stop);
        var lines = Waterfall.Lines(loaded.Graph, record);
        foreach (var line in lines)
        {
            engine.Say(line);
        }
        return new(
            record.Pipeline,
            record.Id,
            Durations.Text(record.Took ?? TimeSpan.Zero),
            Durations.Text(Waterfall.CriticalPath(loaded.Graph, record)),
            record
                .Results.GroupBy(static one => Waterfall.Word(one.Outcome))
                .OrderBy(static one => one.Key, StringComparer.Ordinal)
                .ToDictionary(static one => one.Key, static one => one.Count()),
            [.. record.Results.Where(static one => one.IsFlaky).Select(static one => $"{one.Job}/{one.Task}")],
            TestReports.Of(loaded, record, engine.OpenFolder(input.Folder)),
            run.Quarantined,
            run.Problems
        );
    }
}

/// <summary>Where jobs with an image run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunPlace>))]
public enum RunPlace
{
    /// <summary>By this machine's container engine.</summary>
    [JsonStringEnumMemberName("here")]
    Here,

    /// <summary>In a cluster.</summary>
    [JsonStringEnumMemberName("kubernetes")]
    Kubernetes,
}
