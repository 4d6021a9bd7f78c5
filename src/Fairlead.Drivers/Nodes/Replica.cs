using Fairlead.Drivers.Shell;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Nodes;

/// <summary>One replica's life: started or taken over, watched, started again when it crashes, until it is told to stop.</summary>
internal sealed class Replica : IDisposable
{
    private readonly Ground ground;
    private readonly InstanceFolder folder;
    private readonly IProgram program;
    private readonly RotatingLog output;
    private readonly MaskedOutput? masked;
    private readonly string name;
    private readonly CancellationTokenSource told = new();
    private readonly Lock gate = new();
    private Note note;
    private InstanceState state = InstanceState.Starting;
    private Problem? problem;

    public Replica(InstanceOrder order, Note note, Ground ground)
    {
        (Order, this.note, this.ground) = (order, note, ground);
        (folder, name) = (ground.Folder(order.Key), NodeProblems.Name(order.Key));
        output = new RotatingLog(folder.LogFile, new LogLimits());
        masked = ground.Secrets.OutputOf(order) is { } raw
            ? new MaskedOutput(raw, output, () => ground.Secrets.Mask, ground.World)
            : null;
        program = ground.ProgramOf(order, output);
        if (note is { Port: > 0, Host: null })
        {
            ground.Ports.Keep(note.Port);
        }
        if (note.Failure is not null)
        {
            (state, problem) = (InstanceState.Failed, note.Failure);
        }
        if (note.Ending is not null)
        {
            state = InstanceState.Ended;
        }
        if (note.IsStopping)
        {
            told.Cancel();
        }
    }

    public InstanceOrder Order { get; }

    /// <summary>What it has printed up to now.</summary>
    public RotatingLog Output
    {
        get
        {
            masked?.Move();
            return output;
        }
    }

    /// <summary>All that it has printed, now that it has ended.</summary>
    public RotatingLog SettledOutput
    {
        get
        {
            masked?.Settle();
            return output;
        }
    }

    /// <summary>The order to start it again came while it was being stopped.</summary>
    public bool IsWantedAgain => Now.IsWantedAgain;

    public bool IsStopping => Now.IsStopping;

    /// <summary>As it is seen.</summary>
    public Instance View()
    {
        lock (gate)
        {
            var seen = new Instance
            {
                Key = Order.Key,
                State = note.IsStopping ? InstanceState.Stopping : state,
                Problem = problem,
            };
            return Order.Service.IsStatic
                ? ViewOfFiles(seen)
                : seen with
                {
                    Endpoint =
                        note.Port > 0 && Order.Service.Kind is not (Kind.Worker or Kind.Job)
                            ? new Uri($"http://{note.Host ?? "127.0.0.1"}:{note.Port}")
                            : null,
                    Pid = Crew.MainOf(note)?.Pid ?? 0,
                    Restarts = Math.Max(0, note.Starts - 1),
                    Run = Order.Service.Job is null ? null : new(note.Starts, note.Ending),
                };
        }
    }

    /// <summary>Begins to stop it; durable before it returns, unless the disk is full: then the server will ask again.</summary>
    public void Stop()
    {
        KeepWherePossible(now => now with { IsStopping = true, IsWantedAgain = false });
        // Not Cancel, which would run what waits for it here, inside the caller's lock.
        told.CancelAfter(TimeSpan.Zero);
    }

    /// <summary>Has it started again once it has stopped; durable before it returns.</summary>
    public void WantAgain() => Keep(now => now with { IsWantedAgain = true });

