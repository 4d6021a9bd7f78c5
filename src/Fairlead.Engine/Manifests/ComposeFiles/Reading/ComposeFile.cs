namespace Fairlead.Engine.Manifests.ComposeFiles.Reading;

/// <summary>What Compose files say together, once all that they name was read.</summary>
internal sealed record ComposeFile
{
    /// <summary>The first file.</summary>
    public required Place Place { get; init; }

    public string? Name { get; init; }

    /// <summary>All services by name, whatever their profile.</summary>
    public required IReadOnlyDictionary<string, Piece.Group> Services { get; init; }

    /// <summary>Declared on top: volumes, networks, secrets and configs, each by name.</summary>
    public required IReadOnlyDictionary<string, Piece.Group> Declared { get; init; }

    public Piece.Group? DeclaredAs(string kind, string name) =>
        Declared.GetValueOrDefault(kind)?.Find(name) as Piece.Group;

    public bool Declares(string kind, string name) => Declared.GetValueOrDefault(kind)?.Find(name) is not null;
}
