using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Guarding.Access.Narrowed;

/// <summary>What browsers measured, as a caller may see it.</summary>
internal sealed class NarrowVitals(IVitalStore store, Reach reach) : IVitalStore
{
    public Task AddAsync(IReadOnlyList<PageView> views, CancellationToken stop) =>
        throw new InvalidOperationException("Whoever asks does not send.");

    public async Task<IReadOnlyList<VitalSummary>> ReadAsync(
        Site site,
        int? release,
        DateTimeOffset since,
        CancellationToken stop
    ) => reach.Has(site) ? await store.ReadAsync(site, release, since, stop) : [];

    public Task SweepAsync(DateTimeOffset keepSince, CancellationToken stop) =>
        throw new InvalidOperationException("Whoever asks does not sweep.");
}
