namespace Fairlead.Engine.Manifests;

/// <summary>Finds what somebody who mistyped a word probably meant.</summary>
public static class Nearest
{
    private const int LettersMax = 64;

    /// <summary>The candidate at most two slips away (and fewer for short words); null when none is that near.</summary>
    public static string? To(string word, IEnumerable<string> candidates) =>
        word.Length > LettersMax
            ? null
            : candidates
                .Where(candidate => candidate.Length <= LettersMax)
                .Select(candidate => (candidate, slips: Slips(word, candidate)))
                .Where(one => one.slips <= Math.Min(2, Math.Max(1, one.candidate.Length / 3)))
                .OrderBy(one => one.slips)
                .Select(one => one.candidate)
                .FirstOrDefault();

    /// <summary>Letters left out, added, changed or swapped with their neighbour (optimal string alignment), whatever their case.</summary>
    private static int Slips(string word, string candidate)
    {
        var table = new int[word.Length + 1, candidate.Length + 1];
        for (var i = 0; i <= word.Length; i++)
        {
            for (var j = 0; j <= candidate.Length; j++)
            {
                table[i, j] = i == 0 || j == 0 ? i + j : Least(table, (i, j), word, candidate);
            }
        }
        return table[word.Length, candidate.Length];
    }

    private static int Least(int[,] table, (int Word, int Candidate) at, string word, string candidate)
    {
        var (i, j) = at;
        var changed = Same(word[i - 1], candidate[j - 1]) ? 0 : 1;
        var least = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + changed);
        var isSwap = i > 1 && j > 1 && Same(word[i - 1], candidate[j - 2]) && Same(word[i - 2], candidate[j - 1]);
        return isSwap ? Math.Min(least, table[i - 2, j - 2] + 1) : least;
    }

    private static bool Same(char one, char other) => char.ToLowerInvariant(one) == char.ToLowerInvariant(other);
}
