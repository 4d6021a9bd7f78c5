using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>Runs of pipelines that were made on the server's machine with its state folder.</summary>
public static class ListRuns
{
    public sealed record Input
    {
        [Description("Only runs of this pipeline.")]
        [Positional]
        public string? Pipeline { get; init; }

        [Description("How many at most; 50 when left out.")]
        [Range(1, 500)]
        public int? Most { get; init; }
    }

    public sealed record Output(IReadOnlyList<Row> Runs);

    /// <param name="State">running, done, failed or interrupted.</param>
    /// <param name="Seconds">Null while it goes on, or when it was interrupted.</param>
    /// <param name="Tasks">How many there were.</param>
    /// <param name="Reused">How many of them had nothing to do, or were taken from a cache.</param>
    /// <param name="Failed">Names of those that failed, as JOB/TASK.</param>
    /// <param name="Flaky">Names of those that failed and ended well with the same key.</param>
    public sealed record Row(
        string Run,
        string Pipeline,
        string Folder,
        string Branch,
        string State,
        DateTimeOffset Began,
        double? Seconds,
        int Tasks,
        int Reused,
        IReadOnlyList<string> Failed,
        IReadOnlyList<string> Flaky
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "ci.runs",
            "List runs of pipelines that were made on the server's machine.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead ci runs"],
            Needs = Need.OfAll(Permission.Watch),
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        const int searchedMax = 500;
        var most = input.Most ?? 50;
        return Task.FromResult(
            new Output([
                .. engine
                    .Server.Runs.All(input.Pipeline is null ? most : searchedMax)
                    .Where(one => input.Pipeline is null || one.Record.Pipeline == input.Pipeline)
                    .Take(most)
                    .Select(one => RowOf(one, engine.World.Now)),
            ])
        );
    }

    // Whoever runs one writes down at least the beginning and the end of each task; a job may take an hour.
    private static readonly TimeSpan QuietMax = TimeSpan.FromHours(6);

    internal static Row RowOf(KeptRun kept, DateTimeOffset now)
    {
        var run = kept.Record;
        var failed = run
            .Results.Where(static one => one.Outcome is TaskOutcome.Failed or TaskOutcome.TimedOut)
            .Select(static one => $"{one.Job}/{one.Task}")
            .ToList();
        return new(
            run.Id,
            run.Pipeline,
            kept.Folder,
            run.Branch,
            run.Took is null
                ? now - run.Began < QuietMax && run.Open.Count > 0
                    ? "running"
                    : "interrupted"
                : failed.Count > 0 || run.Results.Any(static one => one.Outcome == TaskOutcome.Cancelled)
                    ? "failed"
                    : "done",
            run.Began,
            run.Took is { } took ? Math.Round(took.TotalSeconds, 1) : null,
            run.Results.Count,
            run.Results.Count(static one =>
                one.Outcome is TaskOutcome.UpToDate or TaskOutcome.Restored or TaskOutcome.DoneBefore
            ),
            failed,
            [.. run.Results.Where(static one => one.IsFlaky).Select(static one => $"{one.Job}/{one.Task}")]
        );
    }
}
