using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>How fast and how safely a team delivers.</summary>
public static class ReportDelivery
{
    private const int PageMax = 10_000;

    public sealed record Input
    {
        [Description("Only this app.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Only this environment.")]
        public string? Environment { get; init; }

        [Description("Only this team's apps.")]
        public string? Team { get; init; }

        [Description("From this day on; 30 days before the end when left out.")]
        public string? From { get; init; }

        [Description("Up to this day, which is not included; until now when left out.")]
        public string? Until { get; init; }

        [Description("Show what each number was reckoned from.")]
        public bool Explain { get; init; }

        [Description("Print a page in the place of a table.")]
        public ReportFormat? Format { get; init; }
    }

    /// <param name="Band">elite, high, medium or low, as DORA draws the lines.</param>
    /// <param name="Evidence">Empty unless it was asked for.</param>
    public sealed record Row(
        string Name,
        double? Value,
        string Unit,
        string? Band,
        string How,
        IReadOnlyList<string> Evidence
    );

    /// <param name="Page">The report as it was asked for; null for a table.</param>
    public sealed record Output(DateTimeOffset From, DateTimeOffset Until, IReadOnlyList<Row> Numbers, string? Page);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "report.dora",
            "Show how often, how fast and how safely is delivered: DORA's four keys, from the journal.",
            Effect.Reads,
            RunAsync
        )
        {
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var now = engine.World.Now;
        var until = InputTimes.Day(input.Until, "until") is { } last ? Day(last) : now;
        var from = InputTimes.Day(input.From, "from") is { } first ? Day(first) : until - TimeSpan.FromDays(30);
        if (from >= until)
        {
            throw new ProblemException(
                new Problem(
                    "report.no-time",
                    What: "There is no time to report on.",
                    Why: $"It would begin at {from:yyyy-MM-dd HH:mm} and end at {until:yyyy-MM-dd HH:mm}.",
                    Fix: "Write for example: fairlead report dora --from 2026-11-01 --until 2026-12-01"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        var apps = await AppsAsync(input, engine, stop);
        var journal = (await JournalAsync(engine, stop))
            .Where(one => apps is null || apps.Contains(one.Site.App))
            .Where(one => input.Environment is null || one.Site.Environment == input.Environment)
            .ToList();
        var numbers = DeliveryReport.Of(
            DeliveryEvents.Deployments(journal),
            DeliveryEvents.Incidents(journal),
            from,
            until
        );
        var scope = input.App ?? input.Team ?? "all apps";
        var title =
            $"Delivery of {scope}{(input.Environment is { } name ? $" in {name}" : "")}, {from:yyyy-MM-dd} to {until:yyyy-MM-dd}";
        return new(
            from,
            until,
            [
                .. numbers.Select(one => new Row(
                    one.Name,
                    one.Value,
                    one.Unit,
                    one.Band,
                    one.How,
                    input.Explain ? one.Evidence : []
                )),
            ],
            input.Format switch
            {
                ReportFormat.Markdown => ReportPage.Markdown(title, numbers, input.Explain),
                ReportFormat.Html => ReportPage.Html(title, numbers, input.Explain),
                ReportFormat.Csv => ReportPage.Csv(numbers),
                _ => null,
            }
        );
    }

    private static async Task<IReadOnlySet<string>?> AppsAsync(
        Input input,
        EngineContext engine,
        CancellationToken stop
    )
    {
        if (input.App is { } app)
        {
            // An app that there is not has no numbers, and they are not 0.
            if ((await Sites.AllAsync(engine.Server, stop)).All(one => one.Site.App != app))
            {
                await Sites.FindAsync(engine.Server, app, input.Environment, stop);
            }
            return new HashSet<string>(StringComparer.Ordinal) { app };
        }
        if (input.Team is not { } name)
        {
            return null;
        }
        var policy = await AccessBook.PolicyAsync(engine.Server.Store, stop);
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

    private static async Task<IReadOnlyList<JournalEntry>> JournalAsync(EngineContext engine, CancellationToken stop)
    {
        var all = new List<JournalEntry>();
        while (true)
        {
            var page = await engine.Server.Store.ReadJournalAsync(
                all.Count == 0 ? 0 : all[^1].Sequence,
                null,
                PageMax,
                stop
            );
            all.AddRange(page);
            if (page.Count < PageMax)
            {
                return [.. all.Where(static one => one.Kind is "requested" or "ended" or "incident")];
            }
        }
    }

    private static DateTimeOffset Day(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}

/// <summary>How a report is printed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReportFormat>))]
public enum ReportFormat
{
    [JsonStringEnumMemberName("markdown")]
    Markdown,

    [JsonStringEnumMemberName("html")]
    Html,

    [JsonStringEnumMemberName("csv")]
    Csv,
}
