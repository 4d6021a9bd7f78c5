using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Demo;

/// <summary>How a simulated part answers.</summary>
/// <param name="ErrorPercent">Of its requests.</param>
/// <param name="Milliseconds">The middle of its latencies.</param>
public sealed record DemoManner(double ErrorPercent, double Milliseconds)
{
    public static DemoManner Well { get; } = new(0.12, 42);

    /// <summary>Reads <c>errors=8 ms=60</c>; what is not said is as of a part that is well.</summary>
    public static DemoManner Read(string text)
    {
        var words = text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
            .Select(static one => one.Split('='))
            .Where(static one => one.Length == 2)
            .ToDictionary(static one => one[0], static one => one[1], StringComparer.Ordinal);
        double Number(string name, double otherwise) =>
            words.TryGetValue(name, out var value)
            && double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number)
                ? number
                : otherwise;
        return new(
            Math.Clamp(Number("errors", Well.ErrorPercent), 0, 100),
            Math.Clamp(Number("ms", Well.Milliseconds), 1, 60_000)
        );
    }
}

/// <summary>The requests that a simulated part got, with the counters that an edge would have.</summary>
public sealed class DemoFlow(Part part, DemoManner manner, Random random)
{
    private const int DrawsMax = 200;
    private readonly long[] latency = new long[LatencyHistogram.Size];
    private readonly long[] ever = new long[LatencyHistogram.Size];
    private TrafficCounts counts = TrafficCounts.Zero;
    private TrafficCounts total = TrafficCounts.Zero;
    private double owed;
    private int window;

    public Part Part => part;

    public TrafficCounts Total => total;

    public DemoManner Manner => manner;

    /// <summary>Its share changed: what a gate is judged by begins anew.</summary>
    public void Begin()
    {
        window++;
        counts = TrafficCounts.Zero;
        Array.Clear(latency);
    }

    /// <summary>So many requests more came.</summary>
    public void Add(double requests)
    {
        owed += requests;
        var whole = (long)owed;
        owed -= whole;
        if (whole <= 0)
        {
            return;
        }
        var failed = Some(whole, manner.ErrorPercent / 100);
        var more = new TrafficCounts(whole, failed, 0, Some(whole, 0.0004), 0);
        (counts, total) = (counts + more, total + more);
        var draws = Math.Min(whole, DrawsMax);
        for (var draw = 0L; draw < draws; draw++)
        {
            // What is left of the division is given to the first ones.
            var weight = whole / draws + (draw < whole % draws ? 1 : 0);
            var index = LatencyHistogram.Index(
                TimeSpan.FromMilliseconds(manner.Milliseconds * Math.Exp(Normal() * 0.55))
            );
            latency[index] += weight;
            ever[index] += weight;
        }
    }

    public PartTraffic Read() =>
        new(part, counts, [0, counts.Requests - counts.Failed, 0, 0, counts.Failed], new([.. latency]), total)
        {
            Incidents = counts.Failed,
            Window = window,
        };

    /// <summary>Of all its requests.</summary>
    public LatencyHistogram Ever => new([.. ever]);

    private long Some(long of, double chance)
    {
        var mean = of * chance;
        return (long)Math.Clamp(Math.Round(mean + Normal() * Math.Sqrt(mean * (1 - chance))), 0, of);
    }

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

/// <summary>How much is asked of simulated sites.</summary>
public static class DemoLoad
{
    /// <summary>Requests a second: more by day than by night, and never quite the same.</summary>
    public static double RateOf(Site site, DateTimeOffset at)
    {
        var mean = 8 + site.ToString().Sum(static letter => letter) % 90;
        var ofDay = Math.Sin((at.TimeOfDay.TotalHours - 8) / 24 * 2 * Math.PI);
        var wave = Math.Sin(at.ToUnixTimeSeconds() / 37.0 + mean) * 0.06;
        return (site.Environment == "production" ? mean : mean / 8.0) * (1 + ofDay * 0.45 + wave);
    }
}
