using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Restores a backup where nobody uses it, looks at it, measures, signs what was seen, and removes it again.</summary>
public static class DrillBackup
{
    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("The database, as in the manifest; left out where the app has only one.")]
        public string? Database { get; init; }

        [Description("The backup's id; the newest when left out.")]
        public string? Backup { get; init; }
    }

    /// <param name="RtoSeconds">How long it took until all was there and looked at.</param>
    /// <param name="RpoSeconds">How much of the newest work it lacks.</param>
    /// <param name="Signature">Of this server's key, over what is in the journal of it.</param>
    /// <param name="Problems">What did not hold; empty where all held.</param>
    public sealed record Output(
        BackupView Backup,
        double RtoSeconds,
        double RpoSeconds,
        IReadOnlyList<string> Looks,
        string? Signature,
        IReadOnlyList<Problem> Problems
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "backup.drill",
            "Restore a backup where nobody uses it, and prove that it is whole.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead backup drill shop"],
            FailsByProblems = true,
            Needs = Need.Of(Permission.Deploy),
            AnswerMax = TimeSpan.FromHours(2),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (site, database) = await BackupDatabases.OfAsync(
            engine,
            input.App,
            input.Environment,
            input.Database,
            stop
        );
        var desk = engine.Server.Backups;
        var all = await desk.Book.ListAsync(site, database.Name, stop);
        // The newest, also when an earlier drill found it bad: it may be mended by now.
        var newest = input.Backup ?? all.FirstOrDefault(static one => one.Digest is not null)?.Id;
        var tried = await desk.DrillAsync(
            site,
            database,
            BackupDatabases.Choose(all, newest, before: null, database),
            stop
        );
        var drill = tried.Drill!; // It was tried just now.
        var late = database.Backup?.Rto is { } rto && drill.Took > rto ? Late(drill.Took, rto) : null;
        return new(
            BackupView.Of(tried, database.Backup, engine.World.Now),
            Math.Round(drill.Took.TotalSeconds, 2),
            Math.Round(drill.Lost.TotalSeconds, 2),
            drill.Looks,
            drill.Signature,
            drill.Problem is { } problem ? [problem]
                : late is not null ? [late]
                : []
        );
    }

    private static Problem Late(TimeSpan took, TimeSpan rto) =>
        new(
            "backup.rto-missed",
            What: "The restore took longer than is promised.",
            Why: $"It took {took.TotalSeconds:0.0} s, and 'rto' is {rto}.",
            Fix: "Promise more time, or make the data smaller: what nobody needs can go elsewhere."
        )
        {
            Trouble = Trouble.TimedOut,
        };
}
