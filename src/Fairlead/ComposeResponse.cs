using Fairlead.Drivers.Channels;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.State;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Engine.Responding.OnCall;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Engine.Watching;
using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;
using Fairlead.Roles;
using Fairlead.Roles.Server;

namespace Fairlead;

internal static partial class Compose
{
    private static readonly TimeSpan HeartbeatMax = TimeSpan.FromSeconds(10);

    /// <summary>The same server, which also evaluates rules, tells people, and responds.</summary>
    private static ServerPlatform Responding(RoleContext context, ServerPlatform platform)
    {
        var (server, world) = (platform.Engine.Server, context.World);
        var log = context.Logs.CreateLogger("Fairlead.Responding");
        var to = (server.Store, (Func<Model.Ports.Fence>)(() => platform.Conductor.Fence));
        var url = server.PublicUrl.ToString().TrimEnd('/');
        var seal = AlertingSeal(server);
        var channels = AllChannels.Entries(world, Path.Combine(context.State.Root, "alerts"));
        var routing = new RoutingBook(to, seal.OpenAsync, channels, log);
        var (rules, received, alerts) = Watching(context, server, to, routing);
        var courier = new Courier(routing, to, world, log);
        var links = new AnswerLinks(seal.OpenAsync, PeopleReach(server, AddressesOf(context).Api), world);
        var announcer = new Announcer(routing, courier, alerts, to, (world, url, links));
        var (book, scenes) = (new IncidentBook(server.Store, to.Item2), new Scenes(server.Store, world));
        var pager = new Pager(routing, book, to, () => announcer, world);
        var notifier = new Notifier(routing, alerts, courier, to, (world, log, url))
        {
            ExplainAsync = new Explaining(scenes, book, links).OfAsync,
        };
        var keeper = new IncidentKeeper(
            (alerts, book, scenes),
            (platform.Conductor, announcer, pager),
            server.Metrics.NumberAsync,
            (world, log)
        );
        rules.Changed = received.Changed = () =>
        {
            notifier.Ring();
            keeper.Ring();
        };
        routing.Changed = notifier.Ring;
        var http = new HttpClient(OutboundGuard.Handler(AddressKind.Inside)) { Timeout = HeartbeatMax };
        var heart = new Heart(routing, () => rules.EvaluatedAt, (to, stop) => BeatAsync(http, to, stop), world, log);
        IBackgroundWork[] works =
        [
            rules,
            received,
            notifier,
            courier,
            keeper,
            pager,
            heart,
            Pages(platform, () => routing.Plan.Roster, world),
        ];
        return platform with
        {
            Connections = [.. platform.Connections, seal, http, received],
            Measure = platform.Measure + rules.Measure,
            Background = [.. platform.Background, .. works],
            Engine = platform.Engine with
            {
                Server = server with
                {
                    Response = new(rules, alerts, routing, courier, notifier, announcer, keeper, pager, links)
                    {
                        Received = received,
                    },
                },
            },
        };
    }

    private static SharedSeal AlertingSeal(ServerSide server) =>
        new(server.Vault, "alerting", Sealer.MakeKey, static key => new KeyFileSeal(Sealer.Of(key)));

    /// <summary>What evaluates rules, whenever there are new numbers of the edge among others.</summary>
    private static (RuleDesk Rules, ReceivedAlerts Received, AlertView Alerts) Watching(
        RoleContext context,
        ServerSide server,
        (IStore Store, Func<Model.Ports.Fence> Fence) to,
        RoutingBook routing
    )
    {
        var log = context.Logs.CreateLogger("Fairlead.Responding");
        TimeSpan KeepEnded() =>
            routing.Plan.Root.All.Max(static one => one.GroupInterval) * 2 + TimeSpan.FromMinutes(1);
        var rules = new RuleDesk(
            (server.Metrics.Store, server.Store),
            to.Fence,
            new RuleSources(server.Store, log).FindAsync,
            context.World,
            log
        )
        {
            KeepEnded = KeepEnded,
            Own = (Labels.None, server.PublicUrl.ToString().TrimEnd('/')),
        };
        server.Metrics.Rules = () => rules.States;
        if (server.Collecting.Scraper is { } scraper)
        {
            scraper.Arrived = target =>
            {
                if (target.Key == OwnTargets.Edge.Key)
                {
                    rules.Arrived();
                }
            };
        }
        var received = new ReceivedAlerts(to, context.World, log) { KeepEnded = KeepEnded };
        var alerts = new AlertView(
            rules,
            routing,
            context.World,
            () => received.All,
            stop => WorksAsync(server.Store, context.World, stop)
        );
        return (rules, received, alerts);
    }

    /// <summary>Where people reach this server: from outside where it has an address, else on this machine.</summary>
    private static Func<string> PeopleReach(ServerSide server, string api) =>
        () =>
            server.Address.Current is { } own
                ? $"{(own.Tls.Mode is TlsMode.Off ? "http" : "https")}://{own.Host}"
                : $"http://{api}";

    private static async Task<IReadOnlyList<Maintenance>> WorksAsync(
        IStore store,
        World world,
        CancellationToken stop
    ) =>
        [
            .. (await store.ListAsync(Maintenance.Collection, "", stop))
                .Select(Engine.Deploying.Records.Read<Maintenance>)
                .Where(one => one.IsOn(world.Now)),
        ];

    private static async Task<string?> BeatAsync(HttpClient http, Uri to, CancellationToken stop)
    {
        try
        {
            using var answer = await http.PostAsync(to, content: null, stop);
            return answer.IsSuccessStatusCode ? null : $"It answers with {(int)answer.StatusCode}.";
        }
        catch (Exception caught)
            when (caught is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            return "It does not answer.";
        }
    }
}
