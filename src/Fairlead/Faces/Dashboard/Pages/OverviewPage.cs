using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using AppStatus = Fairlead.Engine.Operations.Status;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>Where everything stands: what is wrong first, then what changes, then what is quiet.</summary>
public sealed class OverviewPage : IPage
{
    public const int RowsMax = 100;
    private const int ChangesMax = 12;
    private const string Budgets = "min by (app, environment) (fairlead_slo_budget_remaining_ratio)";

    public string Route => "/ui/";

    public string Section => "Overview";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var model = await ModelAsync(asking, stop) with
        {
            Filter = place.Asked("q"),
            Page = int.TryParse(place.Asked("page"), CultureInfo.InvariantCulture, out var page)
                ? Math.Clamp(page, 1, 10_000)
                : 1,
            Place = place,
        };
        return Seen.Of<OverviewPart>(AnswerOf(model), model);
    }

    /// <summary>Also what <c>fairlead top</c> shows.</summary>
    internal static async Task<OverviewModel> ModelAsync(Asking asking, CancellationToken stop)
    {
        var status = await asking.AskAsync<AppStatus.Output>(AppStatus.Operation, [], stop);
        var incidents = await asking.TryAsync<ListIncidents.Output>(ListIncidents.Operation, [], stop);
        var alerts = await asking.TryAsync<ListAlerts.Output>(ListAlerts.Operation, [], stop);
        var budgets = await asking.TryAsync<QueryMetrics.Output>(
            QueryMetrics.Operation,
            new JsonObject { ["query"] = Budgets },
            stop
        );
        return Of(status.Apps, incidents?.Incidents ?? [], alerts?.Alerts ?? [], budgets?.Series ?? []) with
        {
            Now = asking.Now,
        };
    }

    private static OverviewModel Of(
        IReadOnlyList<AppStatus.AppView> apps,
        IReadOnlyList<ListIncidents.Row> incidents,
        IReadOnlyList<ListAlerts.View> alerts,
        IReadOnlyList<QueryMetrics.Line> budgets
    )
    {
        var left = budgets
            .Select(static one => (Labels: LabelText.Read(one.Series), one.Value))
            .GroupBy(static one =>
                $"{one.Labels.GetValueOrDefault("app")}/{one.Labels.GetValueOrDefault("environment")}"
            )
            .ToDictionary(
                static one => one.Key,
                static one =>
                    double.TryParse(one.First().Value, CultureInfo.InvariantCulture, out var value) ? value : double.NaN
            );
        var rows = apps.Select(app =>
                OverviewRow.Of(app, left.TryGetValue($"{app.App}/{app.Environment}", out var known) ? known : null)
            )
            .OrderBy(static row => row.Order)
            .ThenBy(static row => row.App.App, StringComparer.Ordinal)
            .ThenBy(static row => row.App.Environment, StringComparer.Ordinal)
            .ToList();
        return new(rows, incidents, [.. alerts.Where(static one => one.State == "firing")]);
    }

    // The gravest thing is the answer.
    internal static string AnswerOf(OverviewModel model)
    {
        if (model.Rows.Count == 0)
        {
            return "Nothing is deployed yet";
        }
        var ill = model.Rows.Where(static row => row.Tone == "bad").Select(static row => row.Name).ToList();
        var moving = model.Rows.Count(static row => row.IsMoving);
        var rest = moving == 0 ? "nothing is changing" : $"{Texts.Count(moving, "deployment")} under way";
        return model.Incidents.Count > 0 ? $"{Texts.Count(model.Incidents.Count, "incident")} open, {rest}"
            : ill.Count > 0 ? $"{Listed(ill)} {(ill.Count == 1 ? "is" : "are")} not well, {rest}"
            : $"All is well: {Texts.Count(model.Rows.Count(static row => row.App.Live is not null), "app")} live, {rest}";
    }

    internal static string Listed(IReadOnlyList<string> names) =>
        names.Count switch
        {
            1 => names[0],
            2 => $"{names[0]} and {names[1]}",
            _ => $"{names[0]} and {names.Count - 1} others",
        };

    internal static IReadOnlyList<OverviewRow> Changes(OverviewModel model) =>
        [
            .. model
                .Rows.Where(row =>
                    row.App.Deployment is { } last && model.Now - last.RequestedAt < TimeSpan.FromDays(1)
                )
                .OrderByDescending(static row => row.App.Deployment!.RequestedAt)
                .Take(ChangesMax),
        ];
}

/// <param name="Incidents">Those that are open.</param>
public sealed record OverviewModel(
    IReadOnlyList<OverviewRow> Rows,
    IReadOnlyList<ListIncidents.Row> Incidents,
    IReadOnlyList<ListAlerts.View> Alerts
)
{
    public DateTimeOffset Now { get; init; }

    public string? Filter { get; init; }

    /// <summary>1 for the first.</summary>
    public int Page { get; init; } = 1;

    public Place? Place { get; init; }

    public IReadOnlyList<OverviewRow> Fitting =>
        Filter is null ? Rows : [.. Rows.Where(row => row.Name.Contains(Filter, StringComparison.OrdinalIgnoreCase))];

    public IReadOnlyList<OverviewRow> Shown =>
        [.. Fitting.Skip((Page - 1) * OverviewPage.RowsMax).Take(OverviewPage.RowsMax)];

    public int Pages => Math.Max(1, (Fitting.Count + OverviewPage.RowsMax - 1) / OverviewPage.RowsMax);
}

/// <summary>An app in an environment.</summary>
/// <param name="Budget">How much of its error budget is left: 1 for all, below 0 when overdrawn; null where it has no goal.</param>
public sealed record OverviewRow(AppStatus.AppView App, string Tone, string Word, double? Budget)
{
    public string Name => $"{App.App} {App.Environment}";

    public bool IsMoving => App.Deployment is { IsOver: false };

    /// <summary>What is wrong before what moves before what is quiet.</summary>
    public int Order =>
        Tone switch
        {
            "bad" => 0,
            "warn" => 1,
            _ => IsMoving ? 2 : 3,
        };

    public double? RequestsPerSecond =>
        App.Parts.Any(static part => part.RequestsPerSecond is not null)
            ? App.Parts.Sum(static part => part.RequestsPerSecond ?? 0)
            : null;

    /// <summary>Of all parts, by their requests.</summary>
    public double? ErrorPercent =>
        App.Parts.Sum(static part => part.ErrorPercent is null ? 0 : part.Requests) is > 0 and var all
            ? App.Parts.Sum(static part => (part.ErrorPercent ?? 0) * part.Requests) / all
            : null;

    /// <summary>Of the slowest part that has a share.</summary>
    public double? P95 =>
        App.Parts.Where(static part => part.Share.Percent > 0).Max(static part => part.P95Milliseconds);

    /// <summary><c>Canary at 25%</c>; null when nothing moves.</summary>
    public string? Moving =>
        App.Deployment is not { IsOver: false } one ? null
        : one.Phase == DeploymentPhase.RollingOut && DeploymentStory.ShareOf(one) is { } share
            ? $"Release {one.Release} at {share}%"
        : $"Release {one.Release}: {States.Of(one.Phase).Word.ToLowerInvariant()}";

    public static OverviewRow Of(AppStatus.AppView app, double? budget)
    {
        var (tone, word) = States.Of(app);
        return new(app, tone, word, budget);
    }
}
