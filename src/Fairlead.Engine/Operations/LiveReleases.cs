using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Finds the release that is meant.</summary>
internal static class LiveReleases
{
    /// <param name="release">Its number; null for the live one.</param>
    public static async Task<Release> OfAsync(
        EngineContext engine,
        string? app,
        string? environment,
        int? release,
        CancellationToken stop
    )
    {
        var record = await Sites.FindAsync(engine.Server, app, environment, stop);
        return (release ?? record.Live) is { } number
            ? await Sites.ReleaseAsync(engine.Server, record.Site, number, stop)
            : throw new ProblemException(
                new Problem(
                    "release.none-live",
                    What: $"{record.Site} has no live release.",
                    Why: "None of its deployments has been promoted yet.",
                    Fix: $"fairlead status {record.Site.App}"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
    }
}
