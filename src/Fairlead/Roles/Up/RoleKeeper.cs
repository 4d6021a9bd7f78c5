using System.Globalization;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;

namespace Fairlead.Roles.Up;

/// <summary>Keeps one role running: starts it, sees it die, starts it again.</summary>
/// <param name="listeners">The parent's sockets that it is given, by name.</param>
internal sealed class RoleKeeper(
    UpContext context,
    string role,
    IReadOnlyDictionary<string, int> listeners,
    ILogger log
)
{
    // Standard input and outputs come first.
    public const int FirstDescriptor = 3;

    // Requests wait in the accept queue while there is no edge; decisions can wait longer.
    private readonly Backoff backoff = new(TimeSpan.FromSeconds(role is "edge" ? 0.5 : 10));
    private DateTimeOffset startedAt;
    private DateTimeOffset startAt;

    public string Role => role;

    /// <summary>The running process; null while it rests.</summary>
    public RoleNote? Note { get; private set; }

    /// <summary>Starts it when it is due, notices when it died.</summary>
    /// <returns>Whether another process stands for the role now.</returns>
    public bool Tend()
    {
        if (Note is { } note && Child.TryReap(note.Pid) is { } ending)
        {
            var rest = backoff.After(context.World.Now - startedAt);
            startAt = context.World.Now + rest;
            log.RoleDied(role, note.Pid, ending.ToString(), rest.TotalSeconds);
            Note = null;
        }
        if (Note is not null || context.World.Now < startAt)
        {
            return false;
        }
        Start();
        return true;
    }

    private void Start()
    {
        var listen = listeners.Keys.Select(
            (name, index) => string.Create(CultureInfo.InvariantCulture, $"{name}:{FirstDescriptor + index}")
        );
        var env = OwnEnvironment.Copy();
        env[RoleMain.ListenVariable] = string.Join(',', listen);
        foreach (var (name, value) in RoleTuning.Of(role))
        {
            env.TryAdd(name, value);
        }
        // It may hold a password, and the node's programs get what the node has. The server reads what is kept.
        env.Remove(StoreChoice.Variable);
        if (role is "server")
        {
            env[StoreChoice.SeatVariable] = context.Seat;
        }
        var order = new SpawnOrder(
            context.Words(["role", role, "--state", context.State.Root]),
            Folder: "/",
            env,
            context.LogOf(role),
            listeners.Values.Select((ours, index) => (Theirs: FirstDescriptor + index, ours)).ToDictionary(),
            CgroupProcs: []
        );
        startedAt = context.World.Now;
        var pid = Spawner.Start(order);
        Note = RoleNote.TryOf(role, pid) ?? new RoleNote(role, pid, 0, "");
        log.RoleStarted(role, pid);
    }
}
