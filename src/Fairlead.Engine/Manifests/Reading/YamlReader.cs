using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fairlead.Engine.Manifests.Reading;

/// <summary>
/// Reads the part of YAML that a manifest needs: one document of keys, lists and values. Anchors, aliases, tags and keys
/// that are not words are findings, so what is read is never larger or deeper than what is written.
/// </summary>
internal sealed class YamlReader(Scanner scanner, Findings findings, int nodesMax)
{
    /// <summary>What anchors stand for; null where they are findings.</summary>
    private Dictionary<string, (Node Node, int Size, int Depth)>? anchors;
    private const int LettersMax = 1 << 20;
    private const int DepthMax = 64;
    private const int NodesMax = 20_000;

    /// <summary>A path is for messages; past this it is not made longer, so that long keys over many values stay cheap.</summary>
    private const int PathLettersMax = 400;

    private readonly Parser parser = new(scanner);
    private int nodes;

    /// <summary>The file's tree; null when there is none, with the reason among the findings.</summary>
    public static Node? Read(string text, Findings findings, int nodesMax = NodesMax) =>
        Read(text, findings, (nodesMax, LettersMax), takesAnchors: false);

    /// <summary>
    /// A file of another program, which may have anchors, aliases and <c>&lt;&lt;</c>: what an alias stands for is counted as
    /// often as it is used. A list with a tag of its own is a group with that tag as its only key.
    /// </summary>
    public static Node? ReadForeign(
        string text,
        Findings findings,
        int nodesMax = NodesMax,
        int lettersMax = LettersMax
    ) => Read(text, findings, (nodesMax, lettersMax), takesAnchors: true);

    private static Node? Read(string text, Findings findings, (int Nodes, int Letters) max, bool takesAnchors)
    {
        if (text.Length > max.Letters)
        {
            findings.Add(new Spot(1, 1), "", "too-large", Words.TooLarge(text.Length, max.Letters));
            return null;
        }
        var scanner = new Scanner(new StringReader(text));
        try
        {
            return new YamlReader(scanner, findings, max.Nodes) { anchors = takesAnchors ? [] : null }.Document();
        }
        // YamlDotNet 18.1 throws the others for some broken texts: "{ a: b\n c: {} }", "a\n: " and "a: !!b]".
        catch (Exception broken)
            when (broken is YamlException or InvalidOperationException or EndOfStreamException or ArgumentException)
        {
            var mark = broken is YamlException { Start: var start } ? start : scanner.CurrentPosition;
            SyntaxFindings.Add(text, At(mark), broken, findings);
            return null;
        }
    }

