using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Scraping;

/// <summary>Asks each target in the way that its address's scheme calls for.</summary>
/// <param name="ways">By scheme, such as <c>http</c>.</param>
public sealed class Scrapes(IReadOnlyDictionary<string, IScrapes> ways) : IScrapes
{
    private static readonly TimeSpan NewsMax = TimeSpan.FromMinutes(1);

    /// <summary>Schemes that can be asked.</summary>
    public IReadOnlyList<string> Schemes => [.. ways.Keys.Order(StringComparer.Ordinal)];

    public async Task<MetricPage> ScrapeAsync(ScrapeTarget target, CancellationToken stop)
    {
        var way = WayTo(target);
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

    public async Task<bool> NewsAsync(ScrapeTarget target, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(NewsMax);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        try
        {
            return await WayTo(target).NewsAsync(target, either.Token);
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(ScrapeProblems.TooSlow(target), caught);
        }
    }

    private IScrapes WayTo(ScrapeTarget target)
    {
        var scheme = target.Url.Split(':')[0];
        return ways.TryGetValue(scheme, out var way)
            ? way
            : throw new ProblemException(ScrapeProblems.UnknownScheme(scheme, Schemes));
    }
}
