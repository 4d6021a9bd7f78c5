namespace Fairlead.Engine.Infrastructure.Code.Bicep;

/// <summary>One resource of a module.</summary>
/// <param name="Part">The module that it stands in, such as <c>network</c>.</param>
/// <param name="Symbol">What other resources call it.</param>
/// <param name="Type">With the version of its API, such as <c>Microsoft.App/containerApps@2025-01-01</c>.</param>
/// <param name="Body">Beside what is said in other properties of this.</param>
internal sealed record BicepResource(
    string Part,
    string Symbol,
    string Type,
    IReadOnlyList<(string Name, CodeValue Value)> Body
)
{
    /// <summary>The neutral resource that it is made of, by name; null for what belongs to several.</summary>
    public string? Resource { get; init; }

    /// <summary>The resource of the same module that it is a part of, by symbol; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>The resource of the same module that it is about, by symbol; null for the resource group.</summary>
    public string? Scope { get; init; }

    /// <summary>There already, and not made.</summary>
    public bool IsExisting { get; init; }

    /// <summary>Made by another module under the same symbol: this one only needs it as a scope.</summary>
    public bool IsMirror { get; init; }

    /// <summary>A parameter without which it is not made; null for none.</summary>
    public string? If { get; init; }

    /// <summary>Why it is there or is so, for whoever reads the module; null where that is plain.</summary>
    public string? Why { get; init; }

    /// <summary>What must be there before it, by symbol, where nothing in it says so.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>What it, or something of it, is called elsewhere in the code.</summary>
    public CodeValue.Of At(string attribute) => new("", Symbol, attribute);
}

/// <summary>What whoever applies the code says.</summary>
/// <param name="Type">In Bicep's words, such as <c>string</c>.</param>
/// <param name="Usual">What it is when nothing is said; null for one that has to be said.</param>
internal sealed record BicepParameter(string Name, string Type, string Description, CodeValue? Usual)
{
    /// <summary>Whether nobody may see it.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The environment variable that a pipeline says it in; null where it stands in the file of parameters.</summary>
    public string? Variable { get; init; }
}

/// <summary>What the code tells whoever applied it.</summary>
internal sealed record BicepOutput(string Name, string Description, CodeValue Value);
