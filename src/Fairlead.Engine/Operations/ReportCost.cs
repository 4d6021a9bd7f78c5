using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Engine.Infrastructure.Costs;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Apps;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>What infrastructure costs, and what it did for that.</summary>
public static class ReportCost
{
    private static readonly TimeSpan Behind = TimeSpan.FromDays(30);

    public sealed record Input
    {
        [Description("Only this app.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Only this environment.")]
        public string? Environment { get; init; }

        [Description("Only this team's apps.")]
        public string? Team { get; init; }

        [Description("Print a page in the place of a table.")]
        public ReportFormat? Format { get; init; }
    }

    /// <param name="Hints">What could be spared, and what will be too much; the dearest first.</param>
    /// <param name="Billed">What AWS really wants; null where nobody asks it.</param>
    /// <param name="Sizes">What services asked for, used, and would do with.</param>
    /// <param name="Page">The report as it was asked for; null for a table.</param>
    public sealed record Output(
        string Answer,
        IReadOnlyList<Row> Environments,
        IReadOnlyList<string> Hints,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Bill? Billed,
        IReadOnlyList<Size> Sizes,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Page
    );

    /// <param name="Monthly">US dollars, as all that follow; what is not known is null.</param>
    /// <param name="Requests">In the last 30 days, as deployments.</param>
    public sealed record Row(
        string App,
        string Environment,
        decimal Monthly,
        decimal? Budget,
        decimal? SoFar,
        decimal? Forecast,
        long? Requests,
        decimal? PerMillionRequests,
        int Deployments,
        IReadOnlyList<Share> Services
    );

    /// <param name="Service">Empty for what several share.</param>
    public sealed record Share(string Service, decimal Monthly, long? Requests, decimal? PerMillionRequests);

    /// <param name="Until">The last day that is in it, in UTC.</param>
    /// <param name="Notes">What is not known of it, and why.</param>
    public sealed record Bill(DateOnly Until, IReadOnlyList<BilledRow> Sites, IReadOnlyList<string> Notes);

    /// <param name="LastMonth">US dollars, as all that follow; what AWS does not say, or nothing kept count of, is null.</param>
    /// <param name="LastMonthReckoned">By list prices for the same days.</param>
    public sealed record BilledRow(
        string App,
        string Environment,
        decimal? LastMonth,
        decimal? LastMonthReckoned,
        decimal? ThisMonth,
        decimal? ThisMonthReckoned
    );

