using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Responding.Drills;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Engine.Responding.OnCall;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Subscribing;
using Fairlead.Engine.Responding.Telling;

namespace Fairlead.Engine.Responding;

/// <summary>What watches and responds in a server.</summary>
public sealed record ResponseParts(
    RuleDesk Rules,
    AlertView Alerts,
    RoutingBook Routing,
    Courier Courier,
    Notifier Notifier,
    Announcer Announcer,
    IncidentKeeper Incidents,
    Pager Pager,
    AnswerLinks Links
)
{
    /// <summary>Alerts that others raise.</summary>
    public required ReceivedAlerts Received { get; init; }

    /// <summary>Who is told by mail what status pages say.</summary>
    public SubscriberDesk Subscribers
    {
        get => field ?? throw new InvalidOperationException("This server has no subscribers.");
        init;
    }

    /// <summary>Sends reports when they are due.</summary>
    public ReportPoster Reports
    {
        get => field ?? throw new InvalidOperationException("This server sends no reports.");
        init;
    }

    /// <summary>Faults that are made on purpose.</summary>
    public (DrillBook Book, DrillRunner Runner) Drills { get; init; }
}
