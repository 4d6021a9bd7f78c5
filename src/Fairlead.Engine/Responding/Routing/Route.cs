using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Responding.Routing;

/// <summary>Where alerts go: the names and the meaning are those of Alertmanager.</summary>
/// <param name="Receiver">Who is told.</param>
public sealed record Route(string Receiver)
{
    /// <summary>All must fit; none fits every alert.</summary>
    public IReadOnlyList<Matcher> Matchers { get; init; } = [];

    /// <summary>What fits here goes on to the next route beside it, too.</summary>
    public bool Continues { get; init; }

    /// <summary>Alerts with the same values of these labels are told together; null tells each alert by itself.</summary>
    public IReadOnlyList<string>? GroupBy { get; init; } = [];

    /// <summary>How long the first alert of a group waits for others.</summary>
    public TimeSpan GroupWait { get; init; }

    /// <summary>How long news of a group wait for more of them.</summary>
    public TimeSpan GroupInterval { get; init; }

    /// <summary>After which time what still fires is told again.</summary>
    public TimeSpan RepeatInterval { get; init; }

    /// <summary>Times in which nobody is told, by their names.</summary>
    public IReadOnlyList<string> MuteTimes { get; init; } = [];

    /// <summary>Times outside of which nobody is told; empty for always.</summary>
    public IReadOnlyList<string> ActiveTimes { get; init; } = [];

    public IReadOnlyList<Route> Routes { get; init; } = [];

    /// <summary>What it is known by: the matchers on the way to it.</summary>
    public string Key { get; init; } = "{}";

    /// <summary>The routes that an alert takes, at least one of a root without matchers.</summary>
    public IReadOnlyList<Route> For(Labels labels)
    {
        if (!Matchers.Fits(labels))
        {
            return [];
        }
        var all = new List<Route>();
        foreach (var child in Routes)
        {
            var found = child.For(labels);
            all.AddRange(found);
            if (found.Count > 0 && !child.Continues)
            {
                break;
            }
        }
        return all.Count > 0 ? all : [this];
    }

    /// <summary>The labels that an alert is grouped by here.</summary>
    public Labels GroupOf(Labels labels) => GroupBy is { } names ? labels.Where(names.Contains) : labels;

    /// <summary>It and all below it.</summary>
    public IEnumerable<Route> All => [this, .. Routes.SelectMany(static one => one.All)];
}

/// <summary>Who is told, and how.</summary>
/// <param name="Channels">All of them are told.</param>
public sealed record Receiver(string Name, IReadOnlyList<ReceiverChannel> Channels)
{
    /// <summary>The receiver that is told in its place where a channel fails; null for nobody.</summary>
    public string? Fallback { get; init; }

    /// <summary>Whom it wakes, level by level; null for nobody.</summary>
    public string? Escalation { get; init; }
}

/// <param name="Kind">Of <see cref="IChannel"/>.</param>
public sealed record ReceiverChannel(string Kind, ChannelSettings Settings);

/// <summary>While an alert that fits the source fires, those that fit the target and have the same values are not told.</summary>
public sealed record InhibitRule(
    IReadOnlyList<Matcher> Source,
    IReadOnlyList<Matcher> Target,
    IReadOnlyList<string> Equal
);

/// <summary>Alerts that nobody is told of for a time.</summary>
/// <param name="By">Who said so.</param>
/// <param name="Reason">Why.</param>
public sealed record Silence(
    string Id,
    IReadOnlyList<Matcher> Matchers,
    DateTimeOffset From,
    DateTimeOffset Until,
    string By,
    string Reason
)
{
    public bool Holds(DateTimeOffset now) => From <= now && now < Until;
}

/// <summary>All that says who is told of what.</summary>
public sealed record RoutingPlan(Route Root, IReadOnlyDictionary<string, Receiver> Receivers)
{
    /// <summary>Told nowhere: alerts are listed, open incidents, and that is all.</summary>
    public static RoutingPlan Empty { get; } =
        new(
            new Route("nobody")
            {
                GroupBy = ["app", "environment"],
                GroupInterval = TimeSpan.FromSeconds(30),
                RepeatInterval = TimeSpan.FromHours(4),
            },
            new Dictionary<string, Receiver>(StringComparer.Ordinal) { ["nobody"] = new("nobody", []) }
        );

    public IReadOnlyList<InhibitRule> InhibitRules { get; init; } = [];

    public IReadOnlyDictionary<string, IReadOnlyList<TimeRange>> Times { get; init; } =
        new Dictionary<string, IReadOnlyList<TimeRange>>(StringComparer.Ordinal);

    /// <summary>Tells somebody outside that this Fairlead lives; null when nobody is to know.</summary>
    public Heartbeat? Heartbeat { get; init; }

    public OnCall.Roster Roster { get; init; } = OnCall.Roster.Empty;

    /// <summary>How people are kept up to date on incidents.</summary>
    public Incidents.IncidentSettings Incidents { get; init; } = Responding.Incidents.IncidentSettings.Usual;

    /// <summary>Reports that somebody gets again and again.</summary>
    public IReadOnlyList<ReportOrder> Reports { get; init; } = [];

    /// <summary>Whether a route is muted by the clock.</summary>
    public bool IsMuted(Route route, DateTimeOffset now) =>
        route.MuteTimes.Any(name => Contains(name, now))
        || (route.ActiveTimes.Count > 0 && !route.ActiveTimes.Any(name => Contains(name, now)));

    private bool Contains(string name, DateTimeOffset now) =>
        Times.TryGetValue(name, out var ranges) && ranges.Any(range => range.Contains(now));
}

/// <summary>A dead man's switch: whoever hears nothing for long knows that this Fairlead is dead.</summary>
/// <param name="Url">Asked by POST; a secret, for whoever knows it may pretend.</param>
public sealed record Heartbeat(Uri Url, TimeSpan Every);