    /// <param name="Days">Of which there are numbers.</param>
    /// <param name="CoresAsked">Of one replica, as all that follow; what is not known, or fits, is null.</param>
    /// <param name="MibAsked">MiB of memory, as all that follow.</param>
    /// <param name="MonthlySpared">US dollars.</param>
    public sealed record Size(
        string App,
        string Environment,
        string Service,
        double Days,
        double? CoresAsked,
        double? CoresP95,
        double? CoresMax,
        double? CoresWouldDo,
        long? MibAsked,
        long? MibP95,
        long? MibMax,
        long? MibWouldDo,
        decimal? MonthlySpared
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "report.cost",
            "Show what infrastructure costs by environment, service and request, what was billed, and what of it seems to be for nothing.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead report cost", "fairlead report cost --team checkout --format html > cost.html"],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (server, now) = (engine.Server, engine.World.Now);
        var made = (await CostWatch.MadeAsync(server.Store, stop)).Where(one => server.Reach.Has(one.Site)).ToList();
        // What has something at a cloud may never have been deployed from here.
        var scope =
            input is { App: { } app, Team: null } && made.Exists(one => one.Site.App == app)
                ? new(new HashSet<string> { app }, input.Environment, now - Behind, now, app)
                : await ReportScopes.OfAsync(
                    server,
                    (input.App, input.Environment, input.Team),
                    (now - Behind, now),
                    stop
                );
        var sites = await ReadAsync(server, made, scope, stop);
        var bill = await ReportedBill.OfAsync(server, scope, [.. sites.Select(static one => one.Site)], stop);
        var (sizes, notes) = await MeasuredUse.OfAsync(server, (scope, made), engine.World, stop);
        var costs = new ReportedCosts(sites, bill, sizes) { Notes = notes };
        var page = CostReport.Page($"Cost of {scope.Said}, {now:yyyy-MM-dd}", costs, now);
        return new(
            page.Answer,
            [.. sites.Select(one => RowOf(one, now))],
            CostReport.Hints(costs, now),
            BillOf(bill),
            [.. sizes.Select(SizeOf)],
            input.Format switch
            {
                ReportFormat.Markdown => ReportPage.Markdown(page),
                ReportFormat.Html => ReportPage.Html(page),
                ReportFormat.Csv => ReportPage.Csv(CostReport.Rows(costs, now)),
                _ => null,
            }
        );
    }

    private static async Task<IReadOnlyList<SiteCost>> ReadAsync(
        ServerSide server,
        IEnumerable<RunRecord> all,
        ReportScope scope,
        CancellationToken stop
    )
    {
        var made = all.Where(one => scope.Has(one.Site))
            .OrderBy(static one => $"{one.Site}", StringComparer.Ordinal)
            .ToList();
        if (made.Count == 0)
        {
            return [];
        }
        var at = scope.Until;
        var hours = Math.Max(
            1,
            (int)
                (
                    at - new DateTimeOffset(at.UtcDateTime.Year, at.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero)
                ).TotalHours
        );
        Task<IReadOnlyDictionary<string, double>> Ask(string query) =>
            AskAsync(server.Metrics, query, (at, null), stop);
        const string Asked = "sum by (app, environment, service) (increase(fairlead_requests_ended_total";
        var (month, week) = (await Ask($"{Asked}[30d]))"), await Ask($"{Asked}[7d]))"));
        // What stood there in each hour of the month, as a month has 730.
        var spent = await Ask($"sum_over_time(sum by (app, environment) ({CostWatch.Metric})[{hours}h:1h]) / 730");
        var live = DeliveryEvents
            .Deployments(await ReportScopes.JournalAsync(server.Store, scope, stop))
            .Where(one => one.IsLive && one.EndedAt >= scope.From)
            .CountBy(static one => one.Site)
            .ToDictionary();
        return
        [
            .. made.Select(run => new SiteCost(
                run.Site,
                run.Costs.Sum(static one => one.Monthly),
                run.Budget,
                Of(spent, run.Site) is { } known ? (decimal)known : null,
                live.GetValueOrDefault(run.Site),
                ServicesOf(run, month, week)
            )),
        ];
    }

    private static List<ServiceCost> ServicesOf(
        RunRecord run,
        IReadOnlyDictionary<string, double> month,
        IReadOnlyDictionary<string, double> week
    ) =>
        [
            .. CostShares
                .ByService(run.Costs)
                .Select(one => new ServiceCost(
                    one.Service,
                    one.Monthly,
                    Of(month, run.Site, one.Service),
                    Of(week, run.Site, one.Service)
                )),
        ];

    private static double? Of(IReadOnlyDictionary<string, double> all, Site site, string service = "") =>
        all.TryGetValue($"{site}/{service}", out var value) ? value : null;

    /// <summary>What a query answers with, by <c>app/environment/service</c>.</summary>
    internal static async Task<IReadOnlyDictionary<string, double>> AskAsync(
        MetricDesk desk,
        string query,
        (DateTimeOffset At, TimeSpan? Within) when,
        CancellationToken stop
    )
    {
        var answer = await desk.InstantAsync(query, when.At.ToUnixTimeMilliseconds(), when.Within, stop);
        var found = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var one in answer.Result is QueryResult.Vector vector ? vector.Elements : [])
        {
            if (double.IsFinite(one.Value) && Math.Abs(one.Value) < 1e15)
            {
                found[$"{one.Labels["app"]}/{one.Labels["environment"]}/{one.Labels["service"]}"] = one.Value;
            }
        }
        return found;
    }

    private static Row RowOf(SiteCost one, DateTimeOffset now) =>
        new(
            one.Site.App,
            one.Site.Environment,
            one.Monthly,
            one.Budget,
            Cents(one.SoFar),
            Cents(CostReport.Forecast(one, now)),
            (long?)one.Requests,
            Cents(CostReport.PerMillion(one.Monthly, one.Requests)),
            one.Deployments,
            [
                .. one.Services.Select(static each => new Share(
                    each.Service,
                    each.Monthly,
                    (long?)each.Requests,
                    Cents(CostReport.PerMillion(each.Monthly, each.Requests))
                )),
            ]
        );

    private static Bill? BillOf(BilledCosts? bill) =>
        bill is null
            ? null
            : new(
                bill.Until.AddDays(-1),
                [
                    .. bill.Sites.Select(static one => new BilledRow(
                        one.Site.App,
                        one.Site.Environment,
                        Cents(one.LastMonth.Billed),
                        Cents(one.LastMonth.Reckoned),
                        Cents(one.ThisMonth.Billed),
                        Cents(one.ThisMonth.Reckoned)
                    )),
                ],
                bill.Notes
            );

    private static Size SizeOf(SizeAdvice one) =>
        new(
            one.Of.Site.App,
            one.Of.Site.Environment,
            one.Of.Service,
            Math.Round(one.Of.Days, 1),
            one.Of.CpuAsked,
            Thousandths(one.Of.Cpu?.P95),
            Thousandths(one.Of.Cpu?.Max),
            one.Cpu,
            Mib(one.Of.MemoryAsked),
            Mib(one.Of.Memory?.P95),
            Mib(one.Of.Memory?.Max),
            Mib(one.Memory),
            one.Spared
        );

    // Upwards: what was held fits in it.
    private static long? Mib(double? bytes) => bytes is { } known ? (long)Math.Ceiling(known / (1 << 20)) : null;

    private static double? Thousandths(double? cores) => cores is { } known ? Math.Round(known, 3) : null;

    private static decimal? Cents(decimal? amount) => amount is { } known ? Math.Round(known, 2) : null;
}
