using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Reporting;

namespace Fairlead.Engine.Operations;

/// <summary>How fast and how safely a team delivers.</summary>
public static class ReportDelivery
{
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

    /// <summary>More that belongs to it: how each service and team responded, security, costs.</summary>
    /// <param name="Rows">Each with its columns by their names.</param>
    public sealed record Part(
        string Title,
        string? Text,
        IReadOnlyList<IReadOnlyDictionary<string, string>> Rows,
        IReadOnlyList<string> Lines
    );

    /// <param name="Page">The report as it was asked for; null for a table.</param>
    public sealed record Output(
        DateTimeOffset From,
        DateTimeOffset Until,
        IReadOnlyList<Row> Numbers,
        IReadOnlyList<Part> Parts,
        string? Page
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "report.dora",
            "Show how often, how fast and how safely is delivered: DORA's four keys, from the journal.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead report dora shop --explain",
                "fairlead report dora --team checkout --from 2026-10-01 --until 2026-11-01 --format markdown",
            ],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var period = ReportScopes.Period(
            input.From,
            input.Until,
            (engine.World.Now, static end => end - TimeSpan.FromDays(30), "dora")
        );
        var scope = await ReportScopes.OfAsync(engine.Server, (input.App, input.Environment, input.Team), period, stop);
        var (numbers, sections) = await ReadAsync(engine.Server, scope, stop);
        var title = $"Delivery of {scope.Said}, {period.From:yyyy-MM-dd} to {period.Until:yyyy-MM-dd}";
        return new(
            period.From,
            period.Until,
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
            [.. sections.Select(static one => new Part(one.Title, one.Text, RowsOf(one.Table), one.Lines))],
            input.Format switch
            {
                ReportFormat.Markdown => ReportPage.Markdown(
                    ReportPage.Document(title, numbers, input.Explain, sections)
                ),
                ReportFormat.Html => ReportPage.Html(ReportPage.Document(title, numbers, input.Explain, sections)),
                ReportFormat.Csv => ReportPage.Csv(numbers),
                _ => null,
            }
        );
    }

    /// <summary>All of it for a scope.</summary>
    internal static async Task<(IReadOnlyList<ReportNumber> Numbers, IReadOnlyList<ReportSection> Sections)> ReadAsync(
        ServerSide server,
        ReportScope scope,
        CancellationToken stop
    )
    {
        var journal = await ReportScopes.JournalAsync(server.Store, scope, stop);
        var incidents = DeliveryEvents.Incidents(journal);
        return (
            DeliveryReport.Of(DeliveryEvents.Deployments(journal), incidents, scope.From, scope.Until),
            await ResponseReport.OfAsync(server, scope, incidents, stop)
        );
    }

    private static IReadOnlyList<IReadOnlyDictionary<string, string>> RowsOf(ReportTable? table) =>
        table is null
            ? []
            :
            [
                .. table.Rows.Select(row =>
                    (IReadOnlyDictionary<string, string>)
                        table
                            .Columns.Zip(row)
                            .ToDictionary(
                                static one => one.First.Name,
                                static one => one.Second,
                                StringComparer.Ordinal
                            )
                ),
            ];
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
