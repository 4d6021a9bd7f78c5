namespace Fairlead.Model.Ports;

/// <summary>Keeps what is said of an artifact beside it: what it is made of, and who made it from what.</summary>
public interface IArtifactPapers
{
    /// <summary>A paper's text; null where there is none.</summary>
    /// <param name="name">Such as <c>cdx.json</c>.</param>
    Task<string?> ReadAsync(string artifact, string name, CancellationToken stop);

    /// <summary>
    /// What lies in the artifact now, a line for each entry in the order of names: kind (<c>d</c> folder, <c>l</c> link, <c>x</c> program, <c>f</c>
    /// file), SHA-256 of its content in hex (of a link: of where it leads), name. Null when it is not there.
    /// </summary>
    Task<string?> ListAsync(string artifact, CancellationToken stop);
}

/// <summary>Is told of every artifact before it gets its name, and says what shall be kept beside it.</summary>
public interface IBuildWitness
{
    /// <param name="list">What lies in the artifact, as <see cref="IArtifactPapers.ListAsync"/> says it.</param>
    /// <returns>Papers by name.</returns>
    Task<IReadOnlyDictionary<string, string>> AttestAsync(BuiltArtifact built, string list, CancellationToken stop);
}

/// <summary>An artifact whose build is done.</summary>
/// <param name="Artifact">The digest of what went into it, by which it is named.</param>
public sealed record BuiltArtifact(BuildOrder Order, string Artifact, DateTimeOffset Began, DateTimeOffset Ended);
