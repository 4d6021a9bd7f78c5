using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Scraping;

/// <summary>Asks each target in the way that its address's scheme calls for.</summary>
/// <param name="ways">By scheme, such as <c>http</c>.</param>
public sealed class Scrapes(IReadOnlyDictionary<string, IScrapes> ways) : IScrapes
{
    /// <summary>Schemes that can be asked.</summary>
    public IReadOnlyList<string> Schemes => [.. ways.Keys.Order(StringComparer.Ordinal)];

    public async Task<MetricPage> ScrapeAsync(ScrapeTarget target, CancellationToken stop)
    {
        var scheme = target.Url.Split(':')[0];
        if (!ways.TryGetValue(scheme, out var way))
        {
            throw new ProblemException(ScrapeProblems.UnknownScheme(scheme, Schemes));
        }
        using var late = new CancellationTokenSource(target.Timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        try
        {
            return await way.ScrapeAsync(target, either.Token);
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(ScrapeProblems.TooSlow(target), caught);
        }
    }
}
