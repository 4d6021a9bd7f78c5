using Fairlead.Engine.Checking;
using Fairlead.Engine.Checking.Pages;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>What checks of pages have in common: which pages, and what to say when they fail.</summary>
internal static class PageChecks
{
    /// <summary>The settings, the site and its pages.</summary>
    public static (PagesEntry Settings, Uri Site, IReadOnlyList<PageView> Views) Of(
        EngineContext engine,
        PageCheckInput input,
        string check
    )
    {
        var file = ChecksReader.Read(engine.OpenFolder(input.Folder));
        var settings = file.Site ?? new();
        var site = input.Address(file, settings.Url, check);
        return (settings, site, PageList.Of(site, settings, input.Page ?? []));
    }

    public static IReadOnlyList<Problem> Problems(Uri site, string says, IReadOnlyList<CheckFinding> open)
    {
        const int ShownMax = 20;
        return open.Count == 0
            ? []
            :
            [
                new(
                    "check.failed",
                    $"{site} {says}: {open.Count} {(open.Count == 1 ? "finding" : "findings")}.",
                    $"{open[0].Where}: {open[0].What} {open[0].Why}",
                    open[0].Fix
                )
                {
                    Evidence = [.. open.Skip(1).Take(ShownMax).Select(static one => $"{one.Where}: {one.What}")],
                },
            ];
    }

    public static DateOnly Today(EngineContext engine) => DateOnly.FromDateTime(engine.World.Now.UtcDateTime);
}
