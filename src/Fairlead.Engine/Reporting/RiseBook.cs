using System.Runtime.InteropServices;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Reporting;

/// <summary>A span of time: from its first moment to the moment after its last, in milliseconds since 1970, UTC.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TimeSlice(long From, long To)
{
    public bool Has(long at) => From < at && at <= To;
}

/// <summary>
/// Adds up what counters rose by, in steps of five minutes, from samples as they were kept: a counter that fell began again, one that
/// comes up in the midst began at 0. What rose while work was announced is counted apart. Nothing is estimated between samples, so the
/// sum is exact to the sample: seconds while all are kept, five minutes after that.
/// </summary>
/// <param name="span">What is counted; what rises outside is not.</param>
/// <param name="planned">Announced work.</param>
public sealed class RiseBook(TimeSlice span, IReadOnlyList<TimeSlice> planned)
{
    /// <summary>Milliseconds.</summary>
    public const long Step = 5 * 60 * 1000;

    private readonly double[] rises = new double[Math.Max(1, (span.To - span.From + Step - 1) / Step)];
    private readonly bool[] known = new bool[Math.Max(1, (span.To - span.From + Step - 1) / Step)];
    private readonly List<Sample> births = [];

    /// <summary>What each step rose by, without announced work.</summary>
    public IReadOnlyList<double> Rises => rises;

    /// <summary>Whether there was any sample in a step.</summary>
    public IReadOnlyList<bool> Known => known;

    /// <summary>The first sample of any series.</summary>
    public long Earliest { get; private set; } = long.MaxValue;

    /// <summary>What rose during announced work.</summary>
    public double Planned { get; private set; }

    /// <summary>Takes one series, in the order of its times.</summary>
    public void Take(SampleColumns samples)
    {
        Sample? before = null;
        var isOver = false;
        for (var place = 0; place < samples.Count; place++)
        {
            var (at, value) = (samples.Times[place], samples.Values[place]);
            if (!double.IsFinite(value))
            {
                isOver = true;
                continue;
            }
            if (before is not { } last)
            {
                Earliest = Math.Min(Earliest, at);
                births.Add(new(at, value));
                Mark(at, at);
            }
            else
            {
                Add(at, value >= last.Value ? value - last.Value : value);
                // What was not measured in between was counted all the same, unless it began again.
                Mark(isOver || value < last.Value ? at : last.At, at);
            }
            (before, isOver) = (new(at, value), false);
        }
    }

    /// <summary>Counts those that came up in the midst, once all series were taken.</summary>
    /// <param name="since">Since when it is measured; what came in that very look may have counted long before. It is the earliest sample of all counters that belong together.</param>
    public void Settle(long since)
    {
        foreach (var birth in births.Where(one => one.At > since))
        {
            Add(birth.At, birth.Value);
        }
        births.Clear();
    }

    private void Add(long at, double rise)
    {
        if (!span.Has(at))
        {
            return;
        }
        if (planned.Any(one => one.Has(at)))
        {
            Planned += rise;
            return;
        }
        rises[PlaceOf(at)] += rise;
    }

    private void Mark(long from, long to)
    {
        if (to <= span.From || from > span.To)
        {
            return;
        }
        var last = PlaceOf(Math.Min(to, span.To));
        for (var place = PlaceOf(Math.Max(from, span.From + 1)); place <= last; place++)
        {
            known[place] = true;
        }
    }

    // A sample tells of what was before it.
    private int PlaceOf(long at) => (int)Math.Clamp((at - span.From - 1) / Step, 0, rises.Length - 1);
}
