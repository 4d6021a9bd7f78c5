using System.Text.RegularExpressions;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Guarding.Access.Narrowed;

/// <summary>Metrics as a caller may see them: every selection has matchers of its sites added, whatever the query says.</summary>
internal sealed class NarrowMetrics(IMetricStore store, Reach reach) : IMetricStore
{
    /// <summary>Where what rules give is kept, which bears the name of their site; null for whoever only asks.</summary>
    public IMetricStore? Keeps { get; init; }

    public Task<Appended> AppendAsync(IReadOnlyList<SeriesSamples> batch, CancellationToken stop) =>
        Keeps?.AppendAsync(batch, stop) ?? throw new InvalidOperationException("Whoever asks does not send.");

    public async Task<IReadOnlyList<ISeries>> SelectAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    )
    {
        List<ISeries> found = [];
        foreach (var narrow in Narrow(matchers, reach))
        {
            found.AddRange(await store.SelectAsync(narrow, from, to, stop));
        }
        return found;
    }

    public Task<IReadOnlyList<string>> LabelNamesAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) => EachAsync(matchers, narrow => store.LabelNamesAsync(narrow, from, to, stop), stop);

    public Task<IReadOnlyList<string>> LabelValuesAsync(
        string name,
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) => EachAsync(matchers, narrow => store.LabelValuesAsync(name, narrow, from, to, stop), stop);

    /// <summary>The same selection for each environment, with its apps: together exactly the sites, and no series twice.</summary>
    internal static IEnumerable<IReadOnlyList<Matcher>> Narrow(IReadOnlyList<Matcher> matchers, Reach reach) =>
        reach.Groups.Select(group =>
            (IReadOnlyList<Matcher>)
                [
                    .. matchers,
                    new(MatchKind.Equal, Source.EnvironmentLabel, group.Environment),
                    OneOf(Source.AppLabel, group.Apps),
                ]
        );

    /// <summary>Names of sites have only letters, digits and dashes; they are escaped all the same.</summary>
    internal static Matcher OneOf(string label, IEnumerable<string> values) =>
        values.ToList() is [var only]
            ? new(MatchKind.Equal, label, only)
            : new(MatchKind.Regex, label, string.Join('|', values.Select(Regex.Escape)));

    private async Task<IReadOnlyList<string>> EachAsync(
        IReadOnlyList<Matcher> matchers,
        Func<IReadOnlyList<Matcher>, Task<IReadOnlyList<string>>> askAsync,
        CancellationToken stop
    )
    {
        var all = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var narrow in Narrow(matchers, reach))
        {
            stop.ThrowIfCancellationRequested();
            all.UnionWith(await askAsync(narrow));
        }
        return [.. all];
    }
}
