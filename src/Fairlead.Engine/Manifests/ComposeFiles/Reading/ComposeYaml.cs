using Fairlead.Engine.Manifests.Reading;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fairlead.Engine.Manifests.ComposeFiles.Reading;

/// <summary>
/// Reads YAML as Compose files and those of Kubernetes use it, with anchors and <c>&lt;&lt;</c>. What an alias stands for is counted as often as it is used, so
/// a small file cannot become a large one.
/// </summary>
internal sealed class ComposeYaml
{
    private const int LettersMax = 1 << 20;
    private const int PiecesMax = 100_000;

    private readonly ComposeSource source;
    private readonly Interpolation? interpolation;
    private readonly Notes notes;
    private readonly Scanner scanner;
    private readonly Parser parser;
    private readonly Dictionary<string, Piece> anchors = new(StringComparer.Ordinal);
    private long pieces;

    private ComposeYaml(ComposeSource source, string text, Interpolation? interpolation, Notes notes)
    {
        (this.source, this.interpolation, this.notes) = (source, interpolation, notes);
        scanner = new Scanner(new StringReader(text));
        parser = new Parser(scanner);
    }

    /// <summary>The file's groups; null when there are none, with the reason among the faults.</summary>
    public static Piece.Group? Read(ComposeSource source, string text, Interpolation interpolation, Notes notes) =>
        Guarded(source, text, new ComposeYaml(source, text, interpolation, notes), static yaml => yaml.Document());

    /// <summary>The groups of all documents, as they stand; none when the text cannot be read, with the reason among the faults.</summary>
    public static IReadOnlyList<Piece.Group> ReadAll(ComposeSource source, string text, Notes notes) =>
        Guarded(source, text, new ComposeYaml(source, text, null, notes), static yaml => yaml.Documents()) ?? [];

    private static T? Guarded<T>(ComposeSource source, string text, ComposeYaml yaml, Func<ComposeYaml, T?> read)
        where T : class
    {
        var first = new Place(source, 1, 1);
        if (text.Length > LettersMax)
        {
            yaml.notes.Fault(
                first,
                Faults.TooLarge($"It has {text.Length} characters; {LettersMax} are read at most.")
            );
            return null;
        }
        try
        {
            return read(yaml);
        }
        // YamlDotNet 18.1 throws the others for some broken texts.
        catch (Exception broken)
            when (broken is YamlException or InvalidOperationException or EndOfStreamException or ArgumentException)
        {
            var mark = broken is YamlException { Start: var start } ? start : yaml.scanner.CurrentPosition;
            var why =
                broken is YamlException
                    ? Shown.Sentence(broken.Message)
                    : "What stands here is neither a key nor a value.";
            if (TabbedLine(text) is { } tabbed)
            {
                yaml.notes.Fault(
                    new Place(source, tabbed, 1),
                    Faults.Syntax("The line is indented with a tab, which YAML does not allow.")
                );
            }
            else
            {
                yaml.notes.Fault(yaml.At(mark), Faults.Syntax(why));
            }
            return null;
        }
    }

