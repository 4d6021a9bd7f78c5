using Fairlead.Engine.Deploying;
using Fairlead.Model.Git;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Sources;

/// <summary>Looks after all sources: each has a loop of its own, so that a slow one holds up no other.</summary>
public sealed class SourceKeeper : IBackgroundWork
{
    private static readonly TimeSpan ListPause = 5.Seconds;
    private static readonly TimeSpan TroublePause = 10.Seconds;

    private readonly SourceLoop.Ports ports;
    private readonly World world;
    private readonly ILogger log;
    private readonly Bell listing;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Running> loops = new(StringComparer.Ordinal);

    internal SourceKeeper(SourceLoop.Ports ports, World world)
    {
        (this.ports, this.world, log) = (ports, world, ports.Log);
        listing = new(world.Clock);
    }

    /// <param name="engine">As the server has it; asked for once it runs.</param>
    public static SourceKeeper Of(
        Func<Operations.EngineContext> engine,
        SourceBook book,
        (IGitMirrors Mirrors, IForges Forges) with,
        World world,
        ILogger log
    ) => new(new(engine, book, with.Mirrors, with.Forges, log), world);

    public string Name => "git";

    /// <summary>Lets a source look at its repository now; also finds one that is new.</summary>
    public void Ring(string source)
    {
        lock (gate)
        {
            if (loops.TryGetValue(source, out var running))
            {
                running.Looks = true;
                running.Bell.Ring();
            }
        }
        listing.Ring();
    }

    /// <summary>Lets a source look now, and comes back when it has.</summary>
    /// <param name="again">Also what was handed over or refused before.</param>
    /// <returns>Whether it has by then.</returns>
    public async Task<bool> SyncAsync(string source, bool again, TimeSpan max, CancellationToken stop)
    {
        var until = world.Now + max;
        listing.Ring();
        while (world.Now < until)
        {
            Task? turn = null;
            lock (gate)
            {
                if (loops.TryGetValue(source, out var running))
                {
                    (running.Looks, running.Again) = (true, running.Again || again);
                    turn = running.Next.Task;
                    running.Bell.Ring();
                }
            }
            if (turn is not null)
            {
                return await IsDoneAsync(turn, until - world.Now, stop);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), world.Clock, stop);
        }
        return false;
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            while (true)
            {
                foreach (var source in await ports.Book.AllAsync(ending.Token))
                {
                    Begin(source, ending.Token);
                }
                await listing.SleepAsync(ListPause, ending.Token);
                await ThrowIfBrokenAsync(ending.Token);
            }
        }
        finally
        {
            await ending.CancelAsync();
            Task[] all;
            lock (gate)
            {
                all = [.. loops.Values.Select(static one => one.Task)];
                loops.Clear();
            }
            await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> IsDoneAsync(Task turn, TimeSpan max, CancellationToken stop)
    {
        try
        {
            await turn.WaitAsync(max > TimeSpan.Zero ? max : TimeSpan.Zero, world.Clock, stop);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Begin(GitSource source, CancellationToken stop)
    {
        lock (gate)
        {
            if (!loops.ContainsKey(source.Name))
            {
                var running = new Running(new Bell(world.Clock));
                loops[source.Name] = running;
                running.Task = KeepAsync(source.Name, running, stop);
            }
        }
    }

    private async Task ThrowIfBrokenAsync(CancellationToken stop)
    {
        Running? broken;
        lock (gate)
        {
            foreach (var (name, one) in loops.Where(static one => one.Value.Task.IsCompletedSuccessfully).ToList())
            {
                loops.Remove(name);
            }
            broken = loops.Values.FirstOrDefault(static one => one.Task.IsFaulted);
        }
        if (broken is not null)
        {
            await broken.Task.WaitAsync(stop);
        }
    }

    private async Task KeepAsync(string name, Running running, CancellationToken stop)
    {
        await Task.Yield(); // Whoever begins it holds the gate.
        var loop = new SourceLoop(name, ports);
        while (true)
        {
            TaskCompletionSource turn;
            bool looks,
                again;
            lock (gate)
            {
                (looks, again, turn) = (running.Looks, running.Again, running.Next);
                (running.Looks, running.Again) = (false, false);
                running.Next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            var rest = await TurnAsync(loop, name, (looks, again), stop);
            turn.TrySetResult();
            if (rest is not { } pause)
            {
                return;
            }
            await running.Bell.SleepAsync(pause, stop);
        }
    }

    private async Task<TimeSpan?> TurnAsync(
        SourceLoop loop,
        string name,
        (bool Looks, bool Again) how,
        CancellationToken stop
    )
    {
        try
        {
            return await loop.TurnAsync(how.Looks, how.Again, stop);
        }
        catch (ProblemException caught)
        {
            Log.Trouble(log, name, caught.Problem.Code, caught.Problem.What, caught.Problem.Why);
            return TroublePause;
        }
        catch (ConflictException)
        {
            return TroublePause; // Somebody changed the same: read again.
        }
        catch (Exception caught) when (caught is not (OperationCanceledException or FencedException))
        {
            // A bug met by one repository must not hold up the others.
            var id = world.NewId();
            Log.Bug(log, name, id, caught);
            if (await ports.Book.FindAsync(name, stop) is { } source)
            {
                var state = await ports.Book.StateAsync(name, stop);
                await ports.Book.KeepAsync(
                    source,
                    state with
                    {
                        Trouble = SourceProblems.Bug(name, id),
                    },
                    text: null,
                    stop
                );
            }
            return TroublePause;
        }
    }

    private sealed class Running(Bell bell)
    {
        public Bell Bell => bell;

        public bool Looks { get; set; }

        public bool Again { get; set; }

        /// <summary>Done with the turn that begins next.</summary>
        public TaskCompletionSource Next { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task { get; set; } = Task.CompletedTask;
    }
}
