using Fairlead.Drivers.Shell;
using Fairlead.Model.Problems;

namespace Fairlead.Roles.Up;

/// <summary>
/// The parent of the roles. It holds the listening sockets and starts again what dies, nothing more: the less it does, the less
/// it can break. Killed itself, it leaves the roles at work, and the next one takes over.
/// </summary>
public sealed class Parent(UpContext context, ILogger log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HandOverMax = TimeSpan.FromSeconds(10);
    private readonly Departure departure = new(context, log);
    private readonly List<RoleKeeper> keepers = [];
    private bool isReady;

    /// <summary>Runs the platform until it is told to stop.</summary>
    /// <param name="up">Told the addresses and the roles that did not become ready in time.</param>
    /// <param name="stop">Ends the platform in good order.</param>
    /// <param name="hurry">Cuts that good order short.</param>
    /// <exception cref="ProblemException">It runs already, or an address is taken.</exception>
    public async Task RunAsync(
        UpOrder order,
        Func<Addresses, IReadOnlyList<string>, Task> up,
        CancellationToken hurry,
        CancellationToken stop
    )
    {
        // Nobody else's to look into: keys, logs and people's data are there.
        Directory.CreateDirectory(
            context.State.Root,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        Directory.CreateDirectory(context.State.Run);
        Directory.CreateDirectory(context.State.Logs);
        using var held =
            LockFile.TryTake(Path.Combine(context.State.Run, "up.lock"), out var holder)
            ?? throw new ProblemException(RunsAlready(holder));
        await StoreDoor.OpenAsync(context, order.Store, log, stop);
        StopOrder.Forget(context.State);
        var before = RoleNotes.Alive(context.State).Where(note => UpContext.Roles.Contains(note.Role)).ToArray();
        using var listening = Listening.Open(context.State, order, before);
        listening.Addresses.Write(context.State);
        try
        {
            foreach (var role in UpContext.Roles)
            {
                await StartAsync(role, listening, [.. before.Where(note => note.Role == role)], stop);
            }
            var tending = TendAsync(stop);
            var late = await Readiness.WaitAsync(context, UpContext.Roles, ReadyMax, stop);
            if (late.Count > 0)
            {
                log.NotReady(ReadyMax.TotalSeconds, string.Join(", ", late));
            }
            isReady = true;
            WriteNotes([]);
            await up(listening.Addresses, late);
            await tending;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
        finally
        {
            var keepsApps = StopOrder.TakeKeepsApps(context.State);
            log.Stopping(keepsApps ? "; apps go on" : "");
            await departure.AllAsync(Notes(), keepsApps, hurry);
            new RoleNotes([]).Write(context.State);
        }
    }

    /// <summary>Puts a new process in the place of old ones. The edge's successor answers before the old one is told to end.</summary>
    private async Task StartAsync(string role, Listening listening, RoleNote[] old, CancellationToken stop)
    {
        RotatedLog.Rotate(context.LogOf(role));
        var sockets = UpContext.Sockets(role).Where(listening.Has);
        var keeper = new RoleKeeper(context, role, sockets.ToDictionary(name => name, name => listening[name]), log);
        foreach (var note in old)
        {
            log.TakingOver(note.Role, note.Pid);
            if (role != "edge")
            {
                await departure.OneAsync(note, HandOverMax, stop);
            }
        }
        if (role == "edge" && old.Length > 0)
        {
            // So that whoever answers on it is the new one.
            File.Delete(context.State.Socket(role));
        }
        keepers.Add(keeper);
        keeper.Tend();
        WriteNotes(old);
        if (role == "edge" && old.Length > 0)
        {
            await Readiness.WaitAsync(context, [role], HandOverMax, stop);
            foreach (var note in old)
            {
                await departure.OneAsync(note, context.DrainMax, stop);
            }
        }
    }

    private async Task TendAsync(CancellationToken stop)
    {
        while (true)
        {
            foreach (var keeper in keepers.Where(keeper => keeper.Tend()))
            {
                WriteNotes([]);
            }
            await Task.Delay(LookEvery, context.World.Clock, stop);
        }
    }

    private void WriteNotes(RoleNote[] old)
    {
        var parent = RoleNote.TryOf(RoleNotes.ParentRole, Environment.ProcessId)!;
        var others = RoleNotes.Alive(context.State).Where(note => keepers.All(keeper => keeper.Role != note.Role));
        var notes = (RoleNote[])
            [parent, .. Notes(), .. old, .. others.Where(note => note.Role != RoleNotes.ParentRole)];
        new RoleNotes(notes) { IsReady = isReady }.Write(context.State);
    }

    private RoleNote[] Notes() => [.. keepers.Select(keeper => keeper.Note).OfType<RoleNote>()];

    private static Problem RunsAlready(int pid) =>
        new(
            "up.runs-already",
            What: "Fairlead runs already with this state folder.",
            Why: $"Process {pid} holds it.",
            Fix: "See how it is: fairlead status. Stop it first: fairlead down"
        )
        {
            Trouble = Trouble.Conflict,
        };
}
