using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>What is wanted of the sample that a selector finds.</summary>
internal enum SelectedValue
{
    Value,

    /// <summary>Its time in seconds.</summary>
    Time,
}

/// <summary>Takes series out of the store's answer.</summary>
internal static class Selecting
{
    /// <summary>
    /// At each step the latest sample that is not older than the look-back, whose left end is open. A series that was marked stale
    /// has none.
    /// </summary>
    public static List<Row> Latest(Frame frame, VectorSelector selector, Timeline timeline, SelectedValue wanted)
    {
        var (from, to) = Span(selector.Look, timeline, frame.Options.LookbackMilliseconds);
        var rows = new List<Row>();
        var samples = new SampleColumns();
        foreach (var series in frame.Series[selector])
        {
            samples.Clear();
            series.Read(from, to, samples);
            frame.Budget.Reading(samples.Count);
            if (Latest(samples, selector.Look, timeline, (frame.Options.LookbackMilliseconds, wanted)) is { } column)
            {
                frame.Budget.Hold(column);
                rows.Add(new(series.Labels, column));
            }
        }
        return rows;
    }

    /// <summary>Each series with all samples that a range of the timeline can hold.</summary>
    public static IEnumerable<(Labels Labels, bool DropsName, SampleColumns Samples)> All(
        Frame frame,
        RangeSelector ranges,
        Timeline timeline
    )
    {
        var (from, to) = Span(ranges.Vector.Look, timeline, ranges.Range.Milliseconds);
        var (read, kept) = (new SampleColumns(), new SampleColumns());
        foreach (var series in frame.Series[ranges.Vector])
        {
            read.Clear();
            series.Read(from, to, read);
            frame.Budget.Reading(read.Count);
            yield return (series.Labels, false, WithoutStale(read, kept));
        }
    }

    /// <summary>The first and the last time, both included, that a selector can look at.</summary>
    public static (long From, long To) Span(Look look, Timeline timeline, long range) =>
        (look.From(timeline.Start) - range + 1, look.From(timeline.At(timeline.Count - 1)));

    private static double[]? Latest(
        SampleColumns samples,
        Look look,
        Timeline timeline,
        (long Lookback, SelectedValue Wanted) how
    )
    {
        var times = samples.Times;
        var values = samples.Values;
        if (times.Length == 0)
        {
            return null;
        }
        var column = new double[timeline.Count];
        var (next, any) = (0, false);
        for (var step = 0; step < column.Length; step++)
        {
            var at = look.From(timeline.At(step));
            while (next < times.Length && times[next] <= at)
            {
                next++;
            }
            var isThere = next > 0 && times[next - 1] > at - how.Lookback && !Absent.Is(values[next - 1]);
            column[step] =
                !isThere ? Absent.Value
                : how.Wanted == SelectedValue.Time ? times[next - 1] / 1000.0
                : values[next - 1];
            any |= isThere;
        }
        return any ? column : null;
    }

    private static SampleColumns WithoutStale(SampleColumns read, SampleColumns kept)
    {
        var values = read.Values;
        var i = 0;
        while (i < values.Length && !Absent.Is(values[i]))
        {
            i++;
        }
        if (i == values.Length)
        {
            return read;
        }
        kept.Clear();
        for (i = 0; i < values.Length; i++)
        {
            if (!Absent.Is(values[i]))
            {
                kept.Add(read.Times[i], values[i]);
            }
        }
        return kept;
    }
}
