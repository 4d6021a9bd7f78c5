using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Errors;

/// <summary>What a release brought: the number for a gate such as <c>new-errors &lt;= 0</c>.</summary>
public static class ReleaseErrors
{
    private const int GroupsMax = 1_000;
    private const int TitlesMax = 3;

    /// <summary>Errors first seen in a release, or back in it; ignored ones and those resolved since do not count.</summary>
    public static async Task<NewErrors> NewAsync(IErrorStore store, Site site, int release, CancellationToken stop)
    {
        var groups = (await store.ListAsync(new(site, Release: release, Max: GroupsMax), stop))
            .Where(group => GroupLife.IsNewIn(group, release))
            .ToList();
        return new(
            release,
            groups.Count,
            [
                .. groups
                    .OrderByDescending(group => group.Level)
                    .ThenByDescending(group => group.Count)
                    .Take(TitlesMax)
                    .Select(group => group.Title),
            ]
        );
    }
}
