namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>How much a query may hold in memory at once.</summary>
internal sealed class Budget(long samplesMax, CancellationToken stop)
{
    // Steps without a sample cost less than samples do, but not nothing.
    private const int GapsPerSample = 4;

    private long held;

    /// <summary>All that was read from the store, for the answer's statistics.</summary>
    public long Read { get; private set; }

    public void Reading(long samples)
    {
        stop.ThrowIfCancellationRequested();
        Read += samples;
        Check(held + samples);
    }

    public void Hold(ReadOnlySpan<double> column) => Hold(Cost(column));

    public void Hold(long samples)
    {
        stop.ThrowIfCancellationRequested();
        held += samples;
        Check(held);
    }

    public void Release(IEnumerable<Row> rows)
    {
        foreach (var row in rows)
        {
            held -= Cost(row.Values);
        }
    }

    public void Check() => stop.ThrowIfCancellationRequested();

    private static long Cost(ReadOnlySpan<double> column) =>
        Math.Max(Absent.Present(column), column.Length / GapsPerSample);

    private void Check(long samples)
    {
        if (samples > samplesMax)
        {
            throw Faults.TooMuch(
                $"The query needs more than {samplesMax} samples at once.",
                "query processing would load too many samples into memory in query execution",
                "Ask for fewer series, a shorter time or a longer step."
            );
        }
    }
}
