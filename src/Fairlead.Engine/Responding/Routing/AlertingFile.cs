using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Responding.Routing;

/// <summary>
/// Reads who is told of what: a file of Alertmanager as it is, and words of ours beside it (<c>people</c>, <c>schedules</c>,
/// <c>escalations</c>, <c>heartbeat</c>, <c>reports</c>, <c>incidents</c>, and <c>fallback</c> and <c>escalation</c> of a receiver).
/// </summary>
public static class AlertingFile
{
    /// <summary>What the file is called where it is kept beside an app.</summary>
    public const string Name = "fairlead.alerting.yaml";

    private static readonly TimeSpan GroupInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromHours(4);
    private static readonly TimeSpan HeartbeatMin = TimeSpan.FromSeconds(10);

    private static readonly string[] RouteKeys =
    [
        "receiver",
        "matchers",
        "match",
        "match_re",
        "continue",
        "group_by",
        "group_wait",
        "group_interval",
        "repeat_interval",
        "mute_time_intervals",
        "active_time_intervals",
        "routes",
    ];

    /// <param name="kinds">The channels that there are.</param>
    /// <exception cref="ProblemException">With everything that is wrong with it.</exception>
    public static RoutingPlan Read(string file, string text, IReadOnlyList<IChannel> kinds)
    {
        var page = YamlPage.Read(file, text);
        page.CheckKeys(
            "global",
            "route",
            "receivers",
            "inhibit_rules",
            "templates",
            "time_intervals",
            "mute_time_intervals",
            "people",
            "schedules",
            "escalations",
            "heartbeat",
            "reports",
            "incidents"
        );
        var reader = new ReceiverReader(kinds, page.Section("global"));
        var receivers = page.List("receivers").Select(reader.Receiver).ToList();
        var times = TimeRangeReader.Named(page);
        var roster = RosterReader.Read(page, reader, times);
        var root = page.Section("route") is { } route ? Root(route) : Missing(page);
        var named = Named(page, receivers);
        var plan = new RoutingPlan(root, named)
        {
            InhibitRules = [.. page.List("inhibit_rules").Select(Inhibit)],
            Times = times,
            Roster = roster,
            Incidents = IncidentSettingsReader.Read(page.Section("incidents")),
            Reports = ReportOrderReader.Read(page, named, roster.People.Keys),
            Heartbeat = HeartbeatOf(page.Section("heartbeat")),
        };
        CheckNames(page, plan);
        page.ThrowIfAny();
        return plan;
    }

    private static Dictionary<string, Receiver> Named(YamlPage page, List<Receiver> receivers)
    {
        var named = new Dictionary<string, Receiver>(StringComparer.Ordinal);
        foreach (var receiver in receivers.Where(receiver => !named.TryAdd(receiver.Name, receiver)))
        {
            page.Add(
                "rules.bad-value",
                $"The receiver '{receiver.Name}' is there twice.",
                "Receivers are known by their names."
            );
        }
        return named;
    }

    private static Route Missing(YamlPage page)
    {
        page.Add(
            "rules.bad-value",
            "There is no 'route'.",
            "It says which receiver is told of what no other route takes."
        );
        return new("");
    }

    private static Route Root(YamlPage page)
    {
        var root = RouteOf(
            page,
            new Route("")
            {
                GroupInterval = GroupInterval,
                RepeatInterval = RepeatInterval,
                GroupBy = ["app", "environment"],
                Key = "",
            }
        );
        if (root.Receiver.Length == 0)
        {
            page.Add("rules.bad-value", "The first route names no receiver.", "It takes what no other route takes.");
        }
        if (root.Matchers.Count > 0)
        {
            page.Add("rules.bad-value", "The first route has matchers.", "It takes what no other route takes.");
        }
        return root;
    }

    private static Route RouteOf(YamlPage page, Route parent)
    {
        page.CheckKeys(RouteKeys);
        var matchers = MatchersOf(page);
        var group = page.Texts("group_by");
        var route = parent with
        {
            Receiver = page.Text("receiver") ?? parent.Receiver,
            Matchers = matchers,
            Continues = page.Flag("continue") ?? false,
            GroupBy =
                group.Count == 0 ? parent.GroupBy
                : group.Contains("...") ? null
                : group,
            GroupWait = page.Duration("group_wait") ?? parent.GroupWait,
            GroupInterval = Positive(page, "group_interval") ?? parent.GroupInterval,
            RepeatInterval = Positive(page, "repeat_interval") ?? parent.RepeatInterval,
            MuteTimes = page.Texts("mute_time_intervals"),
            ActiveTimes = page.Texts("active_time_intervals"),
            Key = $"{(parent.Key.Length == 0 ? "" : $"{parent.Key}/")}{Matching.Write(matchers)}",
        };
        return route with
        {
            Routes = [.. page.List("routes").Select(child => RouteOf(child, route with { Routes = [] }))],
        };
    }

