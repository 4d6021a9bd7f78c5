using System.Runtime.InteropServices;

namespace Storefront.Worker;

/// <summary>A way to go wrong on purpose.</summary>
public enum FaultKind
{
    None,
    Errors,
    Slow,
    Crash,
    Sick,
    Abrupt,
    Leak,
}

/// <summary>Lets a release go wrong on purpose: the environment variable FAULT says how.</summary>
public sealed class Fault(FaultKind kind)
{
    private const int LeakStepBytes = 4 * 1024 * 1024;
    private const long LeakBytesMax = 2L * 1024 * 1024 * 1024;
    private static readonly TimeSpan s_leakPause = TimeSpan.FromMilliseconds(100);

    private int _orders;

    public static string Words => string.Join(", ", Enum.GetNames<FaultKind>()).ToLowerInvariant();

    public FaultKind Kind => kind;

    public TimeSpan Slowness => kind is FaultKind.Slow ? TimeSpan.FromMilliseconds(800) : TimeSpan.Zero;

    public static Fault? TryParse(string? word) =>
        string.IsNullOrEmpty(word) ? new Fault(FaultKind.None)
        : Words.Split(", ").Contains(word) ? new Fault(Enum.Parse<FaultKind>(word, ignoreCase: true))
        : null;

    public void Begin()
    {
        if (kind is FaultKind.Leak)
        {
            new Thread(Leak) { IsBackground = true }.Start();
        }
    }

    /// <summary>Whether the next order goes wrong: three of every ten, evenly.</summary>
    public bool IsNextBad() => kind is FaultKind.Errors && ++_orders % 10 is 2 or 5 or 8;

    // Outside the garbage collector's heap and written to, so that the kernel must count every page.
    private static void Leak()
    {
        var page = new byte[LeakStepBytes];
        Array.Fill(page, (byte)1);
        for (var held = 0L; held < LeakBytesMax; held += LeakStepBytes)
        {
            Marshal.Copy(page, 0, Marshal.AllocHGlobal(LeakStepBytes), LeakStepBytes);
            Thread.Sleep(s_leakPause);
        }
    }
}
