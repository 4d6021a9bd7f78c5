using Fairlead.Drivers.State;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli;
using Fairlead.Model.Ports;
using Fairlead.Roles.Up;

namespace Fairlead;

/// <summary>Puts the parts together: the only place that names both the engine and its drivers, and the real clock.</summary>
internal static class Compose
{
#pragma warning disable RS0030 // The one place that names the real clock and real chance.
    public static World World() => new(TimeProvider.System, Random.Shared);
#pragma warning restore RS0030

    public static CliContext Cli(World world)
    {
        var terminal = Terminal.OfProcess();
        return new(terminal, world, folder => new LocalPlatform(Up(terminal, world, folder)), () => Here(world));
    }

    /// <summary>What operations that run in the caller's process may use.</summary>
    public static EngineContext Here(World world) =>
        new() { World = world, OpenFolder = folder => throw new NotSupportedException($"No driver opens {folder}.") };

    public static UpContext Up(Terminal terminal, World world, string? folder) =>
        new(new StateFolder(StateOf(terminal, folder)), world, words => [.. Self, .. words]);

    /// <summary>The state folder: as typed, as FAIRLEAD_STATE says, else where a user's programs keep theirs.</summary>
    internal static string StateOf(Terminal terminal, string? typed)
    {
        var chosen = typed ?? terminal.Variable("FAIRLEAD_STATE");
        if (!string.IsNullOrEmpty(chosen))
        {
            return Path.GetFullPath(chosen, terminal.Folder);
        }
        var states =
            terminal.Variable("XDG_STATE_HOME") is { Length: > 0 } xdg ? xdg
            : terminal.Variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local", "state")
            : "/var/lib";
        return Path.Combine(states, "fairlead");
    }

    /// <summary>How this program is started: by itself, or by the host that runs its assembly.</summary>
    private static string[] Self =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath!) is "dotnet"
            ? [Environment.ProcessPath!, typeof(Compose).Assembly.Location]
            : [Environment.ProcessPath!];
}
