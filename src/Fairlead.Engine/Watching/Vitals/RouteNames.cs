using System.Text.RegularExpressions;

namespace Fairlead.Engine.Watching.Vitals;

/// <summary>What pages of one kind have in common: <c>/orders/4711/items</c> and <c>/orders/4712/items</c> are <c>/orders/:id/items</c>.</summary>
public static partial class RouteNames
{
    private const int SegmentsMax = 8;
    private const int LettersMax = 100;

    /// <param name="path">Of an address, with or without its query.</param>
    public static string Of(string path)
    {
        var end = path.IndexOfAny(['?', '#']);
        var parts = (end < 0 ? path : path[..end]).Split('/', StringSplitOptions.RemoveEmptyEntries);
        var route =
            "/" + string.Join('/', parts.Take(SegmentsMax).Select(Segment)) + (parts.Length > SegmentsMax ? "/…" : "");
        return route.Length > LettersMax ? route[..LettersMax] + "…" : route;
    }

    private static string Segment(string segment) =>
        segment.StartsWith(':') || !(IsId().IsMatch(segment) || segment.Length > 40 || segment.Any(char.IsControl))
            ? segment
            : ":id";

    // Numbers, UUIDs, hashes, dates, addresses of mail, and words in which digits stand among letters.
    [GeneratedRegex(
        @"^\d+$|^[0-9a-fA-F-]{16,}$|^(?=.*\d)[0-9a-f]{8,}$|^\d{4}-\d{2}-\d{2}|@|%40|^(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_-]{16,}$|-\d{3,}$|^\d+[-_]",
        RegexOptions.None,
        1000
    )]
    private static partial Regex IsId();
}
