using System.Globalization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Watching.Errors;
using Fairlead.Engine.Watching.Vitals;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching;

/// <summary>
/// What errors and vitals say of the releases that have traffic, as metrics: so queries, alerts and gates can ask for them like for
/// any other number. Each release under way has its number of new errors from the start, also when it is 0.
/// </summary>
public sealed class ReleaseNumbers(IStore records, IErrorStore errors, IVitalStore vitals, World world)
    : IBackgroundWork
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Back = TimeSpan.FromHours(1);

    private IReadOnlyList<Number> known = [];

    public string Name => "release numbers";

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await LookAsync(stop);
            await Task.Delay(Every, world.Clock, stop);
        }
    }

    /// <summary>Tells what was seen last.</summary>
    public void Measure(MetricPage page)
    {
        foreach (var (name, help, value, labels) in Volatile.Read(ref known))
        {
            page.Gauge(name, help, value, labels);
        }
    }

    internal async Task LookAsync(CancellationToken stop)
    {
        var numbers = new List<Number>();
        foreach (var document in await records.ListAsync(Records.Sites, "", stop))
        {
            var record = Records.Read<SiteRecord>(document);
            foreach (var release in await ReleasesAsync(record, stop))
            {
                await LookAsync(record.Site, release, numbers, stop);
            }
        }
        Volatile.Write(ref known, numbers);
    }

    private async Task LookAsync(Site site, int release, List<Number> numbers, CancellationToken stop)
    {
        (string, string)[] labels =
        [
            (Source.AppLabel, site.App),
            (Source.EnvironmentLabel, site.Environment),
            (Source.ReleaseLabel, release.ToString(CultureInfo.InvariantCulture)),
        ];
        var since = world.Now - Back;
        var brought = await ReleaseErrors.NewAsync(errors, site, release, stop);
        numbers.Add(new("fairlead_new_errors", "Errors that the release brought.", brought.Count, labels));
        var sessions = (await errors.SessionsAsync(site, since, stop)).FirstOrDefault(one => one.Release == release);
        if (sessions?.CrashFreePercent is { } percent)
        {
            numbers.Add(new("fairlead_crash_free_sessions_percent", "Sessions that no error ended.", percent, labels));
        }
        var views = await vitals.ReadAsync(site, release, since, stop);
        foreach (var kind in Enum.GetValues<VitalKind>())
        {
            if (VitalNumbers.P75(views, kind) is { } value)
            {
                (string, string)[] named = [.. labels, ("vital", kind.ToString().ToUpperInvariant())];
                numbers.Add(
                    new(
                        "fairlead_vital_p75",
                        "What three of four page views stay below, in milliseconds; CLS has no unit.",
                        value,
                        named
                    )
                );
            }
        }
    }

    private async Task<IEnumerable<int>> ReleasesAsync(SiteRecord record, CancellationToken stop)
    {
        var coming = record.Active is null
            ? null
            : (await records.ListAsync(Records.Deployments, $"{record.Site}/", stop))
                .Select(Records.Read<Deployment>)
                .FirstOrDefault(one => one.Id == record.Active);
        return new[] { record.Live, coming?.Release }.OfType<int>().Distinct();
    }

    private sealed record Number(string Name, string Help, double Value, (string, string)[] Labels);
}
