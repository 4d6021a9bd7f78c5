using Fairlead.Drivers.Intakes;
using Fairlead.Drivers.Probes;
using Fairlead.Drivers.Telemetry.Metrics;
using Fairlead.Drivers.Telemetry.Remote;
using Fairlead.Drivers.Telemetry.Scraping;
using Fairlead.Drivers.Telemetry.Statsd;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Watching;
using Fairlead.Engine.Watching.Scraping;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;
using Fairlead.Roles;
using Fairlead.Roles.Up;

namespace Fairlead;

/// <summary>Puts together where telemetry is kept, how it is collected, and what takes it in.</summary>
internal static partial class Compose
{
    /// <summary>All that keeps telemetry, one part for each signal.</summary>
    private sealed record Telemetry(Numbers Numbers, LogParts Logs, TraceParts Traces, ErrorParts Errors)
    {
        public IReadOnlyList<IBackgroundWork> Works =>
            [.. Numbers.Works, .. Logs.Works, Traces.Keeper, Errors.Housekeeping, Errors.Numbers];

        public IReadOnlyList<IDisposable> Connections =>
            [Errors, Logs.Destinations, Traces.Store, .. Numbers.Connections];

        public IReadOnlyList<IAsyncDisposable> Workers =>
            [Errors.Forwarder, Traces.Keeper, .. Logs.Workers, .. Numbers.Closing];

        public static Telemetry Open(
            RoleContext context,
            IStore records,
            (ITarget Target, ILogs Outputs) node,
            LiveMask mask
        )
        {
            var logs = Compose.Logs(context, records, node.Outputs, mask);
            var numbers = Collect(context, records, node.Target);
            var traces = Compose.Traces(context, numbers.Desk, logs.Reception);
            return new(numbers, logs, traces, ErrorParts.Open(context, records, mask));
        }

        /// <summary>What takes telemetry, one for each format.</summary>
        public IReadOnlyList<IIntake> Intakes(World world) =>
            [
                new RemoteWriteIntake(Numbers.Desk.Store, Numbers.Desk.Notes, world),
                .. Logs.Intakes,
                .. Traces.Intakes,
                .. Errors.Intakes(world, Logs.Reception),
            ];
    }

    /// <summary>What keeps metrics, what collects them, what runs for it in the background, and what is closed with it.</summary>
    private sealed record Numbers(
        MetricDesk Desk,
        Collecting Collecting,
        IReadOnlyList<IBackgroundWork> Works,
        IReadOnlyList<IDisposable> Connections,
        IReadOnlyList<IAsyncDisposable> Closing,
        Action<MetricPage> Measure
    );

    private static Numbers Collect(RoleContext context, IStore records, ITarget target)
    {
        var (world, variable) = (context.World, (Func<string, string?>)Environment.GetEnvironmentVariable);
        var http = new HttpScrapes(variable);
        var roles = HttpScrapes.OfRoles(context.State.Socket);
        var ways = new Dictionary<string, IScrapes>(StringComparer.OrdinalIgnoreCase)
        {
            ["fairlead"] = roles,
            ["http"] = http,
            ["https"] = http,
        };
        var (works, connections) = (new List<IBackgroundWork>(), new List<IDisposable> { http, roles });
        var own = OwnTargets.All.ToList();
        if (Statsd(context, variable) is { } statsd)
        {
            ways["statsd"] = statsd;
            own.Add(StatsdListener.Target);
            works.Add(statsd);
            connections.Add(statsd);
        }
        foreach (var probe in AllProbes.Entries)
        {
            var asked = new ProbeScrapes(probe, world, variable);
            probe.Schemes.ToList().ForEach(scheme => ways[scheme] = asked);
        }
        var scrapes = new Scrapes(ways);
        var search = new TargetSearch(records, target, own);
        var collecting = new Collecting(scrapes, search, scrapes.Schemes);
        var writer = Writer(context, variable);
        var remote = Remote(variable);
        var embedded = remote is null ? Embedded(context) : null;
        IMetricStore store = remote is null ? embedded! : remote; // One of them is there.
        var kept = writer is null ? store : new ForwardedMetrics(store, writer);
        var log = context.Logs.CreateLogger("Fairlead.Scraping");
        var notes = new MetricNotes();
        var scraper = new Scraper(scrapes, kept, search.FindAsync, world, log) { Notes = notes };
        collecting = collecting with { Scraper = scraper };
        works.Add(scraper);
        var desk = new MetricDesk(kept, world) { Notes = notes, Targets = () => scraper.Views };
        connections.Add(desk);
        if (remote is not null)
        {
            connections.Add(remote);
        }
        if (writer is not null)
        {
            works.Add(writer);
            connections.Add(writer);
        }
        return new(
            desk,
            collecting,
            works,
            connections,
            embedded is null ? [] : [embedded],
            page => writer?.Measure(page)
        );
    }

