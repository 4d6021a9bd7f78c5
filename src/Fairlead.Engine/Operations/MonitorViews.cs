using System.Globalization;
using System.Text.Json.Serialization;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>A monitor in a list.</summary>
/// <param name="Monitor">By which it is known: <c>shop/production/web</c>, or <c>gateway</c> for one of no app.</param>
/// <param name="State">up, pending, down, unknown, paused or maintenance.</param>
/// <param name="Up24h">The part of the time in which it was up, such as <c>99.95%</c>; null where nothing is known.</param>
public sealed record MonitorRow(
    string Monitor,
    string State,
    DateTimeOffset Since,
    string Why,
    string Url,
    string Every,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Took,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Up24h,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Up30d,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Up90d
);

/// <summary>What a look saw.</summary>
/// <param name="Verdict">up, down, or unable where this machine cannot look.</param>
public sealed record LookView(string Verdict, string Why, string Took, IReadOnlyDictionary<string, double> Numbers)
{
    internal static LookView Of(MonitorLook look) =>
        new(
            look.Verdict.ToString().ToLowerInvariant(),
            look.Why,
            MonitorViews.Milliseconds(look.Took),
            look.Numbers.ToDictionary(
                one => one.Phase.Length > 0 ? $"{one.Name}{{phase=\"{one.Phase}\"}}" : one.Name,
                one => one.Value
            )
        );
}

/// <summary>Finds monitors and shows them.</summary>
internal static class MonitorViews
{
    /// <summary>Those that the caller may see, by key.</summary>
    public static IEnumerable<MonitorSight> Seen(EngineContext engine) =>
        engine
            .Server.Monitors.Sights.Values.Where(one => IsWithin(engine, one.Monitor.Site))
            .OrderBy(one => one.Monitor.Key, StringComparer.Ordinal);

    /// <summary>Whether the caller has the operation's permission there; what is of no app is for those who have it on everything.</summary>
    public static bool IsWithin(EngineContext engine, Site? site) =>
        site is null ? engine.Server.Reach.IsAll : engine.Server.Reach.Has(site);

    /// <summary>The one of this key, or the only one whose key ends so.</summary>
    /// <exception cref="ProblemException">There is none, or several.</exception>
    public static MonitorSight Find(EngineContext engine, string key)
    {
        var all = Seen(engine).ToList();
        var found = all.Where(one => one.Monitor.Key == key).ToList();
        if (found.Count == 0)
        {
            found = [.. all.Where(one => one.Monitor.Key.EndsWith("/" + key, StringComparison.Ordinal))];
        }
        return found switch
        {
            [var only] => only,
            [] => throw new ProblemException(Unknown(key, all)),
            _ => throw new ProblemException(
                new Problem(
                    "monitor.ambiguous",
                    What: $"It is not clear which monitor '{key}' is.",
                    Why: $"There are: {Names(found)}.",
                    Fix: $"Name one of them: {found[0].Monitor.Key}"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            ),
        };
    }

    public static MonitorRow Row(MonitorSight sight, DateTimeOffset now)
    {
        var (spec, book) = (sight.Monitor.Spec, sight.BookAt(now));
        return new(
            sight.Monitor.Key,
            Word(sight.Shown),
            sight.Since,
            sight.Standing.Why,
            spec.IsPush ? "push:" : AddScrape.Shown(spec.Url),
            spec.Every.Text,
            sight.Last is { } last && !spec.IsPush ? Milliseconds(last.Took) : null,
            Percent(book.LastDay),
            Percent(book.Last(30)),
            Percent(book.Last(90))
        );
    }

    public static string Word(MonitorState state) => state.ToString().ToLowerInvariant();

    /// <summary>Never rounded up to all of it.</summary>
    public static string? Percent(UptimeTally tally) =>
        tally.Ratio is { } ratio
            ? (Math.Floor(ratio * 100_000) / 1000).ToString("0.###", CultureInfo.InvariantCulture) + "%"
            : null;

    public static string Milliseconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.#}ms");

    private static Problem Unknown(string key, List<MonitorSight> all) =>
        new(
            "monitor.unknown",
            What: $"There is no monitor '{key}'.",
            Why: all.Count == 0 ? "None is looked at." : $"There are: {Names(all)}.",
            Fix: "See all: fairlead monitor list"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static string Names(List<MonitorSight> some)
    {
        const int shown = 10;
        return string.Join(", ", some.Take(shown).Select(one => one.Monitor.Key)) + (some.Count > shown ? ", …" : "");
    }
}
