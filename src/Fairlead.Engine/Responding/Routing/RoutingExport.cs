using System.Globalization;
using System.Text;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Responding.Routing;

/// <summary>
/// Writes who is told of what as a file of Alertmanager, for whoever goes there or asks its tools: routes, receivers, inhibitions and
/// times mean the same there. What only Fairlead knows is left out (people, schedules, escalations, fallbacks, the heartbeat, and
/// channels that Alertmanager has not), and no secret is in it.
/// </summary>
public static class RoutingExport
{
    private const string Masked = "<secret>";

    /// <summary>Where an address is expected that is a secret.</summary>
    private const string MaskedUrl = "https://masked.invalid/";

    // By Alertmanager's documentation of its configuration, 0.25.
    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["discord"] = ["webhook_url"],
        ["email"] =
        [
            "to",
            "from",
            "smarthost",
            "hello",
            "auth_username",
            "auth_password",
            "auth_identity",
            "auth_secret",
            "require_tls",
        ],
        ["opsgenie"] = ["api_key", "api_url", "priority", "update_alerts"],
        ["pagerduty"] = ["routing_key", "url", "severity", "client", "class", "component", "group"],
        ["slack"] = ["api_url", "channel", "username", "icon_emoji"],
        ["telegram"] = ["bot_token", "chat_id", "api_url", "disable_notifications"],
        ["webhook"] = ["url"],
    };

    // Alertmanager reads these as a number or a flag, which quotes would make a text.
    private static readonly string[] Plain = ["chat_id", "require_tls", "disable_notifications", "update_alerts"];

    /// <param name="kinds">The channels that there are: they say what is secret.</param>
    public static string Of(RoutingPlan plan, IReadOnlyList<IChannel> kinds)
    {
        var text = new StringBuilder("route:\n");
        Write(text, Root(plan.Root), indent: 2);
        text.Append("receivers:\n");
        foreach (var receiver in plan.Receivers.Values)
        {
            Write(text, receiver, kinds);
        }
        Write(text, plan.InhibitRules);
        Write(text, plan.Times);
        return text.ToString();
    }

    // Alertmanager's first route has no times and goes on to nothing: a route below it that takes all has them.
    private static Route Root(Route root) =>
        root.MuteTimes.Count + root.ActiveTimes.Count == 0
            ? root with
            {
                Continues = false,
            }
            : root with
            {
                Continues = false,
                MuteTimes = [],
                ActiveTimes = [],
                Routes = [root with { Continues = false }],
            };

    private static void Write(StringBuilder text, Route route, int indent)
    {
        Line(text, indent, $"receiver: {Quoted(route.Receiver)}");
        Line(text, indent, $"group_by: {List(route.GroupBy ?? ["..."])}");
        Line(text, indent, $"group_wait: {Length(route.GroupWait)}");
        Line(text, indent, $"group_interval: {Length(route.GroupInterval)}");
        Line(text, indent, $"repeat_interval: {Length(route.RepeatInterval)}");
        if (route.Matchers.Count > 0)
        {
            Line(text, indent, $"matchers: {List(route.Matchers.Select(Matching.Write))}");
        }
        if (route.Continues)
        {
            Line(text, indent, "continue: true");
        }
        if (route.MuteTimes.Count > 0)
        {
            Line(text, indent, $"mute_time_intervals: {List(route.MuteTimes)}");
        }
        if (route.ActiveTimes.Count > 0)
        {
            Line(text, indent, $"active_time_intervals: {List(route.ActiveTimes)}");
        }
        if (route.Routes.Count > 0)
        {
            Line(text, indent, "routes:");
        }
        foreach (var child in route.Routes)
        {
            Line(text, indent, "  -");
            Write(text, child, indent + 4);
        }
    }

    private static void Write(StringBuilder text, Receiver receiver, IReadOnlyList<IChannel> kinds)
    {
        Line(text, 2, $"- name: {Quoted(receiver.Name)}");
        foreach (var group in receiver.Channels.GroupBy(static one => one.Kind, StringComparer.Ordinal))
        {
            if (!Known.TryGetValue(group.Key, out var fields))
            {
                Line(text, 4, $"# Alertmanager has no channel '{group.Key}'.");
                continue;
            }
            var secrets = kinds
                .Where(one => one.Kind == group.Key)
                .SelectMany(static one => one.Fields)
                .Where(static one => one.IsSecret)
                .Select(static one => one.Name)
                .ToHashSet(StringComparer.Ordinal);
            Line(text, 4, $"{group.Key}_configs:");
            foreach (var channel in group)
            {
                Line(text, 6, $"- send_resolved: {(channel.Settings.SendsResolved ? "true" : "false")}");
                foreach (var field in fields.Where(one => channel.Settings.Text(one) is not null))
                {
                    Line(text, 8, $"{field}: {Value(channel.Settings, field, secrets.Contains(field))}");
                }
            }
        }
    }

    private static string Value(ChannelSettings settings, string field, bool isSecret)
    {
        var value = string.Join(", ", settings.All(field));
        return isSecret ? Quoted(field.EndsWith("url", StringComparison.Ordinal) ? MaskedUrl : Masked)
            : Plain.Contains(field) && value.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
                ? value
            : Quoted(value);
    }

    private static void Write(StringBuilder text, IReadOnlyList<InhibitRule> rules)
    {
        if (rules.Count > 0)
        {
            text.Append("inhibit_rules:\n");
        }
        foreach (var rule in rules)
        {
            Line(text, 2, $"- source_matchers: {List(rule.Source.Select(Matching.Write))}");
            Line(text, 4, $"target_matchers: {List(rule.Target.Select(Matching.Write))}");
            Line(text, 4, $"equal: {List(rule.Equal)}");
        }
    }

    private static void Write(StringBuilder text, IReadOnlyDictionary<string, IReadOnlyList<TimeRange>> times)
    {
        if (times.Count > 0)
        {
            text.Append("time_intervals:\n");
        }
        foreach (var (name, ranges) in times)
        {
            Line(text, 2, $"- name: {Quoted(name)}");
            Line(text, 4, "time_intervals:");
            foreach (var range in ranges)
            {
                Line(text, 6, $"- {Flow(range)}");
            }
        }
    }

    private static string Flow(TimeRange range)
    {
        var parts = new List<string>();
        if (range.Times.Count > 0)
        {
            var each = range.Times.Select(static one =>
                $"{{ start_time: {Quoted(Clock(one.From))}, end_time: {Quoted(Clock(one.To))} }}"
            );
            parts.Add($"times: [{string.Join(", ", each)}]");
        }
        Add("weekdays", range.Weekdays, static one => TimeRange.DayName(one));
        Add("days_of_month", range.DaysOfMonth, Number);
        Add("months", range.Months, Number);
        Add("years", range.Years, Number);
        if (!range.Zone.Equals(TimeZoneInfo.Utc))
        {
            parts.Add($"location: {Quoted(range.Zone.Id)}");
        }
        return parts.Count == 0 ? "{}" : $"{{ {string.Join(", ", parts)} }}";

        void Add(string key, IReadOnlyList<(int From, int To)> ranges, Func<int, string> write)
        {
            if (ranges.Count > 0)
            {
                parts.Add($"{key}: {List(ranges.Select(one => $"{write(one.From)}:{write(one.To)}"))}");
            }
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Clock(int minute) =>
        string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    private static string Length(TimeSpan time) => Judging.PromQl.Reading.Durations.Write((long)time.TotalMilliseconds);

    private static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quoted))}]";

    private static string Quoted(string text) => Watching.Rules.RuleFileWriter.Quoted(text);

    private static void Line(StringBuilder text, int indent, string line) =>
        text.Append(' ', indent).Append(line).Append('\n');
}
