using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;

namespace Fairlead.Roles.Up;

/// <summary>A process of the platform. Process ids are used again, so its start time is part of its name.</summary>
/// <param name="Role">up for the parent, else server, edge or node.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot.</param>
/// <param name="Boot">The boot in which it started.</param>
public sealed record RoleNote(string Role, int Pid, long StartTicks, string Boot)
{
    /// <summary>Notes a process that runs now; null when it is gone already.</summary>
    public static RoleNote? TryOf(string role, int pid) =>
        Proc.TryStat(pid) is { IsRunning: true } stat ? new(role, pid, stat.StartTicks, Proc.BootId) : null;

    public bool IsAlive =>
        Proc.TryStat(Pid) is { IsRunning: true } stat && stat.StartTicks == StartTicks && Proc.BootId == Boot;
}

/// <summary>Which processes belong to the platform, on disk, so that the next parent finds what this one leaves.</summary>
public sealed record RoleNotes(IReadOnlyList<RoleNote> Roles)
{
    /// <summary>The parent has started all its roles, and they answered.</summary>
    public bool IsReady { get; init; }

    private static string FileOf(StateFolder state) => Path.Combine(state.Run, "roles.json");

    /// <summary>Those that still run.</summary>
    public static IReadOnlyList<RoleNote> Alive(StateFolder state) =>
        [.. (TryRead(state)?.Roles ?? []).Where(note => note.IsAlive)];

    /// <summary>Whether a parent runs that has its roles ready.</summary>
    public static bool IsUp(StateFolder state) => TryRead(state) is { IsReady: true } && Parent(state) is not null;

    /// <summary>The parent, when it runs.</summary>
    public static RoleNote? Parent(StateFolder state) => Alive(state).FirstOrDefault(note => note.Role == ParentRole);

    public const string ParentRole = "up";

    private static RoleNotes? TryRead(StateFolder state) => DurableFile.TryReadJson<RoleNotes>(FileOf(state));

    public void Write(StateFolder state) => DurableFile.WriteJson(FileOf(state), this);
}