    private Node? Document()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out var end))
        {
            findings.Add(At(end.Start), "", "empty", Words.Empty);
            return null;
        }
        parser.Consume<DocumentStart>();
        if (Value("", depth: 0) is not { } root)
        {
            return null;
        }
        parser.Consume<DocumentEnd>();
        if (!parser.Accept<StreamEnd>(out _))
        {
            findings.Add(At(parser.Current!.Start), "", "several-documents", Words.SeveralDocuments);
            return null;
        }
        return root;
    }

    /// <summary>The next value with all below it; null when it goes too deep to read on at all.</summary>
    private Node? Value(string path, int depth)
    {
        var start = parser.Consume<ParsingEvent>();
        var spot = At(start.Start);
        if (depth > DepthMax)
        {
            findings.Add(spot, path, "too-deep", Words.TooDeep(DepthMax));
            return null;
        }
        if (++nodes > nodesMax)
        {
            findings.Add(spot, path, "too-large", Words.TooMany(nodesMax));
            return null;
        }
        if (anchors is null)
        {
            CheckMarks(start, spot, path);
        }
        if (anchors is not null && start is AnchorAlias alias)
        {
            return Aliased(alias, spot, path, depth);
        }
        var before = nodes;
        Node? node = start switch
        {
            Scalar scalar => Text(scalar, spot, path),
            SequenceStart => Items(spot, path, depth),
            MappingStart => Entries(spot, path, depth),
            _ => new Node.Scalar(spot, path, "", IsPlain: true),
        };
        return anchors is null || node is null || start is not NodeEvent marked
            ? node
            : Marked(node, marked, nodes - before);
    }

    private Node Marked(Node node, NodeEvent marked, int size)
    {
        if (marked.Tag is { IsEmpty: false, Value: ['!', _, ..] and not ['!', '!', ..] and var tag })
        {
            node = new Node.Mapping(node.Spot, node.Path, [new(node.Spot, tag, node)]);
        }
        if (!marked.Anchor.IsEmpty)
        {
            anchors![marked.Anchor.Value] = (node, size, Depth(node));
        }
        return node;
    }

    private Node? Aliased(AnchorAlias alias, Spot spot, string path, int depth)
    {
        if (!anchors!.TryGetValue(alias.Value.Value, out var found))
        {
            findings.Add(spot, path, "alias", Words.UnknownAlias(path, alias.Value.Value));
            return new Node.Scalar(spot, path, "", IsPlain: true);
        }
        nodes += found.Size;
        if (nodes > nodesMax)
        {
            findings.Add(spot, path, "too-large", Words.TooMany(nodesMax));
            return null;
        }
        if (depth + found.Depth > DepthMax)
        {
            findings.Add(spot, path, "too-deep", Words.TooDeep(DepthMax));
            return null;
        }
        return found.Node;
    }

    private static int Depth(Node node) =>
        node switch
        {
            Node.Sequence list => 1 + list.Items.Select(Depth).DefaultIfEmpty().Max(),
            Node.Mapping group => 1 + group.Entries.Select(static one => Depth(one.Value)).DefaultIfEmpty().Max(),
            _ => 0,
        };

    /// <summary>What the group says itself holds; then what comes first.</summary>
    private static void Merge(OrderedDictionary<string, Node.Entry> entries)
    {
        if (!entries.Remove("<<", out var merged))
        {
            return;
        }
        foreach (var one in merged.Value is Node.Sequence several ? several.Items : [merged.Value])
        {
            foreach (var entry in (one as Node.Mapping)?.Entries ?? [])
            {
                entries.TryAdd(entry.Key, entry);
            }
        }
    }

    private Node.Scalar Text(Scalar scalar, Spot spot, string path)
    {
        if (scalar.Value.Contains('\0', StringComparison.Ordinal))
        {
            findings.Add(spot, path, "bad-value", Words.ZeroByte(path));
        }
        return new(spot, path, scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private Node.Sequence? Items(Spot spot, string path, int depth)
    {
        List<Node> items = [];
        while (!Ends<SequenceEnd>())
        {
            if (Value(Below(path, $"[{items.Count}]"), depth + 1) is not { } item)
            {
                return null;
            }
            items.Add(item);
        }
        return new(spot, path, items);
    }

    private Node.Mapping? Entries(Spot spot, string path, int depth)
    {
        var entries = new OrderedDictionary<string, Node.Entry>(StringComparer.Ordinal);
        while (!Ends<MappingEnd>())
        {
            if (Value(path, depth + 1) is not { } key)
            {
                return null;
            }
            var name = (key as Node.Scalar)?.Text;
            if (name is null)
            {
                findings.Add(key, "syntax", Words.KeyIsNoWord);
            }
            if (Value(Below(path, Shown.Line(name ?? "?")), depth + 1) is not { } value)
            {
                return null;
            }
            if (name is not null && !entries.TryAdd(name, new(key.Spot, name, value)))
            {
                findings.Add(key.Spot, value.Path, "duplicate-key", Words.Duplicate(value.Path, entries[name].Spot));
            }
        }
        if (anchors is not null)
        {
            Merge(entries);
        }
        return new(spot, path, [.. entries.Values]);
    }

    private bool Ends<T>()
        where T : ParsingEvent => parser.TryConsume<T>(out _);

    private void CheckMarks(ParsingEvent start, Spot spot, string path)
    {
        if (start is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
        {
            findings.Add(spot, path, "alias", Words.Alias(path));
        }
        if (start is NodeEvent { Tag.IsEmpty: false })
        {
            findings.Add(spot, path, "tag", Words.Tag(path));
        }
    }

    private static string Below(string path, string step) =>
        path.Length > PathLettersMax ? path
        : path.Length == 0 || step.StartsWith('[') ? path + step
        : $"{path}.{step}";

    internal static Spot At(Mark mark) => new(Math.Max(1, mark.Line), Math.Max(1, mark.Column));
}