    /// <summary>Lives it. Ends when it was told to stop and nothing of it is left; <paramref name="stop"/> leaves its processes running.</summary>
    public async Task LiveAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, told.Token);
        try
        {
            await KeepUpAsync(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested) { }
        stop.ThrowIfCancellationRequested();
        await program.EndAsync(Now, Order.Service.StopGrace, stop);
        if (Now.Host is null)
        {
            ground.Ports.Release(Now.Port);
        }
        LeaveNothing();
    }

    public void Dispose()
    {
        program.Dispose();
        told.Dispose();
    }

    /// <summary>What is noted of it.</summary>
    public Note Now
    {
        get
        {
            lock (gate)
            {
                return note;
            }
        }
    }

    private async Task KeepUpAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (Order.Service.Job is { } rules)
        {
            await new RunKeeper(Order, (this, program), ground).RunAsync(rules, stop);
            await ForEverAsync(stop); // What came of it is kept until somebody has seen it.
        }
        if (Order.Service.IsStatic || Now.Failure is not null)
        {
            await ForEverAsync(stop);
        }
        for (var crashes = 0; ; )
        {
            var began = ground.World.Now;
            var why = await RunOnceAsync(stop);
            if (!Now.WasReady)
            {
                Fail(why(TimeSpan.Zero));
                await EndRestAsync(stop);
                await ForEverAsync(stop);
            }
            crashes = Backoff.Crashes(crashes, ground.World.Now - began);
            var pause = Backoff.Pause(crashes);
            Show(InstanceState.Down, why(pause));
            await EndRestAsync(stop);
            await Task.Delay(pause, ground.World.Clock, stop);
        }
    }

    /// <summary>Runs the program until it ends or is given up.</summary>
    /// <returns>Why it is over, to be completed by how long the pause will be.</returns>
    private async Task<Func<TimeSpan, Problem>> RunOnceAsync(CancellationToken stop)
    {
        try
        {
            if (await program.FindAsync(Now, stop) is { } found)
            {
                KeepWherePossible(now => now.WithStart(found));
                if (found.Host is null)
                {
                    ground.Ports.Keep(found.Port);
                }
                Show(found.WasReady ? InstanceState.Ready : InstanceState.Starting, null);
                ground.Log.Adopted(name, found.Pid);
                return await new Watch(Order, found, (this, program), ground).RunAsync(isAdopted: true, stop);
            }
            await program.EndAsync(Now, TimeSpan.Zero, stop);
            await ground.Secrets.ArrivedAsync(Order, stop);
            await StartAsync(stop);
            return await new Watch(Order, Now, (this, program), ground).RunAsync(isAdopted: false, stop);
        }
        catch (ProblemException caught)
        {
            return _ => caught.Problem;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return _ => NodeProblems.Disk(folder.Path, caught.Message);
        }
    }

    /// <summary>Starts it; nothing of an earlier start may run any more.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        masked?.Move();
        var started = await program.StartAsync(Now, next => Keep(now => now.WithStart(next)), stop);
        KeepWherePossible(now => now.WithStart(started));
        ground.Log.Started(name, started.Pid, started.Port);
    }

    /// <summary>Healthy for the first time in this start, or again.</summary>
    public void BecomeReady()
    {
        if (!Now.WasReady)
        {
            KeepWherePossible(now => now with { WasReady = true });
        }
        Show(InstanceState.Ready, null);
        ground.Log.Ready(name);
    }

    /// <summary>It runs but does not answer as it should.</summary>
    public void BecomeDown(Problem why) => Show(InstanceState.Down, why);

    /// <summary>A run of a job goes on that was begun before the node's own restart.</summary>
    public void TakeOver(Note found)
    {
        KeepWherePossible(now => now.WithStart(found));
        ground.Log.Adopted(name, found.Pid);
    }

    /// <summary>An attempt of a run is over.</summary>
    /// <param name="ending">Null where it is tried again.</param>
    public void NoteAttempt(RunEnding? ending) =>
        KeepWherePossible(now =>
            now with
            {
                Attempts = now.Attempts + 1,
                Starts = Math.Max(now.Starts, now.Attempts + 1),
                Ending = ending,
            }
        );

    private void Fail(Problem why)
    {
        KeepWherePossible(now => now with { Failure = why });
        Show(InstanceState.Failed, why);
    }

    /// <summary>It is seen like that from now on.</summary>
    public void Show(InstanceState next, Problem? why)
    {
        bool isNews;
        lock (gate)
        {
            isNews = next != state;
            (state, problem) = (next, why);
        }
        if (isNews && why is not null && next == InstanceState.Failed)
        {
            ground.Log.Failed(name, why.Why);
        }
        else if (isNews && why is not null)
        {
            ground.Log.Down(name, why.Why);
        }
    }

    // What the program left behind, or all of it when it was given up: nothing may hold the port or do the work twice.
    public Task EndRestAsync(CancellationToken stop) => program.EndAsync(Now, Order.Service.StopGrace, stop);

    private Instance ViewOfFiles(Instance seen)
    {
        var artifact = ground.State.ArtifactFolder(Order.Artifact);
        return note.IsStopping ? seen
            : Directory.Exists(artifact)
                ? seen with
                {
                    State = InstanceState.Ready,
                    Endpoint = new Uri($"file://{artifact}"),
                }
            : seen with { State = InstanceState.Failed, Problem = NodeProblems.ArtifactMissing(Order, artifact) };
    }

    private void LeaveNothing()
    {
        try
        {
            masked?.End();
            ground.Secrets.RemoveFiles(Order.Key);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            ground.Log.DiskFailed(name, caught.Message);
        }
    }

    private void Keep(Func<Note, Note> change)
    {
        lock (gate)
        {
            var next = change(note);
            folder.Write(next);
            note = next;
        }
    }

    // A full disk must not end a program that runs; the note in memory is right, and the next one may be written again.
    private void KeepWherePossible(Func<Note, Note> change)
    {
        lock (gate)
        {
            note = change(note);
            try
            {
                folder.Write(note);
            }
            catch (ProblemException caught)
            {
                ground.Log.DiskFailed(name, caught.Problem.Why);
            }
        }
    }

    private Task ForEverAsync(CancellationToken stop) => Task.Delay(Timeout.InfiniteTimeSpan, ground.World.Clock, stop);
}
