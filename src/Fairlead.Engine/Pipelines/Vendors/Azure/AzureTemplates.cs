using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>
/// Puts local templates where they are used, and fills in what is known before a run begins: parameters, and variables that are
/// written down. What is not known by then stays as it stands, <c>${{ }}</c> and all.
/// </summary>
internal sealed partial class AzureTemplates(Func<string, string?> other, string file, TranslationNotes notes)
{
    private const int FilesMax = 100;
    private const int DepthMax = 20;
    private const int NodesMax = 100_000;

    private static readonly string[] Lists = ["stages", "jobs", "steps", "variables"];

    private int files;
    private int nodes;

    /// <exception cref="Fairlead.Model.Problems.ProblemException">A template is broken, or all of them are too much.</exception>
    public Node.Mapping Whole(Node.Mapping root)
    {
        var scope = new AzureScope("", File: null, Parameters(root, given: null, isMain: true), 0);
        scope = scope with { Values = With(scope.Values, Variables(root.Find("variables"))) };
        var whole = (Node.Mapping)Expanded(root, scope);
        if (whole.Find("extends") is not Node.Mapping extends || Load(extends, scope) is not { } under)
        {
            return whole;
        }
        return whole with
        {
            Entries =
            [
                .. whole.Entries.Where(static one => one.Key is not "extends"),
                .. under.Entries.Where(one => one.Key is not "parameters" && whole.Find(one.Key) is null),
            ],
        };
    }

    private Node Expanded(Node node, AzureScope scope)
    {
        Count(node, 1);
        return node switch
        {
            Node.Scalar scalar => Filled(scalar, scope),
            Node.Sequence list => list with { Spot = At(list, scope), Items = Items(list.Items, scope) },
            Node.Mapping group => group with { Spot = At(group, scope), Entries = Entries(group.Entries, scope) },
            _ => node,
        };
    }

    private List<Node> Items(IReadOnlyList<Node> items, AzureScope scope)
    {
        List<Node> all = [];
        var branch = new AzureBranch();
        foreach (var item in items)
        {
            if (item is Node.Mapping { Entries: [{ Key: var key, Value: var value }] } && Directive(key) is { } said)
            {
                foreach (var (inner, isKept) in Chosen(said, value, scope, branch))
                {
                    all.AddRange(
                        isKept ? [item]
                        : value is Node.Sequence list ? Items(list.Items, inner)
                        : [Expanded(value, inner)]
                    );
                }
                continue;
            }
            branch.End();
            if (item is Node.Mapping use && use.Find("template") is not null)
            {
                all.AddRange(Template(use, scope));
                continue;
            }
            var one = Expanded(item, scope);
            // A list in the place of an item is that many items.
            all.AddRange(one is Node.Sequence several && item is Node.Scalar ? several.Items : [one]);
        }
        return all;
    }

    private List<Node.Entry> Entries(IReadOnlyList<Node.Entry> entries, AzureScope scope)
    {
        List<Node.Entry> all = [];
        var branch = new AzureBranch();
        foreach (var entry in entries)
        {
            if (Directive(entry.Key) is not { } said)
            {
                branch.End();
                all.Add(entry with { Key = Filled(entry.Key, scope), Value = Expanded(entry.Value, scope) });
                continue;
            }
            foreach (var (inner, isKept) in Chosen(said, entry.Value, scope, branch))
            {
                all.AddRange(
                    isKept ? [entry]
                    : Expanded(entry.Value, inner) is Node.Mapping group ? group.Entries
                    : []
                );
            }
        }
        // The last of two that are called alike holds, as it does there.
        return [.. all.GroupBy(static one => one.Key, StringComparer.Ordinal).Select(static one => one.Last())];
    }

