using Fairlead.Model.Apps;
using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Ports;

/// <summary>Keeps what users' browsers measured, as sketches by hour, release, route and device; never a single view.</summary>
public interface IVitalStore
{
    /// <summary>Adds all or nothing; it is on the disk when this returns. May be called by many at once: they share commits.</summary>
    /// <exception cref="Problems.ProblemException">The disk is full, or too much waits to be written.</exception>
    Task AddAsync(IReadOnlyList<PageView> views, CancellationToken stop);

    /// <summary>Sums since a time, one for each release, route and device, those with most views first.</summary>
    /// <param name="release">Only this one; null for all.</param>
    Task<IReadOnlyList<VitalSummary>> ReadAsync(Site site, int? release, DateTimeOffset since, CancellationToken stop);

    /// <summary>Lets go of what is too old.</summary>
    Task SweepAsync(DateTimeOffset keepSince, CancellationToken stop);
}

/// <summary>Where beacons go once they are read.</summary>
public interface IVitalInbox
{
    /// <exception cref="Problems.ProblemException">They could not be kept.</exception>
    Task TakeAsync(Source source, IReadOnlyList<BeaconReport> beacons, CancellationToken stop);
}

/// <summary>What a page sent.</summary>
/// <param name="Path">Of the page's address.</param>
public sealed record BeaconReport(
    string Path,
    Device Device,
    IReadOnlyDictionary<VitalKind, double> Values,
    int Errors
);
