namespace Fairlead.Bench.Judging;

/// <summary>What traffic, releases and what they depend on are like in a rollout. Times are seconds since the canary began.</summary>
internal sealed record Weather(string Name)
{
    /// <summary>Requests a second.</summary>
    public double Rate { get; init; } = 200;

    /// <summary>What the rate is multiplied by; a Poisson process all the same.</summary>
    public Func<Dice, Func<int, double>> Tide { get; init; } = _ => _ => 1;

    public double Share { get; init; } = 0.1;

    public LatencyShape Latency { get; init; } = new(60, 0.6);

    /// <summary>How often a request of either release fails on its own.</summary>
    public double Errors { get; init; } = 0.005;

    /// <summary>How many failures one cause brings on average; 1 for each on its own. Half of the causes are one client that tries again.</summary>
    public double Cluster { get; init; } = 1;

    /// <summary>How often, each second, a replica of either release pauses: its requests of that second are slow together.</summary>
    public double Pauses { get; init; }

    /// <summary>How often a request of either release fails, and how slow it is, beyond what is usual: what both depend on.</summary>
    public Func<int, (double Errors, double Slower)> Shared { get; init; } = _ => (0, 1);

    /// <summary>The same of the canary alone.</summary>
    public Func<int, (double Errors, double Slower)> Canary { get; init; } = _ => (0, 1);

    /// <summary>Of the canary's requests, so many are slower still.</summary>
    public (double Part, double Slower) CanaryTail { get; init; } = (0, 1);

    /// <summary>Counts as harm done: every request of a slower release, or only the failed ones.</summary>
    public bool IsSlow { get; init; }

    public bool IsHarmful { get; init; }

    /// <summary>Harm that one sees at once, or only with some care.</summary>
    public bool IsGross { get; init; }
}

/// <summary>The rollouts that are simulated.</summary>
internal static class Weathers
{
    private static readonly LatencyShape Restless = new(60, 1, 0.01);

    public static IReadOnlyList<Weather> Healthy { get; } =
    [
        new("steady"),
        new("bursty, heavy tail") { Tide = Bursty, Latency = Restless },
        new("diurnal drift") { Tide = Diurnal, Shared = Drift },
        new("clustered errors") { Cluster = 4 },
        new("clustered errors, 5/s")
        {
            Cluster = 4,
            Rate = 5,
            Errors = 0.02,
        },
        new("pausing replicas") { Pauses = 1 / 30.0 },
        new("cold start") { Canary = second => (0, second < 5 ? 3 : 1) },
        new("shared burst") { Shared = second => second is >= 200 and < 320 ? (0.2, 2) : (0, 1) },
        new("low traffic, 5/s") { Rate = 5 },
        new("low traffic, 0.5/s") { Rate = 0.5 },
    ];

    public static IReadOnlyList<Weather> Harmful { get; } =
    [
        new("all fail") { Canary = _ => (1, 1), IsGross = true },
        new("20% fail") { Canary = _ => (0.2, 1), IsGross = true },
        new("5% fail") { Canary = _ => (0.05, 1), IsGross = true },
        new("20% fail, 5/s")
        {
            Rate = 5,
            Canary = _ => (0.2, 1),
            IsGross = true,
        },
        new("one of 4 replicas fails") { Canary = _ => (0.25, 1), IsGross = true },
        new("latency +30%")
        {
            Canary = _ => (0, 1.3),
            IsSlow = true,
            IsGross = true,
        },
        new("errors +1 point") { Canary = _ => (0.01, 1) },
        new("errors x2, of 1%") { Errors = 0.01, Canary = _ => (0.01, 1) },
        new("latency +15%") { Canary = _ => (0, 1.15), IsSlow = true },
        new("latency +15%, heavy tail")
        {
            Tide = Bursty,
            Latency = Restless,
            Canary = _ => (0, 1.15),
            IsSlow = true,
        },
        new("3% of requests x10") { CanaryTail = (0.03, 10), IsSlow = true },
        new("slow leak, +10% a minute") { Canary = second => (0, 1 + (second / 600.0)), IsSlow = true },
    ];

    // Half of the time three times as much as in the other half, in turns of some ten seconds.
    private static Func<int, double> Bursty(Dice dice)
    {
        var (until, isBusy) = (0, false);
        return second =>
        {
            if (second >= until)
            {
                (until, isBusy) = (second + 1 + dice.Below(20), !isBusy);
            }
            return isBusy ? 1.5 : 0.5;
        };
    }

    private static Func<int, double> Diurnal(Dice dice)
    {
        var phase = dice.Unit() * 2 * Math.PI;
        return second => 1 + (0.5 * Math.Sin(phase + (second * 2 * Math.PI / 900)));
    }

    private static (double Errors, double Slower) Drift(int second) =>
        (0.003 * (1 + Math.Sin(second / 150.0)), 1.2 + (0.2 * Math.Sin(second / 97.0)));
}
