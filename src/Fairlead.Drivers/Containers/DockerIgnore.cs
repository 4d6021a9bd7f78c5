using Fairlead.Drivers.Builds;

namespace Fairlead.Drivers.Containers;

/// <summary>
/// A <c>.dockerignore</c>: paths from the folder's root with Go's wildcards and <c>**</c>, the last line that fits decides, <c>!</c> brings back.
/// </summary>
internal sealed class DockerIgnore
{
    private const int LinesMax = 10_000;
    private const int WordsMax = 64;

    private readonly IReadOnlyList<(bool Keeps, string[] Words)> lines;

    private DockerIgnore(IReadOnlyList<(bool Keeps, string[] Words)> lines) => this.lines = lines;

    /// <summary>Whether something in a folder that is left out may still be brought back.</summary>
    public bool BringsBack => lines.Any(static one => one.Keeps);

    public static DockerIgnore Read(string text) =>
        new([
            .. text.TrimStart('\ufeff')
                .Split('\n')
                .Take(LinesMax)
                .Where(static line => !line.StartsWith('#'))
                .Select(static line => line.Trim())
                .Where(static line => line.Length > 0 && line != "!")
                .Select(static line => (line[0] == '!', Words(line.TrimStart('!').Trim())))
                .Where(static line => line.Item2.Length is > 0 and <= WordsMax),
        ]);

    /// <param name="path">Relative, with <c>/</c>.</param>
    public bool LeavesOut(string path)
    {
        var words = path.Split('/');
        var isOut = false;
        foreach (var (keeps, pattern) in lines)
        {
            // What fits a folder fits all that is in it.
            if (isOut == keeps && Enumerable.Range(1, words.Length).Any(count => Fits(pattern, words.AsSpan(0, count))))
            {
                isOut = !keeps;
            }
        }
        return isOut;
    }

    // A table instead of trying again and again: many ** take no longer than few.
    private static bool Fits(string[] pattern, ReadOnlySpan<string> words)
    {
        var row = new bool[words.Length + 1];
        row[0] = true;
        foreach (var part in pattern)
        {
            var next = new bool[words.Length + 1];
            for (var at = 0; at <= words.Length; at++)
            {
                next[at] =
                    part == "**"
                        ? row[at] || (at > 0 && next[at - 1])
                        : at > 0 && row[at - 1] && Wildcard.Matches(part, words[at - 1]);
            }
            row = next;
        }
        return row[^1];
    }

    private static string[] Words(string line) =>
        [
            .. line.Split('/')
                .Where(static word => word is not ("" or "." or ".."))
                .Select(static word => word.Replace("[^", "[!", StringComparison.Ordinal)),
        ];
}
