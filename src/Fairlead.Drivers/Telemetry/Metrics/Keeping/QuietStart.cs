using System.Runtime;

namespace Fairlead.Drivers.Telemetry.Metrics.Keeping;

/// <summary>
/// Lets a log be read again without the collector: next to nothing that is made then is garbage, and looking through it again and again
/// took a third of the time.
/// </summary>
internal sealed class QuietStart : IDisposable
{
    // In memory a series and its samples take about four times what they take in a log.
    private const int MemoryOfLog = 4;
    private const long LogBytesMin = 4 << 20;
    private const long MemoryMax = 240L << 20;

    private readonly bool isQuiet;

    private QuietStart(bool isQuiet) => this.isQuiet = isQuiet;

    /// <param name="logBytes">Of what is read again.</param>
    public static QuietStart For(long logBytes) =>
        new(
            logBytes >= LogBytesMin
                && GCSettings.LatencyMode is not GCLatencyMode.NoGCRegion
                && IsGranted(Math.Min(logBytes * MemoryOfLog, MemoryMax))
        );

    public void Dispose()
    {
        // When it was not enough, the collector came all the same and ended it.
        if (isQuiet && GCSettings.LatencyMode is GCLatencyMode.NoGCRegion)
        {
            GC.EndNoGCRegion();
        }
    }

    private static bool IsGranted(long bytes)
    {
        try
        {
            return GC.TryStartNoGCRegion(bytes);
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    }
}
