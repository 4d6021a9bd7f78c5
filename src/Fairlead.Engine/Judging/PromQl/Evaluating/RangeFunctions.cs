using System.Globalization;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>Functions over a range of samples.</summary>
internal static class RangeFunctions
{
    private static readonly double None = Absent.Value;

    /// <summary>The function of a name, which the reader of queries knows to exist.</summary>
    public static WindowFunction Of(string name) =>
        name switch
        {
            "rate" => static (in one) => Extrapolated(one, isCounter: true, isRate: true),
            "increase" => static (in one) => Extrapolated(one, isCounter: true, isRate: false),
            "delta" => static (in one) => Extrapolated(one, isCounter: false, isRate: false),
            "irate" => static (in one) => Last(one, isRate: true),
            "idelta" => static (in one) => Last(one, isRate: false),
            "avg_over_time" => static (in one) => Numerics.Mean(one.Values),
            "sum_over_time" => static (in one) => Numerics.Sum(one.Values),
            "count_over_time" => static (in one) => one.Values.Length,
            "present_over_time" or "absent_over_time" => static (in _) => 1,
            "first_over_time" => static (in one) => one.Values[0],
            "last_over_time" => static (in one) => one.Values[^1],
            "min_over_time" => static (in one) => one.Values[Least(one.Values, isLast: false)],
            "max_over_time" => static (in one) => one.Values[Greatest(one.Values, isLast: false)],
            "ts_of_min_over_time" => static (in one) => one.Times[Least(one.Values, isLast: true)] / 1000.0,
            "ts_of_max_over_time" => static (in one) => one.Times[Greatest(one.Values, isLast: true)] / 1000.0,
            "ts_of_first_over_time" => static (in one) => one.Times[0] / 1000.0,
            "ts_of_last_over_time" => static (in one) => one.Times[^1] / 1000.0,
            "stdvar_over_time" => static (in one) => Numerics.Variance(one.Values),
            "stddev_over_time" => static (in one) => Math.Sqrt(Numerics.Variance(one.Values)),
            "mad_over_time" => static (in one) =>
                Numerics.MedianDeviation(one.Values, one.Scratch.AsSpan(0, one.Values.Length)),
            "quantile_over_time" => Quantile,
            "changes" => Changes,
            "resets" => static (in one) => one.BeforeFalls.Length,
            "deriv" => static (in one) =>
                one.Values.Length < 2 ? None : Numerics.Line(one.Times, one.Values, one.Times[0]).Slope,
            "predict_linear" => Predicted,
            "double_exponential_smoothing" or "holt_winters" => Smoothed,
            _ => throw new InvalidOperationException($"{name} is no function over a range."),
        };

    public static bool LooksForFalls(string name) => name is "rate" or "increase" or "resets";

    /// <summary>
    /// The change over the whole range. Samples seldom lie at its ends: it is drawn out to an end that is nearer than 1.1 times the
    /// usual distance of samples, else by half of that distance; a counter is not drawn out below zero.
    /// </summary>
    private static double Extrapolated(in Window window, bool isCounter, bool isRate)
    {
        var times = window.Times;
        var values = window.Values;
        if (values.Length < 2)
        {
            return None;
        }
        var change = values[^1] - values[0];
        if (isCounter)
        {
            foreach (var before in window.BeforeFalls)
            {
                change += before;
            }
        }
        var toStart = (times[0] - window.Start) / 1000.0;
        var toEnd = (window.End - times[^1]) / 1000.0;
        var sampled = (times[^1] - times[0]) / 1000.0;
        var distance = sampled / (values.Length - 1);
        var threshold = distance * 1.1;
        if (toStart >= threshold)
        {
            toStart = distance / 2;
        }
        if (isCounter && change > 0 && values[0] >= 0)
        {
            var toZero = sampled * (values[0] / change);
            toStart = toZero < toStart ? toZero : toStart;
        }
        if (toEnd >= threshold)
        {
            toEnd = distance / 2;
        }
        var factor = (sampled + toStart + toEnd) / sampled;
        return change * (isRate ? factor / ((window.End - window.Start) / 1000.0) : factor);
    }

    private static double Last(in Window window, bool isRate)
    {
        if (window.Values.Length < 2)
        {
            return None;
        }
        var (before, last) = (window.Values[^2], window.Values[^1]);
        var change = isRate && last < before ? last : last - before;
        return isRate ? change / ((window.Times[^1] - window.Times[^2]) / 1000.0) : change;
    }

    private static int Least(ReadOnlySpan<double> values, bool isLast)
    {
        var found = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] < values[found] || double.IsNaN(values[found]) || (isLast && values[i] == values[found]))
            {
                found = i;
            }
        }
        return found;
    }

    private static int Greatest(ReadOnlySpan<double> values, bool isLast)
    {
        var found = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] > values[found] || double.IsNaN(values[found]) || (isLast && values[i] == values[found]))
            {
                found = i;
            }
        }
        return found;
    }

    private static double Quantile(in Window window)
    {
        var scratch = window.Scratch.AsSpan(0, window.Values.Length);
        window.Values.CopyTo(scratch);
        return Numerics.Quantile(window.Arguments.First, scratch);
    }

    private static double Changes(in Window window)
    {
        var changes = 0;
        for (var i = 1; i < window.Values.Length; i++)
        {
            var (before, now) = (window.Values[i - 1], window.Values[i]);
            changes += now != before && !(double.IsNaN(now) && double.IsNaN(before)) ? 1 : 0;
        }
        return changes;
    }

    private static double Predicted(in Window window)
    {
        if (window.Values.Length < 2)
        {
            return None;
        }
        var (slope, intercept) = Numerics.Line(window.Times, window.Values, window.Now);
        return slope * window.Arguments.First + intercept;
    }

    /// <summary>Double exponential smoothing after Holt and Winters.</summary>
    private static double Smoothed(in Window window)
    {
        var (smoothing, trend) = window.Arguments;
        if (!(smoothing > 0 && smoothing < 1))
        {
            throw Faults.Execution(Invalid("smoothing", "sf", smoothing));
        }
        if (!(trend > 0 && trend < 1))
        {
            throw Faults.Execution(Invalid("trend", "tf", trend));
        }
        var values = window.Values;
        if (values.Length < 2)
        {
            return None;
        }
        var (before, now, slope) = (0.0, values[0], values[1] - values[0]);
        for (var i = 1; i < values.Length; i++)
        {
            slope = i == 1 ? slope : trend * (now - before) + (1 - trend) * slope;
            (before, now) = (now, smoothing * values[i] + (1 - smoothing) * (now + slope));
        }
        return now;
    }

    private static string Invalid(string what, string name, double value) =>
        $"invalid {what} factor. Expected: 0 < {name} < 1, got: {value.ToString("F6", CultureInfo.InvariantCulture)}";
}
