using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Remote;

/// <summary>A store whose samples are sent on to another as well. The other can be slow or away without anybody noticing here.</summary>
public sealed class ForwardedMetrics(IMetricStore inner, RemoteWriter writer) : IMetricStore
{
    public async Task<Appended> AppendAsync(IReadOnlyList<SeriesSamples> batch, CancellationToken stop)
    {
        var appended = await inner.AppendAsync(batch, stop);
        writer.Take(batch);
        return appended;
    }

    public Task<IReadOnlyList<ISeries>> SelectAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) => inner.SelectAsync(matchers, from, to, stop);

    public Task<IReadOnlyList<string>> LabelNamesAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) => inner.LabelNamesAsync(matchers, from, to, stop);

    public Task<IReadOnlyList<string>> LabelValuesAsync(
        string name,
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) => inner.LabelValuesAsync(name, matchers, from, to, stop);
}
