using System.Globalization;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Checking.Pages;

/// <summary>Pages of a site and the windows in which each is looked at.</summary>
internal static class PageList
{
    private const int Most = 500;

    public static IReadOnlyList<PageView> Of(Uri site, PagesEntry settings, IReadOnlyList<string> said)
    {
        IReadOnlyList<string> pages =
            said.Count > 0 ? said
            : settings.Pages is { Count: > 0 } known ? known
            : [site.PathAndQuery];
        IReadOnlyList<string> windows = settings.Windows is { Count: > 0 } sizes ? sizes : ["1280x800", "390x844"];
        if (pages.Count * windows.Count > Most)
        {
            throw Wrong(
                $"{pages.Count} pages in {windows.Count} windows are too many.",
                $"At most {Most} are looked at.",
                "Name fewer pages."
            );
        }
        return [.. pages.SelectMany(page => windows.Select(window => View(site, page, window)))];
    }

    private static PageView View(Uri site, string page, string window)
    {
        if (
            window.Split('x') is not [var wide, var high]
            || !int.TryParse(wide, NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            || !int.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            || width is < 100 or > 4_000
            || height is < 100 or > 4_000
        )
        {
            throw Wrong(
                $"'{window}' is no size of a window.",
                "It takes two numbers from 100 to 4000.",
                "Write for example: windows: [1280x800, 390x844]"
            );
        }
        if (!page.StartsWith('/') || !Uri.TryCreate(site, page, out var url) || url.Authority != site.Authority)
        {
            throw Wrong(
                $"'{page}' is no page of {site}.",
                "It takes a path that begins with /.",
                "Write for example: pages: [/, /prices]"
            );
        }
        var name = string.Concat(
            page.Trim('/').Select(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' ? one : '-')
        );
        return new($"{(name.Length == 0 ? "home" : name)}-{window}", page, url, width, height);
    }

    private static ProblemException Wrong(string what, string why, string fix) =>
        new(new Problem("check.pages", what, why, fix) { Trouble = Trouble.WrongUse });
}

/// <summary>A page in a window.</summary>
/// <param name="Name">Fit for a file, such as <c>home-390x844</c>.</param>
internal sealed record PageView(string Name, string Path, Uri Url, int Width, int Height)
{
    public override string ToString() => $"{Path} at {Width}x{Height}";
}
