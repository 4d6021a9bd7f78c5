using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fairlead.Engine.Manifests.Detecting.Reading;

/// <summary>
/// A small YAML file as maps, lists and words, each with its line. Read event by event: no depth of nesting can exhaust the
/// stack, and an alias, which could stand for anything many times over, stands for nothing.
/// </summary>
internal sealed record Yaml(int Line)
{
    private const int LengthMax = 64 * 1024;
    private const int DepthMax = 16;

    public string? Word { get; private init; }

    public IReadOnlyList<(string Name, Yaml Value)> Members { get; private init; } = [];

    public IReadOnlyList<Yaml> Items { get; private init; } = [];

    public Yaml? this[string name] => Members.FirstOrDefault(member => member.Name == name).Value;

    public static Yaml? Read(Sight sight, string path)
    {
        var text = sight.Text(path);
        if (text.Length is 0 or > LengthMax)
        {
            return null;
        }
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            return parser.TryConsume<DocumentStart>(out _) ? Node(parser, DepthMax) : null;
        }
        catch (Exception broken)
            when (broken is YamlException or InvalidOperationException or EndOfStreamException or ArgumentException)
        {
            return null; // Half a file, or a template: for us there is none.
        }
    }

    private static Yaml Node(Parser parser, int depth)
    {
        var line = (int)Math.Min(int.MaxValue, parser.Current!.Start.Line);
        if (depth == 0)
        {
            parser.SkipThisAndNestedEvents();
            return new(line);
        }
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return new(line) { Word = scalar.Value };
        }
        if (parser.TryConsume<SequenceStart>(out _))
        {
            List<Yaml> items = [];
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Node(parser, depth - 1));
            }
            return new(line) { Items = items };
        }
        if (parser.TryConsume<MappingStart>(out _))
        {
            List<(string, Yaml)> members = [];
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                members.Add((Node(parser, depth - 1).Word ?? "", Node(parser, depth - 1)));
            }
            return new(line) { Members = members };
        }
        parser.MoveNext();
        return new(line);
    }
}
