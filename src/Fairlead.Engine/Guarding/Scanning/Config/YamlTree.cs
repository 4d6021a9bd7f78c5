using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fairlead.Engine.Guarding.Scanning.Config;

/// <summary>
/// YAML that others wrote, as maps, lists and words, each with its line. An alias stands for nothing, so no file can grow while it is
/// read.
/// </summary>
internal sealed record YamlTree(int Line)
{
    private const int LettersMax = 1 << 20;
    private const int DepthMax = 64;
    private const int NodesMax = 50_000;

    public string? Word { get; private init; }

    public IReadOnlyList<(string Name, YamlTree Value)> Members { get; private init; } = [];

    public IReadOnlyList<YamlTree> Items { get; private init; } = [];

    public YamlTree? this[string name] => Members.FirstOrDefault(member => member.Name == name).Value;

    public bool Is(string word) => string.Equals(Word, word, StringComparison.OrdinalIgnoreCase);

    public YamlTree? At(params ReadOnlySpan<string> names)
    {
        var at = this;
        foreach (var name in names)
        {
            if (at?[name] is not { } next)
            {
                return null;
            }
            at = next;
        }
        return at;
    }

    /// <summary>All documents of a file; null when it cannot be read.</summary>
    public static IReadOnlyList<YamlTree>? Read(string text)
    {
        if (text.Length > LettersMax)
        {
            return null;
        }
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            var documents = new List<YamlTree>();
            var left = NodesMax;
            while (parser.TryConsume<DocumentStart>(out _))
            {
                documents.Add(Node(parser, 0, ref left));
                parser.Consume<DocumentEnd>();
            }
            return documents;
        }
        // YamlDotNet 18.1 throws the others for some broken texts.
        catch (Exception broken)
            when (broken is YamlException or InvalidOperationException or EndOfStreamException or ArgumentException)
        {
            return null;
        }
    }

    private static YamlTree Node(Parser parser, int depth, ref int left)
    {
        if (depth > DepthMax || --left < 0)
        {
            throw new InvalidOperationException("It is too deep or too large.");
        }
        var start = parser.Consume<ParsingEvent>();
        var line = (int)start.Start.Line;
        switch (start)
        {
            case Scalar scalar:
                return new(line) { Word = scalar.Value };
            case SequenceStart:
                List<YamlTree> items = [];
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    items.Add(Node(parser, depth + 1, ref left));
                }
                return new(line) { Items = items };
            case MappingStart:
                List<(string, YamlTree)> members = [];
                while (!parser.TryConsume<MappingEnd>(out _))
                {
                    var key = Node(parser, depth + 1, ref left);
                    var value = Node(parser, depth + 1, ref left);
                    // What is said of a key is where the key stands.
                    members.Add((key.Word ?? "", value with { Line = key.Line }));
                }
                return new(line) { Members = members };
            default:
                return new(line);
        }
    }
}
