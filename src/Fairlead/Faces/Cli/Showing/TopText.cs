using Fairlead.Faces.Dashboard;
using Fairlead.Faces.Dashboard.Charts;
using Fairlead.Faces.Dashboard.Pages;

namespace Fairlead.Faces.Cli.Showing;

/// <summary>The overview of the dashboard in a terminal: the same sentence, the same rows, from the same answers.</summary>
internal static class TopText
{
    private const int RowsMax = 60;

    public static IEnumerable<string> Lines(OverviewModel model)
    {
        yield return OverviewPage.AnswerOf(model);
        foreach (var one in model.Incidents)
        {
            yield return $"  incident {one.Incident}: {Plain.Of(one.Title)} ({one.Severity}, {one.Site ?? "everything"}, {(one.Commander is { } who ? Plain.Of(Texts.Who(who)) : "nobody has it")})";
        }
        if (model.Rows.Count == 0)
        {
            yield return "  Bring something to life: fairlead deploy";
            yield break;
        }
        foreach (var line in Table.Lines([.. model.Rows.Take(RowsMax).Select(Cells)]))
        {
            yield return $"  {line}";
        }
        if (model.Rows.Count > RowsMax)
        {
            yield return $"  and {model.Rows.Count - RowsMax} more: fairlead status";
        }
        foreach (var one in model.Alerts.Take(10))
        {
            yield return $"  alert: {Plain.Of(one.Summary)} ({one.Severity}{(one.Site is { } site ? $", {site}" : "")})";
        }
    }

    private static IReadOnlyList<(string Name, string Value)> Cells(OverviewRow row) =>
        [
            ("app", $"{row.App.App}/{row.App.Environment}"),
            ("health", row.Word.ToLowerInvariant()),
            ("live", row.App.Live is { } live ? $"@{live}" : "–"),
            ("req/s", row.RequestsPerSecond is { } rate ? Figures.Brief(rate) : "–"),
            ("errors", Figures.Percent(row.ErrorPercent)),
            ("p95", Figures.Milliseconds(row.P95)),
            ("budget", row.Budget is { } left && double.IsFinite(left) ? $"{Math.Floor(left * 100):0}%" : "–"),
            (
                "change",
                row.Moving ?? (row.App.Deployment is { } last ? States.Of(last.Phase).Word.ToLowerInvariant() : "–")
            ),
        ];
}
