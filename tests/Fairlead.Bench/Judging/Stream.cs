using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Fairlead.Roles.Edge;

namespace Fairlead.Bench.Judging;

/// <summary>The traffic of one rollout, second by second, counted as the edge counts it.</summary>
internal sealed class Stream
{
    private static readonly string[] Clients = [.. Enumerable.Range(0, 20_000).Select(index => $"client-{index}")];

    private const double PauseSlower = 4;

    private readonly Weather weather;
    private readonly Dice dice;
    private readonly Func<int, double> tide;
    private readonly Incidents incidents = new();
    private readonly List<Cause> causes = [];

    public Stream(Weather weather, ulong seed)
    {
        this.weather = weather;
        dice = new(seed);
        tide = weather.Tide(dice);
    }

    public Arm Canary { get; } = new(new Part("api", 2));

    public Arm Baseline { get; } = new(new Part("api", 1));

    /// <summary>Lets a second pass.</summary>
    public void Pass(int second)
    {
        var shared = weather.Shared(second);
        var harm = weather.Canary(second);
        var rate = weather.Rate * tide(second);
        Serve(Canary, second, rate * weather.Share, shared.Errors + harm.Errors, shared.Slower * harm.Slower);
        Serve(Baseline, second, rate * (1 - weather.Share), shared.Errors, shared.Slower);
    }

    private void Serve(Arm arm, int second, double expected, double extra, double slower)
    {
        var requests = dice.Poisson(expected);
        var clustered = weather.Cluster > 1 ? Clustered(arm, second, expected, requests) : 0;
        var chance = Math.Min(1, extra + (weather.Cluster > 1 ? 0 : weather.Errors));
        var usual = LatencyTable.Of(weather.Latency, slower);
        var pausing = weather.Pauses > 0 ? Pausing(arm) : 0;
        var paused = pausing > 0 ? LatencyTable.Of(weather.Latency, slower * PauseSlower) : null;
        var tail =
            arm == Canary && weather.CanaryTail.Part > 0
                ? LatencyTable.Of(weather.Latency, slower * weather.CanaryTail.Slower)
                : null;
        arm.Requests += requests;
        for (var index = 0; index < requests; index++)
        {
            var table =
                tail is not null && dice.Unit() < weather.CanaryTail.Part ? tail
                : paused is not null && dice.Unit() < pausing ? paused
                : usual;
            arm.Latency[table.Draw(dice)]++;
            if (index >= clustered && chance > 0 && dice.Unit() < chance)
            {
                Fail(arm, second, Clients[dice.Below(Clients.Length)]);
            }
        }
    }

    // The part of a release's requests that meet a replica which does nothing for this second. The canary has one replica,
    // the baseline as many as make its share.
    private double Pausing(Arm arm)
    {
        var replicas = arm == Canary ? 1 : (int)Math.Round((1 - weather.Share) / weather.Share);
        var pausing = 0;
        for (var replica = 0; replica < replicas; replica++)
        {
            pausing += dice.Unit() < weather.Pauses ? 1 : 0;
        }
        return (double)pausing / replicas;
    }

    // Causes of failures come to each release as its requests do. One lasts for up to two seconds.
    private int Clustered(Arm arm, int second, double expected, int requests)
    {
        for (var fresh = dice.Poisson(expected * weather.Errors / weather.Cluster); fresh > 0; fresh--)
        {
            var client = dice.Below(2) == 0 ? Clients[dice.Below(Clients.Length)] : null;
            causes.Add(new(arm, client, second + dice.Below(2), dice.Geometric(weather.Cluster)));
        }
        var failed = 0;
        for (var index = causes.Count - 1; index >= 0; index--)
        {
            var cause = causes[index];
            if (cause.Arm != arm)
            {
                continue;
            }
            var most = second < cause.Until ? (cause.Left + 1) / 2 : cause.Left;
            for (; most > 0 && failed < requests; most--)
            {
                cause.Left--;
                failed++;
                Fail(arm, second, cause.Client ?? Clients[dice.Below(Clients.Length)]);
            }
            if (cause.Left == 0 || cause.Until < second)
            {
                causes.RemoveAt(index);
            }
        }
        return failed;
    }

    private void Fail(Arm arm, int second, string client)
    {
        arm.Failed++;
        arm.Incidents += incidents.IsNew(client, "/api/orders", 500, (second * 1000L) + dice.Below(1000)) ? 1 : 0;
    }

    private sealed class Cause(Arm arm, string? client, int until, int left)
    {
        public Arm Arm => arm;

        public string? Client => client;

        public int Until => until;

        public int Left { get; set; } = left;
    }
}

/// <summary>The counters of one part.</summary>
internal sealed class Arm(Part part)
{
    public Part Part => part;

    public long Requests { get; set; }

    public long Failed { get; set; }

    public long Incidents { get; set; }

    public long[] Latency { get; } = new long[LatencyHistogram.Size];

    public PartTraffic Read()
    {
        var used = Latency.Length;
        while (used > 0 && Latency[used - 1] == 0)
        {
            used--;
        }
        var counts = new TrafficCounts(Requests, Failed, 0, 0, 0);
        return new(part, counts, [], new(Latency[..used]), counts) { Incidents = Incidents };
    }
}
