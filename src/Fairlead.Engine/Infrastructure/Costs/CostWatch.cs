using Fairlead.Engine.Deploying;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Infrastructure.Costs;

/// <summary>
/// Keeps what infrastructure costs among the metrics, so that it has a history, pictures and alerts like everything else that is measured.
/// The numbers are list prices as they were reckoned when the last plan was made; what nothing could price is in none.
/// </summary>
public sealed class CostWatch(IStore store, World world) : IBackgroundWork
{
    /// <summary>US dollars in a month, by app, environment and service.</summary>
    public const string Metric = "fairlead_infrastructure_monthly_dollars";

    /// <summary>US dollars that it may cost in a month, by app and environment.</summary>
    public const string BudgetMetric = "fairlead_infrastructure_budget_dollars";

    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);
    private IReadOnlyList<RunRecord> seen = [];

    public string Name => "costs";

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            seen = await MadeAsync(store, stop);
            await Task.Delay(Look, world.Clock, stop);
        }
    }

    /// <summary>The last runs of sites that have something at a cloud.</summary>
    public static async Task<IReadOnlyList<RunRecord>> MadeAsync(IStore store, CancellationToken stop) =>
        [
            .. (await store.ListAsync(RunRecord.Collection, "", stop))
                .Select(Records.Read<RunRecord>)
                .Where(static one => one.Costs.Count > 0),
        ];

    /// <summary>Adds what it costs.</summary>
    public void Measure(MetricPage page)
    {
        foreach (var run in seen)
        {
            (string, string)[] site = [("app", run.Site.App), ("environment", run.Site.Environment)];
            foreach (var (service, monthly) in CostShares.ByService(run.Costs))
            {
                page.Gauge(
                    Metric,
                    "What infrastructure costs in a month by list prices, in US dollars; without a service where several share it.",
                    (double)monthly,
                    [.. site, ("service", service)]
                );
            }
            if (run.Budget is { } budget)
            {
                page.Gauge(
                    BudgetMetric,
                    "What infrastructure may cost in a month, in US dollars.",
                    (double)budget,
                    site
                );
            }
        }
    }
}
