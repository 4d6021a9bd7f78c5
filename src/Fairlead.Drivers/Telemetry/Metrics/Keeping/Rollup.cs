using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Keeping;

/// <summary>
/// What is kept of five minutes for long: real samples at their real times, so that whoever reads them needs to know nothing. Of a
/// counter the last, and both sides of each reset, so that what it rose by stays exact. Of a gauge the last, the lowest and the highest.
/// </summary>
internal static class Rollup
{
    private const long Step = 5 * 60 * 1000;

    // A counter falls only when its process starts again.
    private const int FallsOfCounterMax = 16;

    /// <param name="into">Receives the samples that matter.</param>
    public static void Pick(SampleColumns samples, SampleColumns into)
    {
        var isCounter = IsCounter(samples);
        for (var first = 0; first < samples.Count; )
        {
            var after = first + 1;
            while (after < samples.Count && StepOf(samples.Times[after]) == StepOf(samples.Times[first]))
            {
                after++;
            }
            if (isCounter)
            {
                PickCounter(samples, first, after, into);
            }
            else
            {
                PickGauge(samples, first, after, into);
            }
            first = after;
        }
    }

    private static bool IsCounter(SampleColumns samples)
    {
        var falls = 0;
        for (var place = 1; place < samples.Count; place++)
        {
            falls += samples.Values[place] < samples.Values[place - 1] ? 1 : 0;
        }
        return falls * FallsOfCounterMax <= samples.Count;
    }

    private static void PickCounter(SampleColumns samples, int first, int after, SampleColumns into)
    {
        for (var place = first; place < after; place++)
        {
            var isFall = place > 0 && samples.Values[place] < samples.Values[place - 1];
            var isBeforeFall = place + 1 < samples.Count && samples.Values[place + 1] < samples.Values[place];
            if (place == after - 1 || isFall || isBeforeFall || IsEnd(samples, place))
            {
                into.Add(samples.Times[place], samples.Values[place]);
            }
        }
    }

    private static void PickGauge(SampleColumns samples, int first, int after, SampleColumns into)
    {
        var (lowest, highest) = (first, first);
        for (var place = first; place < after; place++)
        {
            lowest =
                samples.Values[place] < samples.Values[lowest] || double.IsNaN(samples.Values[lowest]) ? place : lowest;
            highest =
                samples.Values[place] > samples.Values[highest] || double.IsNaN(samples.Values[highest])
                    ? place
                    : highest;
        }
        for (var place = first; place < after; place++)
        {
            if (place == lowest || place == highest || place == after - 1 || IsEnd(samples, place))
            {
                into.Add(samples.Times[place], samples.Values[place]);
            }
        }
    }

    // A series that ends says so; without that and its last value it would seem to go on.
    private static bool IsEnd(SampleColumns samples, int place) =>
        Sample.IsStaleValue(samples.Values[place])
        || (place + 1 < samples.Count && Sample.IsStaleValue(samples.Values[place + 1]));

    private static long StepOf(long at) => (long)Math.Floor((double)at / Step);
}
