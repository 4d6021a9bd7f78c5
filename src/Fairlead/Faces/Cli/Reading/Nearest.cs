namespace Fairlead.Faces.Cli.Reading;

/// <summary>Finds what someone probably meant to type.</summary>
public static class Nearest
{
    private const int DistanceMax = 2;

    // Nobody mistypes a word of this length, and the table below would grow with it.
    private const int LengthMax = 64;

    /// <summary>The known word at most two slips away, or the only one that begins so; null when there is none.</summary>
    public static string? To(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > LengthMax)
        {
            return null;
        }
        var all = known.Where(one => one.Length <= LengthMax).ToArray();
        var near = all.Select(one => (Word: one, Slips: Slips(word, one)))
            .Where(one => one.Slips <= DistanceMax && one.Slips < one.Word.Length && one.Slips < word.Length)
            .OrderBy(one => one.Slips)
            .FirstOrDefault();
        var begun = all.Where(one => one.StartsWith(word, StringComparison.Ordinal)).ToArray() is [var only]
            ? only
            : null;
        return near.Slips == 1 ? near.Word : begun ?? near.Word;
    }

    /// <summary>Letters put in, left out, changed or swapped with their neighbour.</summary>
    private static int Slips(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var row = 0; row <= left.Length; row++)
        {
            for (var column = 0; column <= right.Length; column++)
            {
                table[row, column] =
                    row == 0 ? column
                    : column == 0 ? row
                    : Math.Min(
                        Math.Min(table[row - 1, column], table[row, column - 1]) + 1,
                        table[row - 1, column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
                    );
                var isSwap =
                    row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1];
                if (isSwap)
                {
                    table[row, column] = Math.Min(table[row, column], table[row - 2, column - 2] + 1);
                }
            }
        }
        return table[left.Length, right.Length];
    }
}
