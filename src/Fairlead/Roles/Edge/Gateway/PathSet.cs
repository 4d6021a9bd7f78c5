namespace Fairlead.Roles.Edge.Gateway;

/// <summary>Path prefixes of whole segments: <c>/api</c> holds <c>/api/orders</c> and not <c>/apis</c>.</summary>
internal sealed class PathSet(IReadOnlyList<string> paths)
{
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

    /// <summary>An empty set holds every path.</summary>
    public bool Holds(string path) => IsEmpty || Find(path) >= 0;
}
