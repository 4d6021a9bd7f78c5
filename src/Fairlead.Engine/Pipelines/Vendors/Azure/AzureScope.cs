using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>What is known at one place before a run begins.</summary>
/// <param name="Folder">Of the file, from that of the main one; with / before it from the repository's.</param>
/// <param name="File">Null for the main one.</param>
/// <param name="Values">By names such as <c>parameters.x</c>.</param>
/// <param name="Depth">Templates that it is within.</param>
internal sealed partial record AzureScope(
    string Folder,
    string? File,
    IReadOnlyDictionary<string, Node> Values,
    int Depth
)
{
    /// <summary>What a template knows of who uses it.</summary>
    public IReadOnlyDictionary<string, Node> Outer =>
        Values
            .Where(static one => one.Key.StartsWith("variables.", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(static one => one.Key, static one => one.Value, StringComparer.OrdinalIgnoreCase);

    public AzureScope With(string name, Node value) =>
        this with
        {
            Values = new Dictionary<string, Node>(Values, StringComparer.OrdinalIgnoreCase) { [name] = value },
        };

    /// <summary>A text with what is known filled in.</summary>
    public string Fill(string text) =>
        !text.Contains("${{", StringComparison.Ordinal)
            ? text
            : Uses().Replace(text, found => TextOf(Value(found.Groups["of"].Value)) ?? found.Value);

    /// <summary>What an expression comes to; null when that is not known.</summary>
    public Node? Value(string expression) => AzureExpression.Parse(expression.Trim()) is { } read ? Value(read) : null;

    public bool? Holds(string expression) =>
        Value(expression) switch
        {
            null => null,
            Node.Scalar { Text: var text } => text.Length > 0 && text != "0" && !Is(text, "false"),
            _ => true,
        };

    /// <summary>A file's path from the main one's folder, or from the repository's when it begins with /.</summary>
    public static string Path(string folder, string name)
    {
        var whole = name.StartsWith('/') || folder.Length == 0 ? name : $"{folder}/{name}";
        List<string> steps = [];
        foreach (var step in whole.Split('/', '\\').Where(static one => one is not ("" or ".")))
        {
            if (step == ".." && steps is [.., not ".."])
            {
                steps.RemoveAt(steps.Count - 1);
            }
            else
            {
                steps.Add(step);
            }
        }
        return (whole.StartsWith('/') ? "/" : "") + string.Join('/', steps);
    }

    public static string FolderOf(string path) =>
        path.LastIndexOf('/') is var at and >= 0 ? path[..Math.Max(at, 1)] : "";

    private Node? Value(AzureExpression expression) =>
        expression switch
        {
            AzureExpression.Literal literal => Text(literal.Text),
            AzureExpression.Path path => Found(path.Names),
            AzureExpression.Call call => Called(call),
            _ => null,
        };

    private Node? Found(IReadOnlyList<string> names)
    {
        for (var many = Math.Min(names.Count, 4); many > 0; many--)
        {
            if (!Values.TryGetValue(string.Join('.', names.Take(many)), out var node))
            {
                continue;
            }
            foreach (var name in names.Skip(many))
            {
                if (Foreign.Find(node, name) is not { } inner)
                {
                    return null;
                }
                node = inner;
            }
            return node;
        }
        return null;
    }

    private Node.Scalar? Called(AzureExpression.Call call)
    {
        if (call.Function is "and" or "or")
        {
            return Joined(call.Given, isAnd: call.Function == "and");
        }
        var given = call.Given.Select(Value).ToList();
        var texts = given.Select(TextOf).ToList();
        if (given.Contains(null))
        {
            return null;
        }
        if (call.Function is "containsvalue" && given is [Node.Sequence list, Node.Scalar { Text: var sought }])
        {
            return Text(Foreign.Texts(list).Any(one => Is(one, sought)));
        }
        return (call.Function, texts) switch
        {
            (_, var all) when all.Contains(null) => null,
            ("eq", [{ } left, { } right]) => Text(Is(left, right)),
            ("ne", [{ } left, { } right]) => Text(!Is(left, right)),
            ("not", [{ } of]) => Text(of.Length == 0 || Is(of, "false")),
            ("in", [{ } of, .. var rest]) => Text(rest.Exists(one => Is(one!, of))),
            ("notin", [{ } of, .. var rest]) => Text(!rest.Exists(one => Is(one!, of))),
            ("startswith", [{ } of, { } with]) => Text(of.StartsWith(with, StringComparison.OrdinalIgnoreCase)),
            ("endswith", [{ } of, { } with]) => Text(of.EndsWith(with, StringComparison.OrdinalIgnoreCase)),
            ("contains", [{ } of, { } with]) => Text(of.Contains(with, StringComparison.OrdinalIgnoreCase)),
            ("coalesce", var all) => Text(all.Find(static one => one!.Length > 0) ?? ""),
            ("format", [{ } form, .. var rest]) => Text(Formed(form, rest)),
            ("lower", [{ } of]) => Text(of.ToLowerInvariant()),
            ("upper", [{ } of]) => Text(of.ToUpperInvariant()),
            ("replace", [{ } of, { Length: > 0 } what, { } with]) => Text(
                of.Replace(what, with, StringComparison.Ordinal)
            ),
            _ => null,
        };
    }

    private static string Formed(string form, List<string?> values)
    {
        for (var at = 0; at < values.Count && form.Length < 10_000; at++)
        {
            form = form.Replace($"{{{at}}}", values[at], StringComparison.Ordinal);
        }
        return form;
    }

    private Node.Scalar? Joined(IReadOnlyList<AzureExpression> parts, bool isAnd)
    {
        var isKnown = true;
        foreach (var part in parts)
        {
            var holds = Value(part) switch
            {
                null => (bool?)null,
                Node.Scalar { Text: var text } => text.Length > 0 && !Is(text, "false"),
                _ => true,
            };
            if (holds == !isAnd)
            {
                return Text(!isAnd);
            }
            isKnown &= holds is not null;
        }
        return isKnown ? Text(isAnd) : null;
    }

    private static string? TextOf(Node? node) =>
        node is Node.Scalar scalar ? (scalar.IsNothing ? "" : scalar.Text) : null;

    private static Node.Scalar Text(bool yes) => Text(yes ? "true" : "false");

    // In quotes, so that an empty text is one too.
    private static Node.Scalar Text(string text) => new(new(0, 0), "", text, IsPlain: false);

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"\$\{\{(?<of>((?!\}\}).)*)\}\}",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Uses();
}
