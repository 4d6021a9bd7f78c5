using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Errors;

/// <summary>Which of our releases a sender speaks of. What its key proves wins over what it says.</summary>
internal static class ReleaseNames
{
    /// <summary>Null when it cannot be told.</summary>
    public static int? Number(Source source, string? said)
    {
        if (source.Part is { } part)
        {
            return part.Since;
        }
        var at = said?.LastIndexOf('@') ?? -1;
        var number = at < 0 ? said : said![(at + 1)..];
        return
            int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var release)
            && release > 0
            && (at < 0 || source.Site is null || IsOwn(source.Site, said![..at]))
            ? release
            : null;
    }

    /// <summary>Whose it is: as the key proves; a sender from outside says it in its release and environment. Null when it does not.</summary>
    public static Site? SiteOf(Source source, string? said, string? environment)
    {
        if (source.Site is { } site)
        {
            return site;
        }
        var at = said?.LastIndexOf('@') ?? -1;
        return at < 0 ? null : Site.TryParse($"{said![..at]}/{environment ?? "production"}");
    }

    // shop@42, and shop.api@42 or api@42 for who names its service.
    private static bool IsOwn(Site site, string name) =>
        name == site.App || name.StartsWith($"{site.App}.", StringComparison.Ordinal) || Site.IsName(name);
}
