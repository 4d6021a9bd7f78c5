using System.Collections.Concurrent;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Data.Backups;

/// <summary>Follows the logs of databases of which any moment shall be had, and brings them to their repositories piece by piece.</summary>
public sealed class PointDesk(BackupWork work, BackupBook book, World world, ILogger<PointDesk> log) : IBackgroundWork
{
    private static readonly TimeSpan ShipLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BeginMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, Followed> followed = new(StringComparer.Ordinal);

    public string Name => "points";

    // Apart from backups and drills, which may take hours.
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await ShipDueAsync(stop);
            await Task.Delay(ShipLook, world.Clock, stop);
        }
    }

    /// <summary>Follows these and no others.</summary>
    public async Task FollowAsync(IReadOnlyList<(Site Site, Database Database)> live, CancellationToken stop)
    {
        var wanted = live.Where(static one => one.Database.Backup?.Points is not null)
            .ToDictionary(static one => $"{one.Site}/{one.Database.Name}");
        foreach (var (key, one) in wanted)
        {
            Begin(key, one.Site, one.Database, stop);
        }
        foreach (var key in followed.Keys.Except(wanted.Keys))
        {
            if (followed.TryRemove(key, out var old))
            {
                await old.EndAsync(stop);
            }
        }
    }

    /// <summary>Waits until a database's log is followed, so that a copy that is made from now on can be gone on with.</summary>
    /// <exception cref="ProblemException">It cannot be followed.</exception>
    public async Task ReadyAsync(Site site, Database database, CancellationToken stop)
    {
        var one = Begin($"{site}/{database.Name}", site, database, stop);
        for (var until = world.Now + BeginMax; one.Follower.Received is null && world.Now < until; )
        {
            if (one.Problem is { } problem)
            {
                throw new ProblemException(problem);
            }
            await Task.Delay(Look, world.Clock, stop);
        }
        if (one.Follower.Received is null)
        {
            throw new ProblemException(Behind(one, "The server was asked for its log"));
        }
    }

    /// <summary>Brings what came since the last time to the repository, where it is time for it.</summary>
    private async Task ShipDueAsync(CancellationToken stop)
    {
        foreach (var one in followed.Values.Where(one => world.Now >= one.Next || one.Follower.IsFull))
        {
            one.Next = world.Now + (one.Database.Backup!.Points ?? Retry); // Only those with it are followed.
            try
            {
                await ShipAsync(one.Site, one.Database, stop);
            }
            catch (ProblemException caught)
            {
                Log.NotShipped(log, one.Site, one.Database.Name, caught.Problem.What, caught.Problem.Why);
            }
        }
    }

    /// <summary>Brings all that was acknowledged until now to the repository.</summary>
    /// <exception cref="ProblemException">The server or the repository cannot be reached, or the log does not come.</exception>
    public async Task ShipAsync(Site site, Database database, CancellationToken stop)
    {
        if (!followed.TryGetValue($"{site}/{database.Name}", out var one))
        {
            return;
        }
        await one.Turn.WaitAsync(stop);
        try
        {
            var at = world.Now;
            var end = await work.LogEndAsync(site, database, stop);
            for (var isAll = false; !isAll; )
            {
                // What is full goes first: there would be no room for the rest.
                isAll = await ReceivedAsync(one, end, stop);
                if (one.Follower.Copy() is var (from, bytes))
                {
                    var until = isAll ? at : one.Last?.At ?? DateTimeOffset.UnixEpoch;
                    one.Last = await work.KeepLogAsync((site, database), (from, bytes, until), one.Last, stop);
                    one.Follower.Kept(bytes.Length);
                }
            }
        }
        finally
        {
            one.Turn.Release();
        }
    }

    private Followed Begin(string key, Site site, Database database, CancellationToken stop)
    {
        var one = followed.GetOrAdd(
            key,
            static (_, with) => new(with.site, with.database, with.Follower),
            (site, database, Follower: work.NewFollower(database.Kind))
        );
        one.Database = database;
        one.Start(end => KeepUpAsync(one, end), stop);
        return one;
    }

    /// <returns>False where a piece is full before all was received.</returns>
    private async Task<bool> ReceivedAsync(Followed one, LogPlace end, CancellationToken stop)
    {
        var until = world.Now + CatchUpMax;
        while (one.Follower.Received is not { } received || !received.IsOfOne(end) || received.At < end.At)
        {
            if (one.Follower.IsFull)
            {
                return false;
            }
            if (world.Now > until)
            {
                throw new ProblemException(one.Problem ?? Behind(one, $"The server is at {end}"));
            }
            await Task.Delay(Look, world.Clock, stop);
        }
        return true;
    }

    private async Task KeepUpAsync(Followed one, CancellationToken stop)
    {
        var pause = Retry;
        while (!stop.IsCancellationRequested)
        {
            var began = world.Now;
            try
            {
                one.Problem = null;
                await work.FollowAsync(one.Site, one.Database, one.Follower, stop);
            }
            catch (ProblemException caught)
            {
                one.Problem = caught.Problem;
                Log.NotFollowed(log, one.Site, one.Database.Name, caught.Problem.What, caught.Problem.Why);
                if (caught.Problem.Code == "backup.log-gone")
                {
                    // Moments in the hole are lost; those after it are not, from the next copy on.
                    one.Follower.Clear();
                    await book.NoteLogAsync(one.Site, one.Database, caught.Problem, stop);
                }
            }
            pause =
                world.Now - began > RetryMax ? Retry : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, RetryMax.Ticks));
            await Task.Delay(pause, world.Clock, stop);
        }
    }

    private static Problem Behind(Followed one, string where) =>
        new(
            "backup.log-behind",
            What: $"The log of '{one.Database.Name}' does not come.",
            Why: $"{where}, and {(one.Follower.Received is { } here ? $"{here} was received" : "nothing was received yet")}.",
            Fix: "See that the server is up and its user may replicate, and that the repository can be reached."
        );

    /// <summary>One log and where it stands.</summary>
    private sealed class Followed(Site site, Database database, LogFollower follower)
    {
        private readonly Lock gate = new();
        private CancellationTokenSource? ending;
        private Task running = Task.CompletedTask;

        public Site Site => site;

        public Database Database { get; set; } = database;

        public LogFollower Follower => follower;

        public SemaphoreSlim Turn { get; } = new(1);

        public LogPiece? Last { get; set; }

        public DateTimeOffset Next { get; set; }

        public Problem? Problem { get; set; }

        public void Start(Func<CancellationToken, Task> run, CancellationToken stop)
        {
            lock (gate)
            {
                if (ending is null)
                {
                    ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
                    running = run(ending.Token);
                }
            }
        }

        public async Task EndAsync(CancellationToken stop)
        {
            await (ending?.CancelAsync() ?? Task.CompletedTask);
            try
            {
                await running.WaitAsync(stop);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // It was told to.
            }
            ending?.Dispose();
            Turn.Dispose();
        }
    }
}
