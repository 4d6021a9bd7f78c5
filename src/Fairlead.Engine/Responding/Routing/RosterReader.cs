using System.Globalization;
using Fairlead.Engine.Responding.OnCall;
using Fairlead.Engine.Watching.Rules;

namespace Fairlead.Engine.Responding.Routing;

/// <summary>Reads people, schedules and escalations.</summary>
internal static class RosterReader
{
    private static readonly TimeSpan ShiftMin = TimeSpan.FromHours(1);
    private static readonly TimeSpan TimeoutUsual = TimeSpan.FromMinutes(5);

    public static Roster Read(
        YamlPage page,
        ReceiverReader receivers,
        IReadOnlyDictionary<string, IReadOnlyList<TimeRange>> times
    )
    {
        var people = Each(page, "people", (name, one) => new Person(name, receivers.Channels(one)));
        var schedules = Each(page, "schedules", (name, one) => ScheduleOf(name, one, people, times));
        var names = people.Keys.Concat(schedules.Keys).ToHashSet(StringComparer.Ordinal);
        foreach (var twice in people.Keys.Where(schedules.ContainsKey))
        {
            page.Add(
                "rules.bad-value",
                $"'{twice}' is a person and a schedule.",
                "Levels of escalations name both alike."
            );
        }
        return new(people, schedules, Each(page, "escalations", (name, one) => EscalationOf(name, one, names)));
    }

    private static Dictionary<string, T> Each<T>(YamlPage page, string key, Func<string, YamlPage, T> read)
    {
        var all = new Dictionary<string, T>(StringComparer.Ordinal);
        if (page.Section(key) is { } section)
        {
            foreach (var name in section.Keys)
            {
                if (section.Section(name) is { } one)
                {
                    all[name] = read(name, one);
                }
                else
                {
                    section.Add("rules.bad-value", $"'{name}' of {key} is empty.", "It says nothing.");
                }
            }
        }
        return all;
    }

    private static Schedule ScheduleOf(
        string name,
        YamlPage page,
        Dictionary<string, Person> people,
        IReadOnlyDictionary<string, IReadOnlyList<TimeRange>> times
    )
    {
        page.CheckKeys("time_zone", "rotations", "overrides");
        var zone = TimeRangeReader.Zone(page, "time_zone");
        var rotations = page.List("rotations")
            .Select(one => RotationOf(one, zone, people, times))
            .OfType<Rotation>()
            .ToList();
        if (rotations.Count == 0)
        {
            page.Add("rules.bad-value", $"The schedule '{name}' has no rotation.", "Nobody would ever be on call.");
        }
        return new(name, rotations)
        {
            Overrides = [.. page.List("overrides").Select(one => OverrideOf(one, zone, people)).OfType<Override>()],
        };
    }

    private static Override? OverrideOf(YamlPage page, TimeZoneInfo zone, Dictionary<string, Person> people)
    {
        page.CheckKeys("person", "from", "until");
        var person = page.Text("person") ?? "";
        if (!people.ContainsKey(person))
        {
            AlertingFile.Unknown(page, "person", person, people.Keys);
        }
        if (
            Moment(page, "from", "an override") is not { } from
            || Moment(page, "until", "an override") is not { } until
        )
        {
            return null;
        }
        if (until <= from)
        {
            page.Add("rules.bad-value", "An override ends before it begins.", "'from' is before 'until'.");
            return null;
        }
        return new(new(from, zone.GetUtcOffset(from)), new(until, zone.GetUtcOffset(until)), person);
    }

    private static Rotation? RotationOf(
        YamlPage page,
        TimeZoneInfo zone,
        Dictionary<string, Person> people,
        IReadOnlyDictionary<string, IReadOnlyList<TimeRange>> times
    )
    {
        page.CheckKeys("start", "shift", "people", "only");
        var members = page.Flat("people");
        foreach (var unknown in members.Where(one => !people.ContainsKey(one)))
        {
            AlertingFile.Unknown(page, "person", unknown, people.Keys);
        }
        if (members.Count == 0)
        {
            page.Add("rules.bad-value", "A rotation is empty.", "It takes at least one of the people.");
        }
        var only = page.Flat("only");
        foreach (var unknown in only.Where(one => !times.ContainsKey(one)))
        {
            AlertingFile.Unknown(page, "time interval", unknown, times.Keys);
        }
        var shift = page.Duration("shift") ?? TimeSpan.FromDays(7);
        if (shift < ShiftMin)
        {
            page.Add(
                "rules.bad-value",
                $"A shift of {shift.TotalMinutes} minutes is too short.",
                "It lasts at least an hour."
            );
            return null;
        }
        if (Moment(page, "start", "a rotation") is not { } start)
        {
            return null;
        }
        return new(start, shift, zone, members)
        {
            Only = [.. only.Where(times.ContainsKey).SelectMany(one => times[one])],
        };
    }

    /// <summary>A time by the clock of a zone.</summary>
    private static DateTime? Moment(YamlPage page, string key, string of)
    {
        if (
            DateTime.TryParseExact(
                page.Text(key),
                ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-dd"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var moment
            )
            // Far from both ends of what can be reckoned with.
            && moment.Year is >= 1970 and <= 9000
        )
        {
            return moment;
        }
        page.Add(
            "rules.bad-value",
            $"The '{key}' of {of} cannot be read.",
            "Write it as 2026-11-02T09:00, by the clock of the time zone."
        );
        return null;
    }

    private static Escalation EscalationOf(string name, YamlPage page, HashSet<string> names)
    {
        page.CheckKeys("levels", "repeat");
        var levels = new List<Level>();
        foreach (var one in page.List("levels"))
        {
            one.CheckKeys("notify", "timeout");
            var notify = one.Flat("notify");
            foreach (var unknown in notify.Where(known => !names.Contains(known)))
            {
                AlertingFile.Unknown(one, "person or schedule", unknown, names);
            }
            if (notify.Count == 0)
            {
                one.Add("rules.bad-value", "A level tells nobody.", "It takes people and schedules under 'notify'.");
            }
            levels.Add(new(notify, one.Duration("timeout") ?? TimeoutUsual));
        }
        if (levels.Count == 0)
        {
            page.Add("rules.bad-value", $"The escalation '{name}' has no level.", "It would tell nobody.");
        }
        var repeat =
            int.TryParse(page.Text("repeat") ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var times)
            && times <= 10
                ? times
                : -1;
        if (repeat < 0)
        {
            page.Add("rules.bad-value", "'repeat' cannot be read.", "It is a number from 0 to 10.");
        }
        return new(name, levels, Math.Max(0, repeat));
    }
}
