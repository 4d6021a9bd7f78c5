using System.Runtime.InteropServices;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging;

/// <summary>What was seen in a row of blocks, added up.</summary>
internal sealed class Sums(DateTimeOffset warmUntil, JudgeRules rules)
{
    private readonly long[] canaryLatency = new long[LatencyHistogram.Size];
    private readonly long[] baselineLatency = new long[LatencyHistogram.Size];
    private DateTimeOffset? began;
    private DateTimeOffset? judged;
    private DateTimeOffset ended;

    /// <summary>After the warm-up.</summary>
    public Counts Canary { get; private set; }

    public Counts Baseline { get; private set; }

    /// <summary>The warm-up included.</summary>
    public Counts AllCanary { get; private set; }

    public Counts AllBaseline { get; private set; }

    /// <summary>From the first block after the warm-up to the last.</summary>
    public TimeSpan For => Since(judged);

    /// <summary>From the first block to the last.</summary>
    public TimeSpan AllFor => Since(began);

    /// <summary>The rise of errors is large enough to matter.</summary>
    public bool ErrorsMatter => Canary.FailedPercent - Baseline.FailedPercent >= rules.Errors.Value;

    public bool GrossMatters => AllCanary.FailedPercent - AllBaseline.FailedPercent >= rules.Errors.Value;

    public static Sums Of(IEnumerable<Block> blocks, DateTimeOffset warmUntil, JudgeRules rules)
    {
        var sums = new Sums(warmUntil, rules);
        foreach (var block in blocks)
        {
            sums.Take(block);
        }
        return sums;
    }

    public void Take(Block block)
    {
        began ??= block.Began;
        ended = block.Ended;
        AllCanary += block.Canary;
        AllBaseline += block.Baseline;
        if (block.Began >= warmUntil)
        {
            judged ??= block.Began;
            Canary += block.Canary;
            Baseline += block.Baseline;
            block.Canary.Latency.AddTo(canaryLatency);
            block.Baseline.Latency.AddTo(baselineLatency);
        }
    }

    /// <summary>In milliseconds; NaN when nothing was answered.</summary>
    public double CanaryQuantile(double quantile) => Limit.Quantile(canaryLatency, quantile);

    public double BaselineQuantile(double quantile) => Limit.Quantile(baselineLatency, quantile);

    /// <summary>The rise of a quantile is large enough to matter.</summary>
    public bool Matters(double quantile) =>
        LatencyWatch.Matters(rules, CanaryQuantile(quantile), BaselineQuantile(quantile));

    public static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private TimeSpan Since(DateTimeOffset? start) =>
        start is { } known ? TimeSpan.FromSeconds(Math.Ceiling((ended - known).TotalSeconds)) : TimeSpan.Zero;

    /// <summary>Requests and failed ones.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Counts(long Requests, long Failed)
    {
        public double? FailedPercent => Requests == 0 ? null : 100.0 * Failed / Requests;

        public static Counts operator +(Counts left, Tally right) =>
            new(left.Requests + right.Requests, left.Failed + right.Failed);
    }
}