    private static MetricStore Embedded(RoleContext context) =>
        MetricStore.Open(
            Path.Combine(context.State.Telemetry, "metrics"),
            new(),
            context.World,
            context.Logs.CreateLogger("Fairlead.Metrics")
        );

    /// <summary>FAIRLEAD_METRICS_URL: a Prometheus that keeps the metrics instead of the embedded store.</summary>
    private static RemoteMetrics? Remote(Func<string, string?> variable) =>
        variable("FAIRLEAD_METRICS_URL") is { Length: > 0 } url
            ? new RemoteMetrics(RemoteAddress.Read(url, variable))
            : null;

    /// <summary>FAIRLEAD_REMOTE_WRITE: a store that gets all metrics as well, with the labels of FAIRLEAD_EXTERNAL_LABELS.</summary>
    private static RemoteWriter? Writer(RoleContext context, Func<string, string?> variable) =>
        variable("FAIRLEAD_REMOTE_WRITE") is { Length: > 0 } url
            ? new RemoteWriter(
                RemoteAddress.Read(url, variable),
                context.World,
                context.Logs.CreateLogger("Fairlead.RemoteWrite")
            )
            {
                ExternalLabels = ExternalLabels(variable("FAIRLEAD_EXTERNAL_LABELS")),
            }
            : null;

    /// <summary>Reads <c>region=eu,cluster=a</c>.</summary>
    /// <exception cref="ProblemException">It is not of that shape.</exception>
    internal static IReadOnlyList<Label> ExternalLabels(string? text) =>
        [
            .. (text ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(one =>
                    one.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } value]
                        ? new Label(name.Trim(), value.Trim())
                        : throw new ProblemException(
                            new Problem(
                                "metrics.wrong-labels",
                                What: "FAIRLEAD_EXTERNAL_LABELS cannot be read.",
                                Why: $"'{one}' is not of the shape name=value.",
                                Fix: "Write for example: FAIRLEAD_EXTERNAL_LABELS=region=eu,cluster=a"
                            )
                            {
                                Trouble = Trouble.WrongUse,
                            }
                        )
                ),
        ];

    /// <summary>FAIRLEAD_STATSD: where StatsD's lines are taken, such as <c>127.0.0.1:8125</c>; nowhere when it is not set.</summary>
    private static StatsdListener? Statsd(RoleContext context, Func<string, string?> variable)
    {
        if (variable("FAIRLEAD_STATSD") is not { Length: > 0 } text)
        {
            return null;
        }
        var address = Addresses.Parse("FAIRLEAD_STATSD", text);
        var log = context.Logs.CreateLogger("Fairlead.Statsd");
        try
        {
            return new StatsdListener(address, context.World, log);
        }
        catch (System.Net.Sockets.SocketException caught)
        {
            // Apps are deployed also where nobody counts for them.
            Roles.Server.Log.StatsdNotHeard(log, address, caught.Message);
            return null;
        }
    }
}
