using System.Buffers;
using System.Text;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>Path prefixes of whole segments: <c>/api</c> holds <c>/api/orders</c> and not <c>/apis</c>.</summary>
internal sealed class PathSet(IReadOnlyList<string> paths)
{
    private static readonly SearchValues<char> Odd = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ;%");

    private readonly string[] longestFirst =
    [
        .. paths.Select(path => path.TrimEnd('/')).OrderByDescending(path => path.Length),
    ];

    public bool IsEmpty => longestFirst.Length == 0;

    /// <summary>Which of them holds the path, the longest first; -1 for none.</summary>
    public int Find(string path)
    {
        for (var index = 0; index < longestFirst.Length; index++)
        {
            var prefix = longestFirst[index];
            if (
                path.StartsWith(prefix, StringComparison.Ordinal)
                && (path.Length == prefix.Length || path[prefix.Length] == '/')
            )
            {
                return index;
            }
        }
        return -1;
    }

    /// <summary>
    /// A path as the most generous app would read it: in small letters, without parameters, with single slashes. So a limit on
    /// <c>/login</c> holds for <c>//Login;x</c> too, which many apps take for the same.
    /// </summary>
    public static string Loosely(string path)
    {
        if (!path.AsSpan().ContainsAny(Odd) && !path.Contains("//", StringComparison.Ordinal))
        {
            return path;
        }
        var text = new StringBuilder(path.Length);
        var slashed = path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        foreach (var segment in slashed.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var end = segment.IndexOf(';', StringComparison.Ordinal);
            if (end != 0)
            {
                text.Append('/').Append(segment.AsSpan(0, end < 0 ? segment.Length : end));
            }
        }
        return text.Length == 0 ? "/" : text.ToString().ToLowerInvariant();
    }

    /// <summary>An empty set holds every path.</summary>
    public bool Holds(string path) => IsEmpty || Find(path) >= 0;
}
