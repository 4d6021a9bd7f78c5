using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>When releases of a site were made: numbers that change are to be seen with them.</summary>
internal static class DeployMarks
{
    private const int Most = 6;

    /// <summary>None where the app is not known, or the viewer may not see it.</summary>
    public static async Task<IReadOnlyList<Drawing.Mark>> AskAsync(
        Asking asking,
        string? app,
        string? environment,
        CancellationToken stop
    )
    {
        if (app is null || environment is null)
        {
            return [];
        }
        var site = new JsonObject { ["app"] = app, ["environment"] = environment };
        return Of((await asking.TryAsync<Releases.Output>(Releases.Operation, site, stop))?.Releases ?? []);
    }

    /// <summary>The newest ones.</summary>
    public static IReadOnlyList<Drawing.Mark> Of(IReadOnlyList<Releases.ReleaseView> releases) =>
        [.. releases.Take(Most).Select(static one => new Drawing.Mark(one.At, $"@{one.Release}"))];

    /// <summary>The site that all series are of; null where they are of several, or of none.</summary>
    public static (string? App, string? Environment) SiteOf(IReadOnlyList<QueryMetrics.Line> series)
    {
        var sites = series
            .Select(static one => LabelText.Read(one.Series))
            .Select(static one => (one.GetValueOrDefault("app"), one.GetValueOrDefault("environment")))
            .Distinct()
            .Take(2)
            .ToList();
        return sites is [var only] ? only : (null, null);
    }
}
