using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>What a report is about.</summary>
/// <param name="Apps">Null for all that its reader may see.</param>
/// <param name="Said">As its title says it: <c>shop in production</c>.</param>
internal sealed record ReportScope(
    IReadOnlySet<string>? Apps,
    string? Environment,
    DateTimeOffset From,
    DateTimeOffset Until,
    string Said
)
{
    public bool Has(Site site) =>
        (Apps is null || Apps.Contains(site.App)) && (Environment is null || site.Environment == Environment);
}

/// <summary>Finds what a report is about, and what the journal says of it.</summary>
internal static class ReportScopes
{
    private const int PageMax = 10_000;

    /// <exception cref="ProblemException">There is no such app or team.</exception>
    public static async Task<ReportScope> OfAsync(
        ServerSide server,
        (string? App, string? Environment, string? Team) what,
        (DateTimeOffset From, DateTimeOffset Until) period,
        CancellationToken stop
    )
    {
        var (app, environment, team) = what;
        var said = $"{app ?? team ?? "all apps"}{(environment is null ? "" : $" in {environment}")}";
        return new(await AppsAsync(server, what, stop), environment, period.From, period.Until, said);
    }

    /// <summary>The days that two inputs name.</summary>
    /// <param name="rest">Now, when it begins where nothing says so, and what the report is called.</param>
    /// <exception cref="ProblemException">They name no time.</exception>
    public static (DateTimeOffset From, DateTimeOffset Until) Period(
        string? from,
        string? until,
        (DateTimeOffset Now, Func<DateTimeOffset, DateTimeOffset> Usual, string Report) rest
    )
    {
        var end = InputTimes.Day(until, "until") is { } last ? Day(last) : rest.Now;
        var begin = InputTimes.Day(from, "from") is { } first ? Day(first) : rest.Usual(end);
        return begin < end
            ? (begin, end)
            : throw new ProblemException(
                new Problem(
                    "report.no-time",
                    What: "There is no time to report on.",
                    Why: $"It would begin at {begin:yyyy-MM-dd HH:mm} and end at {end:yyyy-MM-dd HH:mm}.",
                    Fix: $"Write for example: fairlead report {rest.Report} --from 2026-11-01 --until 2026-12-01"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
    }

    /// <summary>Lines of the journal from which reports are reckoned, oldest first.</summary>
    public static async Task<IReadOnlyList<JournalEntry>> JournalAsync(
        IStore store,
        ReportScope scope,
        CancellationToken stop
    )
    {
        var found = new List<JournalEntry>();
        for (long after = 0; ; )
        {
            var page = await store.ReadJournalAsync(after, null, PageMax, stop);
            found.AddRange(
                page.Where(static one => one.Kind is "requested" or "ended" or "incident")
                    .Where(one => scope.Has(one.Site))
            );
            if (page.Count < PageMax)
            {
                return found;
            }
            after = page[^1].Sequence;
        }
    }

    public static DateTimeOffset Day(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private static async Task<IReadOnlySet<string>?> AppsAsync(
        ServerSide server,
        (string? App, string? Environment, string? Team) what,
        CancellationToken stop
    )
    {
        if (what.App is { } app)
        {
            // An app that there is not has no numbers, and they are not 0.
            if ((await Sites.AllAsync(server, stop)).All(one => one.Site.App != app))
            {
                await Sites.FindAsync(server, app, what.Environment, stop);
            }
            return new HashSet<string>(StringComparer.Ordinal) { app };
        }
        if (what.Team is not { } name)
        {
            return null;
        }
        var policy = await AccessBook.PolicyAsync(server.Store, stop);
        return policy.Teams.FirstOrDefault(one => one.Name == name) is { } team
            ? team.Apps.ToHashSet(StringComparer.Ordinal)
            : throw new ProblemException(
                new Problem(
                    "report.no-team",
                    What: $"There is no team '{name}'.",
                    Why: "Nobody made one of this name.",
                    Fix: "See what there is: fairlead team list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
    }
}
