using Fairlead.Drivers.Shell;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Nodes;

/// <summary>A program that is a process of this machine, in a session and a control group of its own.</summary>
internal sealed class ProcessProgram(InstanceOrder order, RotatingLog output, Ground ground) : IProgram
{
    private static readonly TimeSpan ExitPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestExitPause = TimeSpan.FromMilliseconds(100);

    private readonly Crew crew = new(ground.StateId, order.Key, ground.World);
    private readonly Starter starter = new(order, output, ground);

    public Task<Note?> FindAsync(Note note, CancellationToken stop) =>
        Task.FromResult(
            crew.FindRunning(note) is { } found
                ? found with
                {
                    Groups =
                    [
                        .. (found.Groups.Count > 0 ? found.Group : ground.Cgroups.Find(order.Key.ToString())).Folders,
                    ],
                }
                : null
        );

    public Task<Note> StartAsync(Note before, Action<Note> keep, CancellationToken stop)
    {
        var (next, spawn) = starter.Prepare(before);
        keep(next);
        var pid = Spawner.Start(spawn);
        return Task.FromResult(
            next with
            {
                Pid = pid,
                BootId = Proc.BootId,
                StartTicks = Proc.TryStat(pid)?.StartTicks ?? 0,
            }
        );
    }

    public async Task<Ending> EndedAsync(Note note, CancellationToken stop)
    {
        for (var pause = ExitPause; ; pause = Shorter(pause * 1.2, LongestExitPause))
        {
            if (!Child.IsRunningChild(note.Pid, out var ending))
            {
                if (ending is not null)
                {
                    return ending;
                }
                if (Crew.MainOf(note) is null)
                {
                    return order.Service.Job is null ? Ending.Unknown : await PastAsync(note, stop) ?? Ending.Unknown;
                }
            }
            await Task.Delay(pause, ground.World.Clock, stop);
        }
    }

    public Task<Ending?> PastAsync(Note note, CancellationToken stop) =>
        Task.FromResult(ExitKeeping.Read(ground.Folder(order.Key).ExitFile));

    public async Task EndAsync(Note note, TimeSpan grace, CancellationToken stop)
    {
        // Where the program itself has ended, what it left behind is asked nothing.
        await crew.EndAsync(note, Crew.MainOf(note) is null && !note.IsStopping ? TimeSpan.Zero : grace, stop);
        if (note.IsStopping && note.Group.TryRemove())
        {
            note.Group.TryRemoveParents();
        }
    }

    public async Task<Answer> AskAsync(Note note, CancellationToken stop)
    {
        var health = order.Service.Health;
        var isCommand = health.Command.Count > 0;
        if (isCommand)
        {
            await ground.Secrets.ArrivedAsync(order, stop);
        }
        var folder = ground.Folder(order.Key);
        var env = Launch.Environment(
            isCommand ? ground.Secrets.Filled(order) : order,
            ground.Environment,
            note.Port,
            folder.Temp,
            ground.StateId
        );
        var command = new SpawnOrder(
            Launch.Words(health.Command, note.Port),
            ground.State.ArtifactFolder(order.Artifact),
            new Dictionary<string, string>(env) { [Launch.ProbeVariable] = "1" },
            ground.Secrets.OutputOf(order) is { } hidden ? hidden + ".probe" : folder.ProbeLog,
            Descriptors: null,
            note.Group.Procs
        );
        return await ground.Probe.AskAsync(
            health,
            ("127.0.0.1", note.Port),
            (string.Join(' ', command.Words), late => ground.Probe.RunAsync(command, late)),
            stop
        );
    }

    public bool IsOutOfMemory(Note note) => note.Group.OutOfMemoryKills() > 0;

    public (string Why, string Fix)? ListensElsewhere(Note note) =>
        Elsewhere(Listener.Of(crew.Members(note)), note.Port);

    internal static (string Why, string Fix)? Elsewhere(IReadOnlyList<Listener> listeners, int port)
    {
        var there = listeners.FirstOrDefault(one => one.Port == port);
        if (listeners.Count == 0 || there is { IsOnLoopback: true })
        {
            return null;
        }
        var ports = string.Join(", ", listeners.Select(one => one.Port).Distinct());
        return (
            there is null
                ? $"It listens on {ports}, not on $PORT ({port})."
                : $"It listens on {there}, which a connection to 127.0.0.1 does not reach.",
            "Make the program listen on 127.0.0.1 and the port in the environment variable PORT, or put {port} in 'run' in fairlead.yaml."
        );
    }

    // The port was free when we looked; a program that ends at once may have lost it to another in that moment.
    public ProcessStat? PortHolder(Note note) =>
        Listener.HolderOf(note.Port) is { } holder && !crew.Members(note).Contains(holder.Pid) ? holder : null;

    public void Dispose()
    {
        // It runs on without us.
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
