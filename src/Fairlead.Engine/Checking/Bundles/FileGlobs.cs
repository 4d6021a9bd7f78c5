using System.IO.Enumeration;

namespace Fairlead.Engine.Checking.Bundles;

/// <summary>Patterns of files: <c>*</c> within a name, <c>**</c> for any folders, <c>!</c> to take away again.</summary>
internal sealed class FileGlobs(IReadOnlyList<string> globs)
{
    private readonly List<string[]> wanted = [.. globs.Where(static one => !one.StartsWith('!')).Select(Parts)];
    private readonly List<string[]> barred =
    [
        .. globs.Where(static one => one.StartsWith('!')).Select(static one => Parts(one[1..])),
    ];

    public bool Fits(string path)
    {
        var names = path.Split('/');
        return wanted.Exists(one => Fits(one, names)) && !barred.Exists(one => Fits(one, names));
    }

    private static string[] Parts(string glob) => [.. glob.Split('/').Where(static one => one is not ("" or "."))];

    // Row by row, as a table: however many ** there are, it takes as many steps as parts times names.
    private static bool Fits(string[] parts, string[] names)
    {
        var reach = new bool[names.Length + 1];
        reach[0] = true;
        foreach (var part in parts)
        {
            var next = new bool[names.Length + 1];
            if (part == "**")
            {
                var any = false;
                for (var at = 0; at <= names.Length; at++)
                {
                    next[at] = any |= reach[at];
                }
            }
            else
            {
                for (var at = 0; at < names.Length; at++)
                {
                    next[at + 1] =
                        reach[at] && FileSystemName.MatchesSimpleExpression(part, names[at], ignoreCase: false);
                }
            }
            reach = next;
        }
        return reach[^1];
    }
}
