using Fairlead.Engine.Responding.Telling;
using Fairlead.Engine.Watching.Rules;

namespace Fairlead.Engine.Responding.Routing;

/// <summary>Reads which reports are sent to whom.</summary>
internal static class ReportOrderReader
{
    private const int OrdersMax = 100;

    public static IReadOnlyList<ReportOrder> Read(
        YamlPage page,
        IReadOnlyDictionary<string, Receiver> receivers,
        IEnumerable<string> people
    )
    {
        var known = people.ToHashSet(StringComparer.Ordinal);
        var orders = page.List("reports").Select(one => OrderOf(one, receivers, known)).ToList();
        if (orders.Count > OrdersMax)
        {
            page.Add("rules.bad-value", "There are too many 'reports'.", $"At most {OrdersMax} are sent.");
        }
        foreach (var twice in orders.GroupBy(static one => one.Key).Where(static same => same.Count() > 1))
        {
            page.Add("rules.bad-value", "A report is there twice.", $"It is {twice.First()}.");
        }
        return orders;
    }

    private static ReportOrder OrderOf(
        YamlPage page,
        IReadOnlyDictionary<string, Receiver> receivers,
        HashSet<string> people
    )
    {
        page.CheckKeys("report", "every", "to", "app", "environment", "team", "time_zone");
        var to = page.Text("to") ?? "";
        var isPerson = !receivers.ContainsKey(to) && people.Contains(to);
        if (!isPerson && !receivers.ContainsKey(to))
        {
            AlertingFile.Unknown(page, "receiver or person", to, receivers.Keys.Concat(people));
        }
        if (page.Text("app") is not null && page.Text("team") is not null)
        {
            page.Add("rules.bad-value", "A report names an app and a team.", "It is about one of them.");
        }
        return new(
            OneOf(page, "report", ReportOrder.ServiceLevels, ReportOrder.Delivery),
            OneOf(page, "every", ReportOrder.Month, ReportOrder.Week),
            isPerson ? $"{Delivery.PersonPrefix}{to}" : to,
            TimeRangeReader.Zone(page, "time_zone")
        )
        {
            App = page.Text("app"),
            Environment = page.Text("environment"),
            Team = page.Text("team"),
        };
    }

    private static string OneOf(YamlPage page, string key, string one, string other)
    {
        var said = page.Text(key) ?? "";
        if (said != one && said != other)
        {
            page.Add(
                "rules.bad-value",
                $"'{key}' of a report cannot be used.",
                $"'{said}' is neither {one} nor {other}."
            );
        }
        return said;
    }
}
