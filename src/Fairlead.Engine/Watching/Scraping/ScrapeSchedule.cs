using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Scraping;

/// <summary>
/// When a target is asked. Each has its own place within its interval, by a hash of its name: so many targets are spread evenly, and
/// one is asked at the same moments whoever asks, also after a restart.
/// </summary>
internal static class ScrapeSchedule
{
    /// <summary>As in Prometheus: so near to its moment a scrape is noted as of that moment, which keeps distances even and small on disk.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(2);

    /// <summary>The first moment of the target after <paramref name="now"/>.</summary>
    public static DateTimeOffset Next(ScrapeTarget target, DateTimeOffset now)
    {
        var every = Every(target).Ticks;
        var since = now.UtcTicks - Offset(target).Ticks;
        return new DateTimeOffset((since / every * every) + every + Offset(target).Ticks, TimeSpan.Zero);
    }

    /// <summary>The time that samples asked for at <paramref name="due"/> and got at <paramref name="now"/> are of.</summary>
    public static DateTimeOffset TimeOf(DateTimeOffset due, DateTimeOffset now) =>
        (now - due).Duration() <= Tolerance ? due : now;

    /// <summary>Never zero, and whole milliseconds, because samples are.</summary>
    private static TimeSpan Every(ScrapeTarget target) =>
        TimeSpan.FromMilliseconds(Math.Max(1, (long)target.Every.TotalMilliseconds));

    private static TimeSpan Offset(ScrapeTarget target)
    {
        var milliseconds = (ulong)Every(target).TotalMilliseconds;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(target.Key));
        return TimeSpan.FromMilliseconds((long)(BinaryPrimitives.ReadUInt64LittleEndian(hash) % milliseconds));
    }
}
