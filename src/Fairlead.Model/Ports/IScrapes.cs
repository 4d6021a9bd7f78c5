using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Ports;

/// <summary>Asks targets for their numbers.</summary>
public interface IScrapes
{
    /// <summary>All that the target shows now.</summary>
    /// <exception cref="Problems.ProblemException">It does not answer in time, or with what cannot be read, or with more than its limits allow.</exception>
    Task<MetricPage> ScrapeAsync(ScrapeTarget target, CancellationToken stop);

    /// <summary>Waits until the target says that its numbers should be asked for at once. Only for those that have news.</summary>
    /// <returns>False when it had no reason to for a while: ask again.</returns>
    /// <exception cref="Problems.ProblemException">It does not answer.</exception>
    Task<bool> NewsAsync(ScrapeTarget target, CancellationToken stop) =>
        throw new NotSupportedException($"{target.Job} has no news.");
}
