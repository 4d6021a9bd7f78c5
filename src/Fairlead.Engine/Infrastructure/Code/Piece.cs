namespace Fairlead.Engine.Infrastructure.Code;

/// <summary>One thing that code declares.</summary>
/// <param name="Type">As the tool calls it, such as <c>aws_s3_bucket</c>.</param>
/// <param name="Name">Unique among those of its type.</param>
public sealed record Piece(string Type, string Name, IReadOnlyList<PieceLine> Lines)
{
    /// <summary>Looked up and not made.</summary>
    public bool IsData { get; init; }

    /// <summary>Why it is there, for whoever reads the code; null where that is plain.</summary>
    public string? Why { get; init; }

    /// <summary>In which file it is written, such as <c>network</c>.</summary>
    public required string Part { get; init; }

    /// <summary>The resource of the neutral graph that it is made of, by name; null for what only the tool needs.</summary>
    public string? Resource { get; init; }

    /// <summary>What it, or something of it once it is there, is called in other pieces.</summary>
    public CodeValue.Of At(string attribute) => new(Type, Name, attribute) { IsData = IsData };
}

/// <summary>A line of a piece. The set is closed.</summary>
public abstract record PieceLine
{
    private PieceLine() { }

    /// <summary>A value under a name.</summary>
    public sealed record Set(string Name, CodeValue Value) : PieceLine;

    /// <summary>A group of lines; tools that tell groups from values write it as such.</summary>
    /// <param name="IsOnly">Whether there can be one of them at most.</param>
    public sealed record Group(string Name, IReadOnlyList<PieceLine> Lines, bool IsOnly) : PieceLine;
}