    /// <summary>The scopes in which what stands under a directive is taken; or that it stays as it stands.</summary>
    private List<(AzureScope Scope, bool IsKept)> Chosen(
        (string Word, string After) said,
        Node value,
        AzureScope scope,
        AzureBranch branch
    )
    {
        Count(value, 1);
        if (said.Word == "insert")
        {
            branch.End();
            return [(scope, false)];
        }
        if (said.Word != "each")
        {
            return branch.Takes(said.Word, said.Word == "else" ? null : scope.Holds(said.After)) switch
            {
                true => [(scope, false)],
                false => [],
                null => [(scope, true)],
            };
        }
        branch.End();
        var parts = said.After.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts is not [var name, "in", var of] || scope.Value(of) is not { } all)
        {
            return [(scope, true)];
        }
        IEnumerable<Node> items = all switch
        {
            Node.Sequence list => list.Items,
            Node.Mapping group => group.Entries.Select(static one => Pair(one)),
            _ => [],
        };
        return [.. items.Select(one => (scope.With(name, one), false))];
    }

    private static Node.Mapping Pair(Node.Entry entry) =>
        new(
            entry.Spot,
            entry.Key,
            [
                new(entry.Spot, "key", new Node.Scalar(entry.Spot, entry.Key, entry.Key, IsPlain: false)),
                new(entry.Spot, "value", entry.Value),
            ]
        );

    private IEnumerable<Node> Template(Node.Mapping use, AzureScope scope)
    {
        if (Load(use, scope) is not { } template)
        {
            return [Expanded(use, scope)];
        }
        return Lists.Select(template.Find).FirstOrDefault(static one => one is not null) switch
        {
            Node.Sequence list => list.Items,
            Node.Mapping variables => variables.Entries.Select(static one =>
                (Node)
                    new Node.Mapping(
                        one.Spot,
                        one.Key,
                        [
                            new(one.Spot, "name", new Node.Scalar(one.Spot, one.Key, one.Key, IsPlain: false)),
                            new(one.Spot, "value", one.Value),
                        ]
                    )
            ),
            _ => [],
        };
    }

    /// <summary>A template with its parameters filled in; null when it is not of this repository, or not there.</summary>
    private Node.Mapping? Load(Node.Mapping use, AzureScope scope)
    {
        var at = use.Find("template")!;
        var said = Foreign.Text(at) ?? "";
        var name = said.EndsWith("@self", StringComparison.Ordinal) ? said[..^5] : said;
        name = scope.Fill(name);
        if (name.Contains('@', StringComparison.Ordinal) || name.Contains("${{", StringComparison.Ordinal))
        {
            notes.LeftOut(
                Spotted(at, scope),
                $"The template {Shown.Line(said)}",
                "It is in another repository, or its name is worked out: what it does is not known here."
            );
            return null;
        }
        var path = AzureScope.Path(scope.Folder, name);
        if (++files > FilesMax || scope.Depth == DepthMax)
        {
            TooMuch(at, $"{FilesMax} templates, and {DepthMax} within each other");
        }
        if (other(path) is not { } text)
        {
            notes.LeftOut(
                Spotted(at, scope),
                $"The template {Shown.Line(said)}",
                "There is no such file beside this one: what it does is not known here."
            );
            return null;
        }
        var findings = new Findings(path);
        var root = YamlReader.ReadForeign(text, findings, NodesMax);
        findings.ThrowIfAny();
        if (root is not Node.Mapping group)
        {
            return null;
        }
        notes.Mapped(Spotted(at, scope), $"The template {Shown.Line(said)}", "It is put here.");
        var given = use.Find("parameters") is { } passed ? Expanded(passed, scope) : null;
        var inner = new AzureScope(
            AzureScope.FolderOf(path),
            path,
            With(scope.Outer, Parameters(group, given, isMain: false)),
            scope.Depth + 1
        );
        return (Node.Mapping)Expanded(group, inner);
    }

    /// <summary>Parameters by their names: what was given, or else what the template says.</summary>
    private Dictionary<string, Node> Parameters(Node.Mapping root, Node? given, bool isMain)
    {
        var values = new Dictionary<string, Node>(StringComparer.OrdinalIgnoreCase);
        var declared = root.Find("parameters");
        foreach (var entry in Foreign.Entries(declared))
        {
            values[$"parameters.{entry.Key}"] = entry.Value;
        }
        foreach (var one in Foreign.Items(declared))
        {
            if (Foreign.Text(Foreign.Find(one, "name")) is { } name && Foreign.Find(one, "default") is { } usual)
            {
                values[$"parameters.{name}"] = usual;
                if (isMain)
                {
                    notes.Approximated(
                        one,
                        $"The parameter '{Shown.Line(name)}' is asked for when somebody begins it.",
                        "Nobody is asked here: it is what it is without an answer."
                    );
                }
            }
        }
        foreach (var entry in Foreign.Entries(given))
        {
            values[$"parameters.{entry.Key}"] = entry.Value;
        }
        return values;
    }

    /// <summary>Variables that are written down, which are known before a run begins.</summary>
    private static Dictionary<string, Node> Variables(Node? node)
    {
        var values = new Dictionary<string, Node>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in Foreign.Entries(node))
        {
            values[$"variables.{entry.Key}"] = entry.Value;
        }
        foreach (var one in Foreign.Items(node))
        {
            if (Foreign.Text(Foreign.Find(one, "name")) is { } name && Foreign.Find(one, "value") is { } value)
            {
                values[$"variables.{name}"] = value;
            }
        }
        foreach (var (name, value) in values.ToList())
        {
            if (Foreign.Text(value) is not { } text || text.Contains('$', StringComparison.Ordinal))
            {
                values.Remove(name);
            }
        }
        return values;
    }

    private static Dictionary<string, Node> With(
        IReadOnlyDictionary<string, Node> values,
        IReadOnlyDictionary<string, Node> more
    )
    {
        var all = new Dictionary<string, Node>(values, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }
        return all;
    }

    private Node Filled(Node.Scalar scalar, AzureScope scope)
    {
        if (!scalar.Text.Contains("${{", StringComparison.Ordinal))
        {
            return scalar with { Spot = At(scalar, scope) };
        }
        if (Alone().Match(scalar.Text) is { Success: true } alone && scope.Value(alone.Groups["of"].Value) is { } value)
        {
            Count(value, Size(value));
            return value;
        }
        return scalar with { Spot = At(scalar, scope), Text = Filled(scalar.Text, scope) };
    }

    private string Filled(string text, AzureScope scope)
    {
        var filled = scope.Fill(text);
        nodes += filled.Length / 100;
        return filled;
    }

    private static int Size(Node node) =>
        1
        + node switch
        {
            Node.Sequence list => list.Items.Sum(Size),
            Node.Mapping group => group.Entries.Sum(static one => Size(one.Value)),
            _ => 0,
        };

    private void Count(Node node, int many)
    {
        nodes += many;
        if (nodes > NodesMax)
        {
            TooMuch(node, $"{NodesMax} parts");
        }
    }

    private void TooMuch(Node node, string most)
    {
        var findings = new Findings(node.Spot.File ?? file);
        findings.Add(
            node.Spot,
            "",
            "too-large",
            (
                "The templates come to too much.",
                $"At most {most} are read.",
                "Import what one of them does as a file of its own."
            )
        );
        findings.ThrowIfAny();
    }

    private static Spot At(Node node, AzureScope scope) =>
        node.Spot.File is null ? node.Spot with { File = scope.File } : node.Spot;

    private static Node Spotted(Node node, AzureScope scope) => node with { Spot = At(node, scope) };

    private static (string Word, string After)? Directive(string key) =>
        Directives().Match(key) is { Success: true } found
            ? (found.Groups["word"].Value, found.Groups["rest"].Value.Trim())
            : null;

    [GeneratedRegex(
        @"^\$\{\{\s*(?<word>if|elseif|else|each|insert)\b(?<rest>.*)\}\}$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Directives();

    [GeneratedRegex(
        @"^\$\{\{(?<of>((?!\}\}).)*)\}\}$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Alone();
}
