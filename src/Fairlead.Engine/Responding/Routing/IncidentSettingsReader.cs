using System.Globalization;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Incidents;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Responding.Routing;

/// <summary>Reads how people are kept up to date on incidents.</summary>
internal static class IncidentSettingsReader
{
    private const int TemplatesMax = 100;
    private const int TextMax = 1_000;
    private static readonly TimeSpan EveryMin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan EveryMax = TimeSpan.FromDays(7);

    public static IncidentSettings Read(YamlPage? page)
    {
        if (page is null)
        {
            return IncidentSettings.Usual;
        }
        page.CheckKeys("updates", "templates", "time_zone", "remind_at");
        return new()
        {
            UpdateEvery = EveryOf(page.Section("updates")),
            Templates = TemplatesOf(page.Section("templates")),
            Zone = TimeRangeReader.Zone(page, "time_zone"),
            RemindMinute = MinuteOf(page),
        };
    }

    private static Dictionary<Severity, TimeSpan> EveryOf(YamlPage? page)
    {
        var every = new Dictionary<Severity, TimeSpan>(IncidentSettings.Usual.UpdateEvery);
        page?.CheckKeys("critical", "major", "minor");
        foreach (var severity in Enum.GetValues<Severity>())
        {
            var name = severity.ToString().ToLowerInvariant();
            if (page?.Duration(name) is not { } said)
            {
                continue;
            }
            if (said < EveryMin || said > EveryMax)
            {
                page.Add("rules.bad-value", $"'{name}' of updates cannot be used.", "It takes 5m to 7d.");
            }
            every[severity] = said;
        }
        return every;
    }

    private static Dictionary<string, UpdateTemplate> TemplatesOf(YamlPage? page)
    {
        var all = new Dictionary<string, UpdateTemplate>(UpdateTemplate.Usual, StringComparer.Ordinal);
        foreach (var name in page?.Keys ?? [])
        {
            if (page!.Section(name) is not { } one) // It has the key.
            {
                page.Add("rules.bad-value", $"The template '{name}' is empty.", "It has a 'state' and a 'text'.");
                continue;
            }
            one.CheckKeys("state", "text");
            var text = one.Text("text") ?? "";
            if (text.Length is 0 or > TextMax)
            {
                one.Add("rules.bad-value", $"The template '{name}' has no text.", $"It has 1 to {TextMax} letters.");
            }
            foreach (var blank in UpdateTemplate.UnknownIn(text))
            {
                AlertingFile.Unknown(one, "blank", blank, UpdateTemplate.Blanks);
            }
            all[name] = new(name, StateOf(one, name), text);
        }
        if (all.Count > TemplatesMax)
        {
            page?.Add("rules.bad-value", "There are too many templates.", $"At most {TemplatesMax} are kept.");
        }
        return all;
    }

    private static StatusStage StateOf(YamlPage page, string name)
    {
        var said = page.Text("state") ?? name;
        if (Enum.GetValues<StatusStage>().Cast<StatusStage?>().FirstOrDefault(one => Is(one!.Value, said)) is { } state)
        {
            return state;
        }
        AlertingFile.Unknown(
            page,
            "state",
            said,
            Enum.GetValues<StatusStage>().Select(static one => one.ToString().ToLowerInvariant())
        );
        return StatusStage.Investigating;
    }

    private static bool Is(StatusStage state, string said) =>
        string.Equals($"{state}", said, StringComparison.OrdinalIgnoreCase);

    private static int MinuteOf(YamlPage page)
    {
        if (page.Text("remind_at") is not { } said)
        {
            return IncidentSettings.Usual.RemindMinute;
        }
        if (TimeOnly.TryParseExact(said, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time.Hour * 60 + time.Minute;
        }
        page.Add("rules.bad-value", "'remind_at' cannot be read.", "Write a time of day, such as \"09:00\".");
        return 0;
    }
}
