using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Cli.Reading;

/// <summary>One thing a verb can be told, as read from its input type.</summary>
/// <param name="Name">As typed after <c>--</c>, such as <c>wait-milliseconds</c>.</param>
/// <param name="Property">As in JSON, such as <c>waitMilliseconds</c>.</param>
/// <param name="Kind">What its values look like.</param>
public sealed record Option(string Name, string Property, OptionKind Kind)
{
    public string Description { get; init; } = "";

    /// <summary>Further names, such as <c>env</c> for <c>environment</c>.</summary>
    public string? Alias { get; init; }

    /// <summary>A letter that stands for it: <c>-f</c>.</summary>
    public char? Letter { get; init; }

    /// <summary>What it is when it is not given, as text; null when that is nothing.</summary>
    public string? Default { get; init; }

    /// <summary>The words it takes, for <see cref="OptionKind.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Its values are live names: app, service or release.</summary>
    public string? Names { get; init; }

    public bool IsList { get; init; }

    public bool IsRequired { get; init; }

    public bool IsPositional { get; init; }

    public bool IsFolder { get; init; }

    /// <summary>What of a folder is needed by a server that does not see it.</summary>
    public Sent Sent { get; init; }

    /// <summary>Its value is read from the file it names, or from standard input.</summary>
    public bool IsConfidential { get; init; }

    /// <summary>A confidential one is read from standard input when no file is named.</summary>
    public bool IsAsked { get; init; }

    /// <summary>The property that may be given instead of a confidential one.</summary>
    public string? Unless { get; init; }

    /// <summary>The property without which a confidential one is not asked for.</summary>
    public string? With { get; init; }

    /// <summary>The word that stands for its value in help: <c>--to NUMBER</c>.</summary>
    public string ValueWord =>
        Kind switch
        {
            OptionKind.Choice => string.Join('|', Choices),
            OptionKind.Whole or OptionKind.Number => "NUMBER",
            OptionKind.Json => "JSON",
            _ when IsFolder => "FOLDER",
            _ => (Names ?? Name).ToUpperInvariant(),
        };
}

/// <summary>What an option's values look like.</summary>
public enum OptionKind
{
    Text,
    Whole,
    Number,
    Flag,
    Choice,

    /// <summary>Anything with a structure of its own.</summary>
    Json,
}
