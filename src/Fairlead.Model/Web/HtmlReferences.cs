using System.Text.RegularExpressions;

namespace Fairlead.Model.Web;

/// <summary>Which files of its own site a page asks for.</summary>
public static partial class HtmlReferences
{
    private const int ReferencesMax = 1_000;

    /// <summary>Paths from the site's root, decoded, without query and fragment, in the order of the page; each once.</summary>
    /// <param name="page">The page's own path, such as <c>/docs/index.html</c>.</param>
    public static IReadOnlyList<string> Of(string page, string html)
    {
        var found = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        // A base element moves every relative address; few pages have one, and guessing would accuse the innocent.
        if (Base().IsMatch(html))
        {
            return found;
        }
        var text = Comment().Replace(html, "");
        foreach (var match in Attribute().EnumerateMatches(text))
        {
            if (found.Count == ReferencesMax)
            {
                break;
            }
            if (Resolve(page, Value(text.Substring(match.Index, match.Length))) is { } path && known.Add(path))
            {
                found.Add(path);
            }
        }
        return found;
    }

    // ' src="app.js"' | ' href=/x'
    private static string Value(string attribute) =>
        attribute[(attribute.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim().Trim('"', '\'').Trim();

    private static string? Resolve(string page, string reference)
    {
        if (
            reference.Length == 0
            || reference[0] is '#' or '?' or '{' or '$'
            || reference.StartsWith("//", StringComparison.Ordinal)
            || Scheme().IsMatch(reference)
        )
        {
            return null;
        }
        var site = new Uri("http://site.invalid");
        if (
            !Uri.TryCreate(
                new Uri(site, page),
                reference.Replace("&amp;", "&", StringComparison.Ordinal),
                out var address
            )
        )
        {
            return null;
        }
        return address.Host == site.Host ? Uri.UnescapeDataString(address.AbsolutePath) : null;
    }

    [GeneratedRegex("""<!--[\s\S]*?-->""", RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex("""<base\s""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Base();

    [GeneratedRegex(
        """\s(src|href)\s*=\s*("[^"<>]{1,2000}"|'[^'<>]{1,2000}'|[^\s"'<>=`]{1,2000})""",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Attribute();

    [GeneratedRegex("""^[A-Za-z][A-Za-z0-9+.\-]*:""", RegexOptions.NonBacktracking)]
    private static partial Regex Scheme();
}
