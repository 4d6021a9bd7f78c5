using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>The samples of a series that lie in one step's range, which is open on the left: (start, end].</summary>
internal readonly ref struct Window
{
    public required ReadOnlySpan<long> Times { get; init; }
    public required ReadOnlySpan<double> Values { get; init; }

    /// <summary>Values before each fall of a counter in this window, in order.</summary>
    public required ReadOnlySpan<double> BeforeFalls { get; init; }

    public required long Start { get; init; }
    public required long End { get; init; }

    /// <summary>The time that is worked out, which with an offset is not the range's end.</summary>
    public required long Now { get; init; }

    /// <summary>Further arguments of the function, as they are at this time.</summary>
    public required (double First, double Second) Arguments { get; init; }

    /// <summary>Room for a copy of the values.</summary>
    public required double[] Scratch { get; init; }
}

/// <summary>What a function over a range gives; <see cref="Absent.Value"/> for nothing.</summary>
internal delegate double WindowFunction(in Window window);

/// <summary>Moves a range along a series and asks a function at each step. No sample is looked for twice.</summary>
internal sealed class Slide(Timeline timeline, Reading.Look look, long range)
{
    private double[] scratch = [];
    private readonly List<int> falls = [];
    private readonly List<double> beforeFalls = [];

    /// <summary>Where counters fall is only looked for when a function asks for it.</summary>
    public required bool LooksForFalls { get; init; }

    public required WindowFunction Function { get; init; }

    /// <summary>Further arguments: one number for each step, or null.</summary>
    public double[]? First { get; init; }

    /// <inheritdoc cref="First"/>
    public double[]? Second { get; init; }

    /// <returns>Null when no step has a value.</returns>
    public double[]? Over(SampleColumns samples)
    {
        var times = samples.Times;
        var values = samples.Values;
        if (scratch.Length < values.Length)
        {
            scratch = new double[values.Length];
        }
        FindFalls(values);
        var column = new double[timeline.Count];
        var (low, high, fallLow, fallHigh, any) = (0, 0, 0, 0, false);
        for (var step = 0; step < column.Length; step++)
        {
            var now = timeline.At(step);
            var end = look.From(now);
            var start = end - range;
            while (high < times.Length && times[high] <= end)
            {
                high++;
            }
            while (low < high && times[low] <= start)
            {
                low++;
            }
            // The first sample of a window has nothing before it that it could have fallen from.
            while (fallLow < falls.Count && falls[fallLow] <= low)
            {
                fallLow++;
            }
            fallHigh = Math.Max(fallHigh, fallLow);
            while (fallHigh < falls.Count && falls[fallHigh] < high)
            {
                fallHigh++;
            }
            column[step] =
                low == high
                    ? Absent.Value
                    : Function(
                        new()
                        {
                            Times = times[low..high],
                            Values = values[low..high],
                            BeforeFalls = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(beforeFalls)[
                                fallLow..fallHigh
                            ],
                            Start = start,
                            End = end,
                            Now = now,
                            Arguments = (First?[step] ?? 0, Second?[step] ?? 0),
                            Scratch = scratch,
                        }
                    );
            any |= !Absent.Is(column[step]);
        }
        return any ? column : null;
    }

    private void FindFalls(ReadOnlySpan<double> values)
    {
        falls.Clear();
        beforeFalls.Clear();
        if (!LooksForFalls)
        {
            return;
        }
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] < values[i - 1])
            {
                falls.Add(i);
                beforeFalls.Add(values[i - 1]);
            }
        }
    }
}
