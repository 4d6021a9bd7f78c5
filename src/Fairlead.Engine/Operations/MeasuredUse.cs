using System.Globalization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Engine.Infrastructure.Costs;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Operations;

/// <summary>Reads from the metrics what replicas used, and says which sizes would do.</summary>
internal static class MeasuredUse
{
    // Two weeks of a site's replicas are a million samples.
    private const int SitesMax = 25;

    // Somebody waits for the report, and a store elsewhere may be slow.
    private static readonly TimeSpan AllMax = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan QueryMax = TimeSpan.FromSeconds(10);

    private const string Cpu = "fairlead_replica_cpu_seconds_total";
    private const string Memory = "fairlead_replica_resident_memory_bytes";

    /// <param name="of">What the report is about, and what infrastructure costs.</param>
    /// <returns>What is known, and what could not be read.</returns>
    public static async Task<(IReadOnlyList<SizeAdvice> Sizes, IReadOnlyList<string> Notes)> OfAsync(
        ServerSide server,
        (ReportScope Scope, IReadOnlyList<RunRecord> Made) of,
        World world,
        CancellationToken stop
    )
    {
        var (scope, made) = of;
        var began = world.Now;
        List<SiteRecord> live =
        [
            .. (await server.Store.ListAsync(Records.Sites, "", stop))
                .Select(Records.Read<SiteRecord>)
                .Where(one => one.Live is not null && server.Reach.Has(one.Site) && scope.Has(one.Site))
                .OrderBy(static one => $"{one.Site}", StringComparer.Ordinal),
        ];
        var (sizes, notes) = (new List<SizeAdvice>(), new List<string>());
        if (live.Count > SitesMax)
        {
            notes.Add(
                $"Sizes are those of {SitesMax} of {live.Count} environments: fairlead report cost APP shows another's."
            );
        }
        foreach (var record in live.Take(SitesMax))
        {
            if (world.Now - began >= AllMax)
            {
                notes.Add($"Sizes of {record.Site} and what comes after it are not known: the metrics took too long.");
                break;
            }
            try
            {
                sizes.AddRange(await OfAsync(server, record, (made, scope.Until), stop));
            }
            catch (ProblemException caught)
            {
                notes.Add($"Sizes of {record.Site} are not known: {caught.Problem.What} {caught.Problem.Why}");
            }
        }
        return (sizes, notes);
    }

    private static async Task<IEnumerable<SizeAdvice>> OfAsync(
        ServerSide server,
        SiteRecord record,
        (IReadOnlyList<RunRecord> Made, DateTimeOffset At) with,
        CancellationToken stop
    )
    {
        var site = record.Site;
        var release = await Sites.ReleaseAsync(server, site, record.Live!.Value, stop); // Such are asked for here.
        var uses = await UsesAsync(
            server.Metrics,
            site,
            [.. release.Services.Select(static one => one.Service)],
            with.At,
            stop
        );
        var costs = with.Made.FirstOrDefault(one => one.Site == site)?.Costs ?? [];
        return uses.Select(RightSizing.Of)
            .OfType<SizeAdvice>()
            .Select(one =>
                one with
                {
                    Spared = SparedBy(one, [.. costs.Where(part => part.Service == one.Of.Service)]),
                }
            );
    }

    /// <summary>What each of these services used; those that were not measured for long enough are left out.</summary>
    internal static async Task<IReadOnlyList<ServiceUse>> UsesAsync(
        MetricDesk metrics,
        Site site,
        IReadOnlyList<Service> services,
        DateTimeOffset at,
        CancellationToken stop
    )
    {
        var only = $$"""{app="{{site.App}}",environment="{{site.Environment}}"}""";
        var window = string.Create(CultureInfo.InvariantCulture, $"{RightSizing.DaysMax}d");
        Task<IReadOnlyDictionary<string, double>> Ask(string query) =>
            ReportCost.AskAsync(metrics, query, (at, QueryMax), stop);
        Task<IReadOnlyDictionary<string, double>> Most(string query) =>
            Ask($"max by (app, environment, service) ({query})");

        Task<IReadOnlyDictionary<string, double>> Hours(string query) =>
            Ask($"count_over_time(max by (app, environment, service) ({query})[{window}:1h])");

        var hours = await Hours($"{Memory}{only}");
        if (!hours.Values.Any(IsEnough))
        {
            return [];
        }
        var worked = await Hours($"rate({Cpu}{only}[5m])");
        var cpu = (
            await Most($"quantile_over_time(0.95, rate({Cpu}{only}[5m])[{window}:5m])"),
            await Most($"max_over_time(rate({Cpu}{only}[5m])[{window}:5m])")
        );
        var memory = (
            await Most($"quantile_over_time(0.95, {Memory}{only}[{window}:5m])"),
            // Of each sample: what ends a program may be short.
            await Most($"max_over_time({Memory}{only}[{window}])")
        );
        return
        [
            .. from one in services
            let key = $"{site}/{one.Name}"
            where hours.ContainsKey(key)
            select new ServiceUse(site, one.Name, hours[key] / 24, UsedOf(cpu, worked, key), UsedOf(memory, hours, key))
            {
                CpuAsked = one.Limits.Cpu,
                MemoryAsked = one.Limits.Memory,
            },
        ];
    }

    private static bool IsEnough(double hours) => hours >= RightSizing.DaysMin * 24;

    private static Used? UsedOf(
        (IReadOnlyDictionary<string, double> P95, IReadOnlyDictionary<string, double> Max) known,
        IReadOnlyDictionary<string, double> hours,
        string key
    ) =>
        hours.TryGetValue(key, out var many)
        && IsEnough(many)
        && known.Max.TryGetValue(key, out var max)
        && known.P95.TryGetValue(key, out var p95)
            ? new(p95, max)
            : null;

    private static decimal? SparedBy(SizeAdvice advice, IReadOnlyList<PlannedCost> parts)
    {
        if (advice is { Cpu: null, Memory: null })
        {
            return null;
        }
        var asked = new MachineSize(
            advice.Of.CpuAsked ?? MachineSize.SmallProgram.Cores,
            advice.Of.MemoryAsked ?? MachineSize.SmallProgram.Memory
        );
        return SizeSaving.Of(parts, asked, new(advice.Cpu ?? asked.Cores, advice.Memory ?? asked.Memory));
    }
}
