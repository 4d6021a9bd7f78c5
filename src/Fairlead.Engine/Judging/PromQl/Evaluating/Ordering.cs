namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>The order of an instant answer.</summary>
internal static class Ordering
{
    /// <summary>By the first number; NaN comes last either way.</summary>
    public static IReadOnlyList<Row> ByValue(IReadOnlyList<Row> rows, bool isDescending)
    {
        var byValue = rows.OrderBy(row => double.IsNaN(row.Values[0]));
        return
        [
            .. isDescending ? byValue.ThenByDescending(row => row.Values[0]) : byValue.ThenBy(row => row.Values[0]),
        ];
    }

    /// <summary>By labels in turn, numbers in them by their size; by all labels where those are the same.</summary>
    public static IReadOnlyList<Row> ByLabels(IReadOnlyList<Row> rows, IReadOnlyList<string> labels, bool isDescending)
    {
        var sign = isDescending ? -1 : 1;
        return
        [
            .. rows.Order(
                Comparer<Row>.Create(
                    (left, right) =>
                        sign
                        * (
                            labels
                                .Select(one => Natural(left.Labels[one], right.Labels[one]))
                                .FirstOrDefault(static order => order != 0)
                                is not 0
                                    and var order
                                ? order
                                : OfLabels(left.Labels, right.Labels)
                        )
                )
            ),
        ];
    }

    /// <summary>Label by label, name before value; fewer labels first.</summary>
    public static int OfLabels(Model.Telemetry.Labels left, Model.Telemetry.Labels right)
    {
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            var order = string.CompareOrdinal(left[i].Name, right[i].Name);
            order = order != 0 ? order : string.CompareOrdinal(left[i].Value, right[i].Value);
            if (order != 0)
            {
                return order;
            }
        }
        return left.Count - right.Count;
    }

    /// <summary>"node2" comes before "node10".</summary>
    public static int Natural(string left, string right)
    {
        var (i, j) = (0, 0);
        while (i < left.Length && j < right.Length)
        {
            var (first, second) = (Chunk(left, i), Chunk(right, j));
            var order =
                char.IsAsciiDigit(first[0]) && char.IsAsciiDigit(second[0])
                    ? Numbers(first, second)
                    : string.CompareOrdinal(first, second);
            if (order != 0)
            {
                return order;
            }
            i += first.Length;
            j += second.Length;
        }
        return (left.Length - i).CompareTo(right.Length - j) is not 0 and var rest
            ? rest
            : string.CompareOrdinal(left, right);
    }

    private static int Numbers(string left, string right)
    {
        var (first, second) = (left.TrimStart('0'), right.TrimStart('0'));
        return first.Length != second.Length ? first.Length - second.Length : string.CompareOrdinal(first, second);
    }

    private static string Chunk(string text, int at)
    {
        var isDigits = char.IsAsciiDigit(text[at]);
        var end = at;
        while (end < text.Length && char.IsAsciiDigit(text[end]) == isDigits)
        {
            end++;
        }
        return text[at..end];
    }
}
