using Fairlead.Engine.Responding.Routing;

namespace Fairlead.Engine.Responding.OnCall;

/// <summary>Who can be woken, when, and in which order.</summary>
public sealed record Roster(
    IReadOnlyDictionary<string, Person> People,
    IReadOnlyDictionary<string, Schedule> Schedules,
    IReadOnlyDictionary<string, Escalation> Escalations
)
{
    public static Roster Empty { get; } =
        new(
            new Dictionary<string, Person>(StringComparer.Ordinal),
            new Dictionary<string, Schedule>(StringComparer.Ordinal),
            new Dictionary<string, Escalation>(StringComparer.Ordinal)
        );

    /// <summary>Who is meant by a level at a time; people on no shift are left out.</summary>
    public IReadOnlyList<Person> PeopleOf(Level level, DateTimeOffset now) =>
        [
            .. level
                .Notify.SelectMany(name =>
                    Schedules.TryGetValue(name, out var schedule)
                        ? schedule.At(now) is { } one
                            ? [one]
                            : []
                        : (string[])[name]
                )
                .Distinct(StringComparer.Ordinal)
                .Where(People.ContainsKey)
                .Select(name => People[name]),
        ];
}

/// <summary>Somebody who can be told.</summary>
public sealed record Person(string Name, IReadOnlyList<ReceiverChannel> Channels);

/// <summary>Who is on call when. Of several rotations the first that has somebody decides; overrides go before all.</summary>
public sealed record Schedule(string Name, IReadOnlyList<Rotation> Rotations)
{
    public IReadOnlyList<Override> Overrides { get; init; } = [];

    /// <summary>Who is on call; null for nobody.</summary>
    public string? At(DateTimeOffset now) =>
        Overrides.LastOrDefault(one => one.From <= now && now < one.Until)?.Person
        ?? Rotations.Select(one => one.At(now)).FirstOrDefault(static one => one is not null);

    /// <summary>Times of a span in which nobody is on call, looked at each quarter of an hour.</summary>
    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset Until)> Gaps(DateTimeOffset from, DateTimeOffset until)
    {
        var quarter = TimeSpan.FromMinutes(15);
        var gaps = new List<(DateTimeOffset From, DateTimeOffset Until)>();
        for (var now = from; now < until; now += quarter)
        {
            if (At(now) is not null)
            {
                continue;
            }
            if (gaps is [.., var last] && last.Until == now)
            {
                gaps[^1] = (last.From, now + quarter);
            }
            else
            {
                gaps.Add((now, now + quarter));
            }
        }
        return gaps;
    }
}

/// <summary>People who take turns.</summary>
/// <param name="Start">When the first of them begins, by the clock of the zone.</param>
/// <param name="Shift">How long each is on call. Whole days are days of the calendar: a day in which clocks change has 23 or 25 hours.</param>
public sealed record Rotation(DateTime Start, TimeSpan Shift, TimeZoneInfo Zone, IReadOnlyList<string> People)
{
    /// <summary>Only at these times; empty for always.</summary>
    public IReadOnlyList<TimeRange> Only { get; init; } = [];

    public string? At(DateTimeOffset now)
    {
        if (People.Count == 0 || (Only.Count > 0 && !Only.Any(one => one.Contains(now))))
        {
            return null;
        }
        // By the clock on the wall, so that a shift that begins at nine does so in summer and in winter.
        var passed =
            Shift.Ticks % TimeSpan.TicksPerDay == 0
                ? TimeZoneInfo.ConvertTime(now, Zone).DateTime - Start
                : now - new DateTimeOffset(Start, Zone.GetUtcOffset(Start));
        return passed < TimeSpan.Zero ? null : People[(int)(passed.Ticks / Shift.Ticks % People.Count)];
    }
}

/// <summary>Somebody else is on call for a time.</summary>
public sealed record Override(DateTimeOffset From, DateTimeOffset Until, string Person);

/// <summary>Who is woken one after the other while nobody answers.</summary>
/// <param name="Repeat">How often it begins again after its last level.</param>
public sealed record Escalation(string Name, IReadOnlyList<Level> Levels, int Repeat);

/// <param name="Notify">Names of schedules and people.</param>
/// <param name="Timeout">How long they have to acknowledge it.</param>
public sealed record Level(IReadOnlyList<string> Notify, TimeSpan Timeout);

/// <summary>How far an escalation has come.</summary>
/// <param name="Level">That is told next, from 0; past all levels when it has ended.</param>
/// <param name="Round">From 0.</param>
/// <param name="NextAt">When that level is told.</param>
public sealed record EscalationState(string Escalation, int Level, int Round, DateTimeOffset NextAt)
{
    public static EscalationState Begin(string escalation, DateTimeOffset now) => new(escalation, 0, 0, now);

    /// <summary>The state once the level that is due was told; null when all were.</summary>
    public EscalationState? After(Escalation policy, DateTimeOffset now)
    {
        var timeout = policy.Levels[Math.Min(Level, policy.Levels.Count - 1)].Timeout;
        if (Level + 1 < policy.Levels.Count)
        {
            return this with { Level = Level + 1, NextAt = now + timeout };
        }
        return Round < policy.Repeat ? this with { Level = 0, Round = Round + 1, NextAt = now + timeout } : null;
    }
}
