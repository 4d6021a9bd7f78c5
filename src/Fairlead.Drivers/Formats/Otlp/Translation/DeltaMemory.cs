using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.Otlp.Translation;

/// <summary>
/// Adds up what senders report as differences, so that it can be kept as counts that only rise, as Prometheus wants them. Forgets a
/// series only when nothing came for an hour and there is no room; a series that comes back after that begins at zero, which every
/// rate understands. May be used by many at once.
/// </summary>
/// <param name="max">Series at once.</param>
internal sealed class DeltaMemory(int max = 100_000)
{
    private static readonly TimeSpan IdleMax = TimeSpan.FromHours(1);
    private static readonly TimeSpan SweepPause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Labels, Entry> entries = [];
    private readonly Lock door = new();
    private DateTimeOffset swept;

    /// <summary>What became of a difference.</summary>
    internal enum Outcome
    {
        Added,

        /// <summary>One of this time or a later one was added before: this is a repetition.</summary>
        OutOfOrder,

        /// <summary>There is no room for one more series.</summary>
        Full,
    }

    /// <param name="at">Of the difference, in milliseconds since 1970.</param>
    /// <param name="sum">All differences so far.</param>
    public Outcome Add(Labels series, double difference, long at, DateTimeOffset now, out double sum)
    {
        lock (door)
        {
            sum = 0;
            if (!entries.TryGetValue(series, out var entry))
            {
                if (entries.Count >= max && !Sweep(now))
                {
                    return Outcome.Full;
                }
                entries[series] = entry = new();
            }
            else if (at <= entry.At)
            {
                return Outcome.OutOfOrder;
            }
            entry.Sum += difference;
            (entry.At, entry.Seen) = (at, now);
            sum = entry.Sum;
            return Outcome.Added;
        }
    }

    /// <returns>Whether there is room now.</returns>
    private bool Sweep(DateTimeOffset now)
    {
        if (now - swept < SweepPause)
        {
            return false;
        }
        swept = now;
        foreach (var (series, entry) in entries)
        {
            if (now - entry.Seen > IdleMax)
            {
                entries.Remove(series);
            }
        }
        return entries.Count < max;
    }

    private sealed class Entry
    {
        public double Sum { get; set; }

        public long At { get; set; }

        public DateTimeOffset Seen { get; set; }
    }
}
