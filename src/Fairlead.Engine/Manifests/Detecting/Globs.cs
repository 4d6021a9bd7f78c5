using System.IO.Enumeration;

namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>Globs of workspaces, such as <c>apps/*</c>, <c>packages/**</c> and <c>!packages/old</c>.</summary>
internal static class Globs
{
    private const int GlobsMax = 100;

    /// <summary>Folders that match, in the order of the survey.</summary>
    /// <param name="counts">Whether a folder is one at all.</param>
    public static IReadOnlyList<string> Folders(
        Sight root,
        IReadOnlyList<string> globs,
        Func<string, bool> counts,
        int max
    )
    {
        string[] known = [.. globs.Take(GlobsMax).Select(glob => glob.Trim().Trim('/'))];
        string[] wanted = [.. known.Where(glob => !glob.StartsWith('!')).Select(Clean)];
        string[] unwanted = [.. known.Where(glob => glob.StartsWith('!')).Select(glob => Clean(glob[1..]))];
        return wanted.Length == 0
            ? []
            :
            [
                .. root
                    .Folders.Where(folder => wanted.Any(glob => Matches(glob, folder)))
                    .Where(folder => !unwanted.Any(glob => Matches(glob, folder)) && counts(folder))
                    .Take(max),
            ];
    }

    private static string Clean(string glob) => glob.StartsWith("./", StringComparison.Ordinal) ? glob[2..] : glob;

    private static bool Matches(string glob, string path)
    {
        var (patterns, parts) = (glob.Split('/'), path.Split('/'));
        return patterns[^1] == "**"
            ? parts.Length >= patterns.Length && Same(patterns[..^1], parts)
            : parts.Length == patterns.Length && Same(patterns, parts);
    }

    private static bool Same(string[] patterns, string[] parts) =>
        patterns
            .Zip(parts)
            .All(pair => FileSystemName.MatchesSimpleExpression(pair.First, pair.Second, ignoreCase: false));
}
