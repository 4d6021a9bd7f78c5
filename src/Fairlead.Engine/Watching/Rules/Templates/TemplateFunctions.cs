using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Engine.Judging.PromQl.Evaluating;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Rules.Templates;

/// <summary>Functions that templates of rules know, those of Go and those of Prometheus.</summary>
internal sealed class TemplateFunctions(
    TemplateView view,
    IReadOnlyDictionary<string, IReadOnlyList<QueryElement>> answers
)
{
    public object? Call(string name, IReadOnlyList<object?> given) =>
        (name, given) switch
        {
            ("query", [string query]) => answers.TryGetValue(query, out var answer)
                ? answer
                : throw new UnknownQueryException(query),
            ("first", [IReadOnlyList<QueryElement> list]) => list.Count > 0
                ? list[0]
                : throw new TemplateException("first() called on vector with no elements"),
            ("label", [string label, QueryElement one]) => one.Labels[label],
            ("value", [QueryElement one]) => one.Value,
            ("strvalue", [QueryElement one]) => one.Labels["__value__"],
            ("sortByLabel", [string label, IReadOnlyList<QueryElement> list]) => (IReadOnlyList<QueryElement>)
                [.. list.OrderBy(one => one.Labels[label], Comparer<string>.Create(Ordering.Natural))],
            ("externalURL", []) => view.ExternalUrl,
            ("pathPrefix", []) => Uri.TryCreate(view.ExternalUrl, UriKind.Absolute, out var url)
                ? url.AbsolutePath.TrimEnd('/')
                : "",
            ("graphLink" or "tableLink", [string query]) =>
                $"/graph?g0.expr={Uri.EscapeDataString(query)}&g0.tab={(name == "graphLink" ? 0 : 1)}",
            ("and" or "or" or "not" or "eq" or "ne" or "lt" or "le" or "gt" or "ge", _) => Compared(name, given),
            ("len" or "index" or "print" or "println" or "printf", _) => General(name, given),
            _ => given.Count > 0 && Humane(name, given[^1]) is { } humane && given.Count == 1
                ? humane
                : Texts(name, given),
        };

    private static object? Compared(string name, IReadOnlyList<object?> given) =>
        name switch
        {
            "not" when given.Count == 1 => !TemplateScope.IsTrue(given[0]),
            "and" when given.Count > 0 => given.FirstOrDefault(static one => !TemplateScope.IsTrue(one), given[^1]),
            "or" when given.Count > 0 => given.FirstOrDefault(TemplateScope.IsTrue, given[^1]),
            "eq" when given.Count > 1 => given.Skip(1).Any(one => Order(given[0], one) == 0),
            "ne" when given.Count == 2 => Order(given[0], given[1]) != 0,
            "lt" when given.Count == 2 => Order(given[0], given[1]) < 0,
            "le" when given.Count == 2 => Order(given[0], given[1]) <= 0,
            "gt" when given.Count == 2 => Order(given[0], given[1]) > 0,
            "ge" when given.Count == 2 => Order(given[0], given[1]) >= 0,
            _ => throw Wrong(name, given),
        };

    private static int Order(object? left, object? right) =>
        (left, right) switch
        {
            (string first, string second) => string.CompareOrdinal(first, second),
            (bool first, bool second) => first.CompareTo(second),
            (double or long, double or long) when left.GetType() == right.GetType() => Comparer<object>.Default.Compare(
                left,
                right
            ),
            _ => throw new TemplateException("incompatible types for comparison"),
        };

    private static object? General(string name, IReadOnlyList<object?> given) =>
        (name, given) switch
        {
            ("len", [string text]) => (long)System.Text.Encoding.UTF8.GetByteCount(text),
            ("len", [Labels labels]) => (long)labels.Count,
            ("len", [IReadOnlyList<QueryElement> list]) => (long)list.Count,
            ("index", [Labels labels, string label]) => labels[label],
            ("index", [IReadOnlyList<QueryElement> list, long place]) => place >= 0 && place < list.Count
                ? list[(int)place]
                : throw new TemplateException($"index out of range: {place}"),
            ("print", _) => string.Concat(given.Select(TemplateText.Of)),
            ("println", _) => string.Join(' ', given.Select(TemplateText.Of)) + "\n",
            ("printf", [string format, ..]) => TemplateText.Print(format, [.. given.Skip(1)]),
            _ => throw Wrong(name, given),
        };

    private static string Texts(string name, IReadOnlyList<object?> given) =>
        (name, given) switch
        {
            ("toUpper", [string text]) => text.ToUpperInvariant(),
            ("toLower", [string text]) => text.ToLowerInvariant(),
            ("title", [string text]) => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(text),
            ("safeHtml", [string text]) => text,
            ("stripPort", [string text]) => text.LastIndexOf(':') is > 0 and var colon && !text.EndsWith(']')
                ? text[..colon]
                : text,
            ("stripDomain", [string text]) => text.IndexOf('.') is > 0 and var dot ? text[..dot] + Port(text) : text,
            ("match", [string pattern, string text]) => Pattern(pattern).IsMatch(text) ? "true" : "false",
            ("reReplaceAll", [string pattern, string replacement, string text]) => Pattern(pattern)
                .Replace(text, match => RegularExpression.Expand(replacement, match)),
            _ => throw Wrong(name, given),
        };

    private static string Port(string text) => text.LastIndexOf(':') is > 0 and var colon ? text[colon..] : "";

    private static Regex Pattern(string pattern)
    {
        try
        {
            return RegularExpression.Anywhere(pattern);
        }
        catch (FormatException caught)
        {
            throw new TemplateException(caught.Message);
        }
    }

    /// <summary>Numbers for people; null when it is no such function.</summary>
    private static string? Humane(string name, object? given) =>
        name switch
        {
            "humanize" => Humanize.Decimal(Number(given)),
            "humanize1024" => Humanize.Binary(Number(given)),
            "humanizeDuration" => Humanize.Duration(Number(given)),
            "humanizePercentage" => $"{TemplateText.General(Number(given) * 100, 4)}%",
            "humanizeTimestamp" => Humanize.Timestamp(Number(given)),
            "toTime" => Humanize.Timestamp(Number(given)),
            "parseDuration" when given is string text => TemplateText.Of(
                (Durations.Read(text) ?? throw new TemplateException($"not a valid duration string: \"{text}\""))
                    / 1000.0
            ),
            _ => null,
        };

    private static double Number(object? given) =>
        given switch
        {
            double number => number,
            long number => number,
            string text when Numbers.ReadReal(text) is { } number => number,
            _ => throw new TemplateException($"can't convert {TemplateText.Of(given)} to float64"),
        };

    private static TemplateException Wrong(string name, IReadOnlyList<object?> given) =>
        new($"function \"{name}\" is not defined for ({string.Join(", ", given.Select(TemplateText.Of))})");
}