    private static TimeSpan? Positive(YamlPage page, string key)
    {
        if (page.Duration(key) is not { } time)
        {
            return null;
        }
        if (time <= TimeSpan.Zero)
        {
            page.Add("rules.bad-value", $"'{key}' is {time.TotalSeconds}s.", "It must be longer than nothing.");
        }
        return time;
    }

    private static List<Matcher> MatchersOf(YamlPage page, string prefix = "")
    {
        var texts = page.Flat($"{prefix}matchers").ToList();
        texts.AddRange(page.Labels($"{prefix}match").Select(static one => Text(MatchKind.Equal, one)));
        texts.AddRange(page.Labels($"{prefix}match_re").Select(static one => Text(MatchKind.Regex, one)));
        var all = new List<Matcher>();
        foreach (var text in texts)
        {
            if (Matching.TryRead(text, out var fault) is { } read)
            {
                all.AddRange(read);
            }
            else
            {
                page.Add("rules.bad-value", "A matcher cannot be read.", $"Of the matchers, {fault}.");
            }
        }
        // In the order in which Alertmanager writes them into the keys of groups.
        return
        [
            .. all.OrderBy(static one => one.Name, StringComparer.Ordinal)
                .ThenBy(static one => one.Value, StringComparer.Ordinal),
        ];
    }

    private static string Text(MatchKind kind, Label label) =>
        Matching.Write(new Matcher(kind, label.Name, label.Value));

    private static InhibitRule Inhibit(YamlPage page)
    {
        page.CheckKeys(
            "source_matchers",
            "source_match",
            "source_match_re",
            "target_matchers",
            "target_match",
            "target_match_re",
            "equal"
        );
        return new(MatchersOf(page, "source_"), MatchersOf(page, "target_"), page.Texts("equal"));
    }

    private static Heartbeat? HeartbeatOf(YamlPage? page)
    {
        if (page is null)
        {
            return null;
        }
        page.CheckKeys("url", "every");
        var every = page.Duration("every") ?? TimeSpan.FromMinutes(1);
        if (every < HeartbeatMin)
        {
            page.Add(
                "rules.bad-value",
                "The heartbeat comes too often.",
                $"It comes at most each {HeartbeatMin.TotalSeconds}s."
            );
        }
        if (Uri.TryCreate(page.Text("url"), UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return new(url, every);
        }
        page.Add(
            "rules.bad-value",
            "The heartbeat has no 'url'.",
            "It is asked by POST, and begins with http:// or https://."
        );
        return null;
    }

    private static void CheckNames(YamlPage page, RoutingPlan plan)
    {
        foreach (var route in plan.Root.All)
        {
            if (route.Receiver.Length > 0 && !plan.Receivers.ContainsKey(route.Receiver))
            {
                Unknown(page, "receiver", route.Receiver, plan.Receivers.Keys);
            }
            foreach (var time in route.MuteTimes.Concat(route.ActiveTimes).Where(time => !plan.Times.ContainsKey(time)))
            {
                Unknown(page, "time interval", time, plan.Times.Keys);
            }
        }
        foreach (var receiver in plan.Receivers.Values)
        {
            if (receiver.Fallback is { } other && !plan.Receivers.ContainsKey(other))
            {
                Unknown(page, "receiver", other, plan.Receivers.Keys);
            }
            if (receiver.Escalation is { } policy && !plan.Roster.Escalations.ContainsKey(policy))
            {
                Unknown(page, "escalation", policy, plan.Roster.Escalations.Keys);
            }
            if (Loops(plan, receiver))
            {
                page.Add(
                    "rules.bad-value",
                    $"The fallback of the receiver '{receiver.Name}' leads back to it.",
                    "Whoever cannot be told cannot be told in its own place."
                );
            }
        }
    }

    private static bool Loops(RoutingPlan plan, Receiver receiver)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (
            var one = receiver;
            one.Fallback is { } next && plan.Receivers.TryGetValue(next, out var found);
            one = found
        )
        {
            if (next == receiver.Name)
            {
                return true;
            }
            if (!seen.Add(next))
            {
                return false;
            }
        }
        return false;
    }

    internal static void Unknown(YamlPage page, string what, string name, IEnumerable<string> known) =>
        page.Add(
            "rules.bad-value",
            $"There is no {what} '{name}'.",
            Manifests.Nearest.To(name, [.. known]) is { } near ? $"Did you mean '{near}'?"
                : known.Any() ? $"There are: {string.Join(", ", known)}."
                : "There is none."
        );
}
