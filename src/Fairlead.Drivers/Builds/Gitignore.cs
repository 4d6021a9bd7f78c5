namespace Fairlead.Drivers.Builds;

/// <summary>
/// What a <c>.gitignore</c> says about the paths below its folder (gitignore(5)): the last line that matches decides, and
/// <c>!</c> takes back. What lies in an ignored folder is never asked for, so it cannot be taken back.
/// </summary>
/// <remarks>A sample: <c>*.log</c>, <c>!keep.log</c>, <c>/dist/</c>, <c>docs/**/tmp</c>, <c>\#odd</c>, <c>a[0-9]?.txt</c>.</remarks>
internal sealed class Gitignore
{
    private readonly IReadOnlyList<Rule> rules;

    private Gitignore(IReadOnlyList<Rule> rules) => this.rules = rules;

    public static Gitignore Parse(string text) =>
        new([
            .. text.TrimStart('\uFEFF')
                .Split('\n')
                .Select(line => Rule.Parse(line.TrimEnd('\r')))
                .OfType<Rule>()
                .Reverse(),
        ]);

    /// <param name="path">Its parts, from the ignore file's folder on.</param>
    /// <returns>Null when no line speaks of it.</returns>
    public bool? Ignores(ReadOnlySpan<string> path, bool isFolder)
    {
        foreach (var rule in rules)
        {
            if (rule.Matches(path, isFolder))
            {
                return !rule.IsNegated;
            }
        }
        return null;
    }

    /// <param name="Parts">The pattern between its slashes; <c>**</c> alone stands for any number of folders.</param>
    private sealed record Rule(IReadOnlyList<string> Parts, bool IsNegated, bool IsAnchored, bool FoldersOnly)
    {
        public static Rule? Parse(string line)
        {
            var pattern = TrimEnd(line);
            if (pattern.StartsWith('#'))
            {
                return null;
            }
            var isNegated = pattern.StartsWith('!');
            pattern = isNegated ? pattern[1..] : pattern;
            var foldersOnly = pattern.EndsWith('/');
            pattern = foldersOnly ? pattern[..^1] : pattern;
            var isAnchored = pattern.Contains('/');
            pattern = pattern.StartsWith('/') ? pattern[1..] : pattern;
            return pattern.Length == 0 ? null : new(pattern.Split('/'), isNegated, isAnchored, foldersOnly);
        }

        public bool Matches(ReadOnlySpan<string> path, bool isFolder) =>
            (isFolder || !FoldersOnly) && (IsAnchored ? MatchesAll(path) : Wildcard.Matches(Parts[0], path[^1]));

        // Greedy with one way back: after a later "**" an earlier one need not be tried again.
        private bool MatchesAll(ReadOnlySpan<string> path)
        {
            var (part, at, star, mark) = (0, 0, -1, 0);
            while (at < path.Length)
            {
                if (part < Parts.Count && Parts[part] == "**")
                {
                    // At the end it stands for what is inside a folder, so for one part at least.
                    if (part == Parts.Count - 1)
                    {
                        return true;
                    }
                    (star, mark) = (part, at);
                    part++;
                }
                else if (part < Parts.Count && Wildcard.Matches(Parts[part], path[at]))
                {
                    part++;
                    at++;
                }
                else if (star >= 0)
                {
                    part = star + 1;
                    at = ++mark;
                }
                else
                {
                    return false;
                }
            }
            return part == Parts.Count;
        }

        // Spaces at the end do not count, unless a backslash stands before them.
        private static string TrimEnd(string line)
        {
            var length = line.Length;
            while (length > 0 && line[length - 1] == ' ' && !IsEscaped(line, length - 1))
            {
                length--;
            }
            return line[..length];
        }

        private static bool IsEscaped(string line, int at)
        {
            var slashes = 0;
            while (at - slashes > 0 && line[at - slashes - 1] == '\\')
            {
                slashes++;
            }
            return slashes % 2 == 1;
        }
    }
}
