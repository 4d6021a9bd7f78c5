using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Ports;

/// <summary>Asks targets for their numbers.</summary>
public interface IScrapes
{
    /// <summary>All that the target shows now.</summary>
    /// <exception cref="Problems.ProblemException">It does not answer in time, or with what cannot be read, or with more than its limits allow.</exception>
    Task<MetricPage> ScrapeAsync(ScrapeTarget target, CancellationToken stop);
}
