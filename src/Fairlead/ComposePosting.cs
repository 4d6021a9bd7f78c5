using Fairlead.Drivers.State;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Engine.Responding.Subscribing;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Roles;
using Fairlead.Roles.Server;

namespace Fairlead;

internal static partial class Compose
{
    /// <summary>The same server, which also writes by itself: reports, reminders, and to who subscribes to status pages.</summary>
    private static ServerPlatform Posting(RoleContext context, ServerPlatform platform)
    {
        var (server, world) = (platform.Engine.Server, context.World);
        var log = context.Logs.CreateLogger("Fairlead.Responding");
        var to = (server.Store, (Func<Model.Ports.Fence>)(() => platform.Conductor.Fence));
        var (response, people) = (server.Response, PeopleReach(server, AddressesOf(context).Api));
        var (routing, courier) = (response.Routing, response.Courier);
        var reports = new ReportPoster(
            routing,
            courier,
            to,
            (order, span, stop) => ReportDrafts.MakeAsync(server, order, span, stop),
            (world, log, server.PublicUrl.ToString().TrimEnd('/'), people)
        );
        var incidents = new IncidentBook(server.Store, to.Item2);
        var reminders = new Reminders(routing, incidents, (courier, () => response.Announcer), (world, log));
        var seal = new SharedSeal(
            server.Vault,
            "subscribers",
            Sealer.MakeKey,
            static key => new KeyFileSeal(Sealer.Of(key))
        );
        var book = new SubscriberBook(to, world);
        var desk = new SubscriberDesk(book, (routing, courier), to, (world, people), seal.OpenAsync);
        courier.Others = desk.ChannelsOf;
        var teller = new SubscriberTeller(book, desk, server.StatusUpdates, server.Store, world);
        routing.Changed += reports.Ring;
        routing.Changed += reminders.Ring;
        return platform with
        {
            Connections = [.. platform.Connections, seal],
            Background = [.. platform.Background, reports, reminders, teller],
            Engine = platform.Engine with
            {
                Server = server with { Response = response with { Reports = reports, Subscribers = desk } },
            },
        };
    }
}
