using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>When monitors are looked at.</summary>
internal static class MonitorSchedule
{
    /// <summary>The first look comes within this time, so that one that is looked at once a day is not unknown for a day.</summary>
    private static readonly TimeSpan FirstMax = TimeSpan.FromSeconds(15);

    /// <summary>The first moment. Each has its own place by a hash of its name: so many begin evenly spread, also after a restart.</summary>
    public static DateTimeOffset First(MonitorDefinition monitor, DateTimeOffset now)
    {
        var within = monitor.Spec.Every < FirstMax ? monitor.Spec.Every : FirstMax;
        var hash = BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(monitor.Key)));
        return now + TimeSpan.FromMilliseconds(hash % (long)within.TotalMilliseconds);
    }

    /// <summary>
    /// The next moment after one that was due. It keeps its place: a look that begins late does not put off the ones after it. Moments
    /// that are over already are left out, and counted.
    /// </summary>
    public static (DateTimeOffset At, int Missed) Next(DateTimeOffset due, TimeSpan pause, DateTimeOffset now)
    {
        var next = due + pause;
        if (next > now)
        {
            return (next, 0);
        }
        var missed = (now - next).Ticks / pause.Ticks + 1;
        return (next + (missed * pause), (int)Math.Min(int.MaxValue, missed));
    }
}
