using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Ports;

/// <summary>Keeps numbers over time. Times are milliseconds since 1970, UTC.</summary>
public interface IMetricStore
{
    /// <summary>
    /// Appends samples. Once it comes back, those it took are not lost, whatever is killed. A batch that is given again changes
    /// nothing. What cannot be taken is counted by its reason and does not keep the rest from being taken.
    /// </summary>
    Task<Appended> AppendAsync(IReadOnlyList<SeriesSamples> batch, CancellationToken stop);

    /// <summary>The series that fit every matcher and may have samples from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    /// <exception cref="Problems.ProblemException">A matcher cannot be read, or too many series fit.</exception>
    Task<IReadOnlyList<ISeries>> SelectAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    );

    /// <summary>The names of labels that series with samples in this time have, sorted.</summary>
    /// <param name="matchers">Which series; empty for all.</param>
    Task<IReadOnlyList<string>> LabelNamesAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    );

    /// <summary>The values of a label that series with samples in this time have, sorted.</summary>
    Task<IReadOnlyList<string>> LabelValuesAsync(
        string name,
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    );
}

/// <summary>A series that was selected. Can be read by one thread at a time, also while others append.</summary>
public interface ISeries
{
    Labels Labels { get; }

    /// <summary>Adds its samples from <paramref name="from"/> to <paramref name="to"/>, both included, behind those that are there.</summary>
    void Read(long from, long to, SampleColumns into);
}

/// <summary>What became of a batch.</summary>
/// <param name="Taken">Samples that are kept now, those that were there already among them.</param>
/// <param name="Refused">Samples that are not, by reason: the code of a problem, such as <c>metrics.too-old</c>.</param>
public sealed record Appended(long Taken, IReadOnlyDictionary<string, long> Refused);
