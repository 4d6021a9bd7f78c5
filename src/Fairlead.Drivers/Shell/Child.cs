using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Shell;

/// <summary>Processes that we started, asked after and signalled by process id.</summary>
public static class Child
{
    /// <summary>How it ended, once: null while it runs, and when it is not our child (any more).</summary>
    public static Ending? TryReap(int pid) =>
        pid > 0 && Libc.waitpid(pid, out var status, Libc.NoHang) == pid ? Ending.OfStatus(status) : null;

    /// <summary>Whether it is our child and runs, which costs one system call to know.</summary>
    /// <param name="ending">How it ended, when it did since it was last asked.</param>
    public static bool IsRunningChild(int pid, out Ending? ending)
    {
        var answer = Libc.waitpid(pid, out var status, Libc.NoHang);
        ending = answer == pid ? Ending.OfStatus(status) : null;
        return answer == 0;
    }

    /// <summary>Whether no such process runs; one that ended and waits for its parent does not run.</summary>
    public static bool HasEnded(int pid) => Proc.TryStat(pid) is not { IsRunning: true };

    /// <summary>Sends a signal; false when there is nobody.</summary>
    public static bool Signal(int pid, Signal signal) => pid > 1 && Libc.kill(pid, (int)signal) == 0;

    /// <summary>Sends a signal to every process of a group; false when there is nobody.</summary>
    public static bool SignalGroup(int group, Signal signal) => group > 1 && Libc.kill(-group, (int)signal) == 0;

    /// <summary>Waits for a child's end; when <paramref name="stop"/> comes first, it goes on running.</summary>
    public static async Task<Ending> WaitAsync(int pid, World world, CancellationToken stop)
    {
        var pause = TimeSpan.FromMilliseconds(2);
        while (true)
        {
            var answer = Libc.waitpid(pid, out var status, Libc.NoHang);
            if (answer == pid)
            {
                return Ending.OfStatus(status);
            }
            // A child of several threads shows as ended before the last of them has, and only then tells how: 0 is "not yet".
            if (answer < 0 && HasEnded(pid))
            {
                return Ending.Unknown;
            }
            await Task.Delay(pause, world.Clock, stop);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);
}

/// <summary>The signals we send.</summary>
public enum Signal
{
    /// <summary>Asks to end.</summary>
    Terminate = 15,

    /// <summary>Ends at once.</summary>
    Kill = 9,
}

/// <summary>How a process ended.</summary>
/// <param name="Code">What it said itself, 0 to 255; null when a signal ended it.</param>
/// <param name="BySignal">The signal's number; null when it ended itself.</param>
public sealed record Ending(int? Code, int? BySignal)
{
    /// <summary>It was not our child, so nobody told us.</summary>
    public static readonly Ending Unknown = new(null, null);

    /// <summary>Reads what <c>waitpid</c> said.</summary>
    public static Ending OfStatus(int status) =>
        (status & 0x7f) == 0 ? new((status >> 8) & 0xff, null) : new(null, status & 0x7f);

    public bool IsKill => BySignal == (int)Signal.Kill;

    public override string ToString() =>
        this switch
        {
            { Code: { } code } => $"exit code {code}",
            { BySignal: { } signal } => Names.TryGetValue(signal, out var name)
                ? $"signal {signal} ({name})"
                : $"signal {signal}",
            _ => "an exit code that nobody saw",
        };

    private static readonly Dictionary<int, string> Names = new()
    {
        [1] = "SIGHUP",
        [2] = "SIGINT",
        [3] = "SIGQUIT",
        [4] = "SIGILL",
        [6] = "SIGABRT",
        [7] = "SIGBUS",
        [8] = "SIGFPE",
        [9] = "SIGKILL",
        [11] = "SIGSEGV",
        [13] = "SIGPIPE",
        [15] = "SIGTERM",
    };
}
