namespace Fairlead.Drivers.Shell;

/// <summary>Work that may wait for everything else.</summary>
public static class LowPriority
{
    private const int Process = 0; // PRIO_PROCESS, which on Linux means one thread
    private const int Lowest = 19;

    /// <summary>From now on this thread runs only when no other wants to. .NET's own thread priorities mean nothing on Linux.</summary>
    public static void OfThisThread() => _ = Libc.setpriority(Process, who: 0, Lowest);
}
