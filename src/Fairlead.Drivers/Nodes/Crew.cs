using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Nodes;

/// <summary>All processes of one replica: the one we started and whatever it started, found however the node forgot them.</summary>
internal sealed class Crew(string stateId, InstanceKey key, World world)
{
    private static readonly TimeSpan KillPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongKillPause = TimeSpan.FromSeconds(1);

    /// <summary>The program that the note names, or the one that a crash of the node kept out of it; null when none runs.</summary>
    public Note? FindRunning(Note note)
    {
        // A noted program that ended may have left a marked child in a session of its own: that is not the program.
        if (note.Pid > 0)
        {
            return MainOf(note) is null ? null : note;
        }
        var found = Proc.All()
            .Where(process => process.IsRunning && process.IsSessionLeader && IsMarked(process.Pid, orProbe: false))
            .MinBy(process => process.StartTicks);
        return found is null
            ? null
            : note with
            {
                Pid = found.Pid,
                StartTicks = found.StartTicks,
                BootId = Proc.BootId,
                Starts = Math.Max(1, note.Starts),
                StartedAt = note.StartedAt == default ? world.Now : note.StartedAt,
                Port = int.TryParse(
                    Proc.Environ(found.Pid).GetValueOrDefault("PORT"),
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var port
                )
                    ? port
                    : note.Port,
            };
    }

    /// <summary>The noted process itself, when it still runs and its number was not given to another.</summary>
    public static ProcessStat? MainOf(Note note) =>
        note.Pid > 0
        && Proc.TryStat(note.Pid) is { IsRunning: true } main
        && main.StartTicks == note.StartTicks
        && note.BootId == Proc.BootId
            ? main
            : null;

    /// <summary>Everything that runs: by session and group, by control group, and by the mark in the environment.</summary>
    public IReadOnlyList<int> Members(Note note)
    {
        var all = Proc.All();
        var leader = all.FirstOrDefault(process => process.Pid == note.Pid);
        // The kernel gives a number away again only when no session or group bears it, so these are ours unless a
        // stranger with that number leads them.
        var isOurs =
            note.Pid > 0 && note.BootId == Proc.BootId && (leader is null || leader.StartTicks == note.StartTicks);
        var grouped = note.Group.Members();
        return
        [
            .. from process in all
            where process.IsRunning && process.Pid != Environment.ProcessId
            where
                (isOurs && (process.Session == note.Pid || process.Group == note.Pid))
                || grouped.Contains(process.Pid)
                || IsMarked(process.Pid, orProbe: true)
            select process.Pid,
        ];
    }

    /// <summary>Asks all to end, waits for the grace, and ends what is left. Returns when nothing is left.</summary>
    public async Task EndAsync(Note note, TimeSpan grace, CancellationToken stop)
    {
        var deadline = world.Now + grace;
        if (grace > TimeSpan.Zero)
        {
            Ask(note);
            while (world.Now < deadline && IsAnyLeft(note))
            {
                await Task.Delay(KillPause, world.Clock, stop);
            }
        }
        // A process can fork while we look, and one in the midst of disk I/O ends only later: so again until none is left.
        for (var round = 0; Members(note) is { Count: > 0 } left; round++)
        {
            left.ToList().ForEach(pid => Child.Signal(pid, Signal.Kill));
            Child.TryReap(note.Pid);
            await Task.Delay(round < 100 ? KillPause : LongKillPause, world.Clock, stop);
        }
        Child.TryReap(note.Pid);
    }

    private void Ask(Note note)
    {
        if (MainOf(note) is not null)
        {
            Child.SignalGroup(note.Pid, Signal.Terminate);
            return;
        }
        Members(note).ToList().ForEach(pid => Child.Signal(pid, Signal.Terminate));
    }

    // Looking at all processes costs milliseconds; while the main one runs, it is enough to look at that.
    private bool IsAnyLeft(Note note)
    {
        Child.TryReap(note.Pid);
        return MainOf(note) is not null || Members(note).Count > 0;
    }

    private bool IsMarked(int pid, bool orProbe)
    {
        var env = Proc.Environ(pid);
        return env.GetValueOrDefault(Launch.StateVariable) == stateId
            && env.GetValueOrDefault(Launch.InstanceVariable) == key.ToString()
            && (orProbe || !env.ContainsKey(Launch.ProbeVariable));
    }
}