    /// <summary>Tabs are the usual cause, and the reader of YAML seldom says so.</summary>
    private static int? TabbedLine(string text)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var begun = line.TrimStart(" \t");
            if (begun.Length > 0 && line[..^begun.Length].Contains('\t'))
            {
                return number;
            }
        }
        return null;
    }

    private Piece.Group? Document()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            notes.Fault(new Place(source, 1, 1), Faults.NoServices(source.Name));
            return null;
        }
        parser.Consume<DocumentStart>();
        var root = Value();
        if (root is null)
        {
            return null;
        }
        parser.Consume<DocumentEnd>();
        if (!parser.Accept<StreamEnd>(out _))
        {
            notes.Fault(At(parser.Current!.Start), Faults.BadValue("---", "one document"));
            return null;
        }
        if (root is Piece.Group group)
        {
            return group;
        }
        notes.Fault(root.Place, Faults.BadValue(source.Name, "keys such as services"));
        return null;
    }

    private List<Piece.Group> Documents()
    {
        List<Piece.Group> groups = [];
        parser.Consume<StreamStart>();
        while (!parser.Accept<StreamEnd>(out _))
        {
            parser.Consume<DocumentStart>();
            anchors.Clear();
            if (Value() is not { } root)
            {
                return groups;
            }
            parser.Consume<DocumentEnd>();
            if (root is Piece.Group group)
            {
                groups.Add(group);
            }
            else if (root is not Piece.Word { IsNothing: true })
            {
                notes.Fault(root.Place, Faults.BadValue(source.Name, "keys such as apiVersion and kind"));
            }
        }
        return groups;
    }

    /// <summary>The next value with all below it; null when no more can be read.</summary>
    private Piece? Value(int depth = 0)
    {
        var start = parser.Consume<ParsingEvent>();
        var place = At(start.Start);
        if (depth > Piece.DepthMax)
        {
            notes.Fault(place, Faults.TooLarge($"Values are nested in more than {Piece.DepthMax} levels."));
            return null;
        }
        var piece = start switch
        {
            AnchorAlias alias => Alias(alias, place),
            Scalar scalar => Word(scalar, place),
            SequenceStart => Row(place, depth),
            MappingStart => Group(place, depth),
            _ => new Piece.Word(place, "", IsPlain: true),
        };
        if (piece is null)
        {
            return null;
        }
        pieces += piece is Piece.Word || start is AnchorAlias ? piece.Size : 1;
        if (pieces > PiecesMax || piece.Depth > Piece.DepthMax)
        {
            notes.Fault(
                place,
                Faults.TooLarge(
                    pieces > PiecesMax
                        ? $"With all anchors written out it holds more than {PiecesMax} values."
                        : $"With all anchors written out, values are nested in more than {Piece.DepthMax} levels."
                )
            );
            return null;
        }
        return start is NodeEvent node ? Marked(piece, node, place) : piece;
    }

    private Piece Marked(Piece piece, NodeEvent node, Place place)
    {
        if (!node.Tag.IsEmpty)
        {
            var tag = node.Tag.Value;
            piece = tag switch
            {
                "!reset" => piece with { Mark = Mark.Reset },
                "!override" => piece with { Mark = Mark.Override },
                _ => piece,
            };
            if (piece.Mark == Mark.None && !tag.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal))
            {
                notes.Fault(place, Faults.Tag(tag));
            }
        }
        if (!node.Anchor.IsEmpty)
        {
            anchors[node.Anchor.Value] = piece;
        }
        return piece;
    }

    private Piece? Alias(AnchorAlias alias, Place place)
    {
        if (anchors.TryGetValue(alias.Value.Value, out var piece))
        {
            return piece;
        }
        notes.Fault(place, Faults.Alias(alias.Value.Value));
        return new Piece.Word(place, "", IsPlain: true);
    }

    private Piece.Word Word(Scalar scalar, Place place)
    {
        if (scalar.Value.Contains('\0', StringComparison.Ordinal))
        {
            notes.Fault(place, Faults.BadValue("A value", "no zero byte"));
        }
        if (interpolation is null)
        {
            return new(place, scalar.Value, scalar.Style == ScalarStyle.Plain);
        }
        var (text, used, fault) = interpolation.Fill(scalar.Value);
        if (fault is not null)
        {
            notes.Fault(place, fault);
        }
        return new(place, text, scalar.Style == ScalarStyle.Plain) { Variables = used };
    }

    private Piece.Row? Row(Place place, int depth)
    {
        List<Piece> items = [];
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (Value(depth + 1) is not { } item)
            {
                return null;
            }
            items.Add(item);
        }
        return new(place, items);
    }

    private Piece.Group? Group(Place place, int depth)
    {
        var own = new OrderedDictionary<string, Piece.Entry>(StringComparer.Ordinal);
        List<Piece> merged = [];
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var isKey = parser.Current is Scalar { Style: ScalarStyle.Plain };
            if (Key() is not var (key, keyPlace) || Value(depth + 1) is not { } value)
            {
                return null;
            }
            if (isKey && key == "<<")
            {
                merged.Add(value);
            }
            else if (!own.TryAdd(key, new(keyPlace, key, value)))
            {
                notes.Fault(keyPlace, Faults.Twice(key, own[key].Place));
            }
        }
        // What the group says itself holds, then what comes first.
        foreach (var one in merged.SelectMany(static value => value is Piece.Row row ? row.Items : [value]))
        {
            if (one is not Piece.Group group)
            {
                notes.Fault(one.Place, Faults.BadValue("<<", "a group of keys, or a list of them"));
                continue;
            }
            foreach (var entry in group.Entries)
            {
                own.TryAdd(entry.Key, entry);
            }
        }
        return new(place, [.. own.Values]);
    }

    private (string Key, Place Place)? Key()
    {
        var start = parser.Consume<ParsingEvent>();
        var place = At(start.Start);
        switch (start)
        {
            case Scalar scalar:
                if (!scalar.Anchor.IsEmpty)
                {
                    anchors[scalar.Anchor.Value] = new Piece.Word(place, scalar.Value, IsPlain: false);
                }
                return (scalar.Value, place);
            case AnchorAlias alias when Alias(alias, place) is Piece.Word word:
                return (word.Text, place);
            default:
                notes.Fault(place, Faults.BadValue("A key", "a word"));
                return null;
        }
    }

    private Place At(YamlDotNet.Core.Mark mark) => new(source, Math.Max(1, mark.Line), Math.Max(1, mark.Column));
}
