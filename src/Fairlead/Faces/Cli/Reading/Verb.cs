using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Cli.Reading;

/// <summary>One thing the CLI can be told: an operation, or a command of its own such as <c>up</c>.</summary>
/// <param name="Name">Dotted: <c>audit.verify</c> is typed as "audit verify".</param>
/// <param name="Input">The type whose properties are its options.</param>
/// <param name="RunAsync">Does it and says the exit code.</param>
public sealed record Verb(string Name, string Summary, Type Input, Func<Call, CancellationToken, Task<int>> RunAsync)
{
    public Effect Effect { get; init; } = Effect.Reads;

    /// <summary>Works, but is not shown: for scripts.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Options of the presentation alone, which the operation never sees.</summary>
    public IReadOnlyList<Option> Extras { get; init; } = [];

    /// <summary>Inputs that only the presentation fills.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <inheritdoc cref="Fairlead.Engine.Operations.Operation.Examples"/>
    public IReadOnlyList<string> Examples { get; init; } = [];

    public string Typed => Name.Replace('.', ' ');

    public IReadOnlyList<Option> Options =>
        field ??= [.. Reading.Options.Of(Input).Where(option => !Kept.Contains(option.Property)), .. Extras];
}

/// <summary>The input of a verb that takes none.</summary>
public sealed record NoInput;
