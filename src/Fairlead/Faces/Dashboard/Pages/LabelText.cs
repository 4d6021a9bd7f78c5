using System.Text;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>Labels of a series as the API writes them: <c>up{job="api",zone="a"}</c>.</summary>
public static class LabelText
{
    // What people say first.
    private static readonly string[] Order = ["__name__", "app", "environment", "service", "release"];

    /// <summary>By name; the metric's own name as <c>__name__</c>. What is of another shape has none.</summary>
    public static IReadOnlyDictionary<string, string> Read(string series)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var open = series.IndexOf('{', StringComparison.Ordinal);
        labels["__name__"] = open < 0 ? series : series[..open];
        for (var at = open + 1; open >= 0 && at < series.Length && series[at] != '}'; )
        {
            var equals = series.IndexOf("=\"", at, StringComparison.Ordinal);
            if (equals < 0)
            {
                break;
            }
            var (value, end) = Value(series, equals + 2);
            labels[series[at..equals].TrimStart(',', ' ')] = value;
            at = end + 1;
        }
        return labels;
    }

    /// <summary>Only what tells the series of one answer apart.</summary>
    public static IReadOnlyList<string> Telling(IReadOnlyList<string> all)
    {
        var read = all.Select(Read).ToList();
        var telling = read.SelectMany(static one => one.Keys)
            .Distinct()
            .OrderBy(static name => Array.IndexOf(Order, name) is >= 0 and var at ? at : Order.Length)
            .Where(name => read.Select(one => one.GetValueOrDefault(name)).Distinct().Skip(1).Any())
            .ToList();
        return
        [
            .. read.Select(
                (one, index) =>
                    telling.Count == 0
                        ? all[index] is { Length: > 0 } whole
                            ? whole
                            : "value"
                        : string.Join(' ', telling.Where(one.ContainsKey).Select(name => one[name]))
            ),
        ];
    }

    private static (string Value, int End) Value(string text, int from)
    {
        var value = new StringBuilder();
        var at = from;
        for (; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
                value.Append(text[at] == 'n' ? '\n' : text[at]);
                continue;
            }
            value.Append(text[at]);
        }
        return (value.ToString(), at);
    }
}
