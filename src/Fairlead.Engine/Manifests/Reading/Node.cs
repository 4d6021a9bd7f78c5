namespace Fairlead.Engine.Manifests.Reading;

/// <summary>A place in a text, both counted from 1.</summary>
internal sealed record Spot(long Line, long Column)
{
    /// <summary>Null for the file that was asked for; else one that it includes.</summary>
    public string? File { get; init; }
}

/// <summary>A value of the file as it is written: where it stands, and what it is called. The set is closed.</summary>
/// <param name="Path">Such as <c>services.api.uses[0]</c>; empty for the whole file.</param>
internal abstract record Node(Spot Spot, string Path)
{
    private Node(Spot spot, string path, bool _)
        : this(spot, path) { }

    /// <summary>One value.</summary>
    /// <param name="IsPlain">Written without quotes, so that it may be a number or nothing at all.</param>
    public sealed record Scalar(Spot Spot, string Path, string Text, bool IsPlain) : Node(Spot, Path, false)
    {
        public bool IsNothing => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
    }

    /// <summary>Values in a row.</summary>
    public sealed record Sequence(Spot Spot, string Path, IReadOnlyList<Node> Items) : Node(Spot, Path, false);

    /// <summary>Values under keys, in the order of the file; no key comes twice.</summary>
    public sealed record Mapping(Spot Spot, string Path, IReadOnlyList<Entry> Entries) : Node(Spot, Path, false)
    {
        public Node? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
    }

    /// <summary>A key and what stands under it.</summary>
    /// <param name="Spot">Where the key is.</param>
    public sealed record Entry(Spot Spot, string Key, Node Value);

    /// <summary>The node under these keys and indexes, or the nearest one above it that was written.</summary>
    public Node At(params ReadOnlySpan<object> steps)
    {
        var node = this;
        foreach (var step in steps)
        {
            var next = (node, step) switch
            {
                (Mapping mapping, string key) => mapping.Find(key),
                (Sequence sequence, int index) when index < sequence.Items.Count => sequence.Items[index],
                _ => null,
            };
            if (next is null)
            {
                break;
            }
            node = next;
        }
        return node;
    }
}
