using Fairlead.Engine.Judging;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Bench.Judging;

using Tally = Fairlead.Engine.Judging.Tally;

/// <summary>Watches a rollout and may stop it.</summary>
internal interface IRule
{
    string Name { get; }

    /// <summary>Looks at the end of a second; true to stop the rollout as harmful, false to promote it, null to go on.</summary>
    bool? Look(Stream stream, int second);
}

/// <summary>The judge of this program, fed with what the edge would show of the same counters.</summary>
internal sealed class OwnRule : IRule
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly JudgeRules Rules = new();

    private readonly Sampler sampler;
    private readonly SequentialJudge judge;
    private readonly int promoteFrom;
    private int blocks;

    /// <param name="promoteFrom">Seconds before which nothing is promoted.</param>
    public OwnRule(Stream stream, int promoteFrom)
    {
        this.promoteFrom = promoteFrom;
        var (canary, baseline) = (stream.Canary.Part, stream.Baseline.Part);
        sampler = new(canary, baseline);
        judge = new(new(canary, baseline, Start, []), Rules, among: 1);
        sampler.Look(View(stream), Start);
    }

    public string Name => "fairlead";

    /// <summary>What it said last.</summary>
    public Judgement? Last { get; private set; }

    public double LogHarm => judge.LogHarm;

    public bool? Look(Stream stream, int second)
    {
        var now = Start.AddSeconds(second + 1);
        sampler.Look(View(stream), now);
        switch (sampler.StateAfter(now - Start, blocks))
        {
            case BlockState.Full:
                blocks++;
                judge.Take(sampler.Read());
                sampler.Restart(now);
                Last = judge.Rule();
                return Last.Ruling switch
                {
                    Ruling.Broken => true,
                    Ruling.Holds when second >= promoteFrom => false,
                    _ => null,
                };
            case BlockState.Stale:
                sampler.Restart(now);
                return null;
            default:
                return null;
        }
    }

    private static RouterView View(Stream stream) =>
        new(
            "1",
            Routing.None(new("shop", "production")),
            new Dictionary<string, int>(),
            [stream.Baseline.Read(), stream.Canary.Read()],
            new(0, 0, 0, 0, 0)
        );
}

/// <summary>Kayenta's rule with its defaults, once in five minutes, over minutes.</summary>
internal sealed class KayentaRule : IRule
{
    private const int Every = 300;
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private readonly List<Block> minutes = [];
    private Reading canary = Reading.None;
    private Reading baseline = Reading.None;

    public string Name => "kayenta";

    public bool? Look(Stream stream, int second)
    {
        if ((second + 1) % 60 == 0)
        {
            var (mine, theirs) = (Reading.Of(stream.Canary), Reading.Of(stream.Baseline));
            var end = Start.AddSeconds(second + 1);
            minutes.Add(new(end.AddSeconds(-60), end, mine.Since(canary), theirs.Since(baseline)));
            (canary, baseline) = (mine, theirs);
        }
        return
            (second + 1) % Every == 0
            && Judge
                .Rule(
                    new(stream.Canary.Part, stream.Baseline.Part, Start, minutes),
                    new JudgeRules { Kind = JudgeKind.Kayenta }
                )
                .Ruling == Ruling.Broken
            ? true
            : null;
    }

    private sealed record Reading(long Requests, long Failed, long[] Latency)
    {
        public static readonly Reading None = new(0, 0, new long[Model.Telemetry.LatencyHistogram.Size]);

        public static Reading Of(Arm arm) => new(arm.Requests, arm.Failed, [.. arm.Latency]);

        public Tally Since(Reading before) =>
            new(
                Requests - before.Requests,
                Failed - before.Failed,
                Failed - before.Failed,
                Latencies.Of([.. Latency.Zip(before.Latency, (now, then) => now - then)])
            );
    }
}

/// <summary>
/// Fixed limits in Flagger's manner: each interval the canary must answer 99 % without failing, with a p99 below 500 ms; an
/// interval without data is a failed check; so many failed checks, in a row or not, end it.
/// </summary>
internal sealed class FlaggerRule(string name, int interval, int threshold) : IRule
{
    private const double SuccessMin = 0.99;
    private const double P99Max = 500;

    private readonly long[] latency = new long[Model.Telemetry.LatencyHistogram.Size];
    private long requests;
    private long failed;
    private int failedChecks;

    public string Name => name;

    public bool? Look(Stream stream, int second)
    {
        if ((second + 1) % interval != 0)
        {
            return null;
        }
        var arm = stream.Canary;
        long[] since = [.. arm.Latency.Zip(latency, (now, then) => now - then)];
        var (count, bad) = (arm.Requests - requests, arm.Failed - failed);
        failedChecks +=
            count == 0 || (double)(count - bad) / count < SuccessMin || Limit.Quantile(since, 0.99) > P99Max ? 1 : 0;
        (requests, failed) = (arm.Requests, arm.Failed);
        arm.Latency.CopyTo(latency, 0);
        return failedChecks >= threshold ? true : null;
    }
}
