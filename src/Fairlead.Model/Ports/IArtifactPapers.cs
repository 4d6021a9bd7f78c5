namespace Fairlead.Model.Ports;

/// <summary>Keeps what is said of an artifact beside it: what it is made of, and who made it from what.</summary>
public interface IArtifactPapers
{
    /// <summary>A paper's text; null where there is none.</summary>
    /// <param name="name">Such as <c>cdx.json</c>.</param>
    Task<string?> ReadAsync(string artifact, string name, CancellationToken stop);

    /// <summary>The digest of the artifact's bytes as they are now: SHA-256 in hex over names, modes and contents; null when it is not there.</summary>
    Task<string?> DigestAsync(string artifact, CancellationToken stop);
}

/// <summary>Is told of every artifact before it gets its name, and says what shall be kept beside it.</summary>
public interface IBuildWitness
{
    /// <param name="digest">Of the artifact's bytes, as <see cref="IArtifactPapers.DigestAsync"/> says it.</param>
    /// <returns>Papers by name.</returns>
    Task<IReadOnlyDictionary<string, string>> AttestAsync(BuiltArtifact built, string digest, CancellationToken stop);
}

/// <summary>An artifact whose build is done.</summary>
/// <param name="Artifact">The digest of what went into it, by which it is named.</param>
public sealed record BuiltArtifact(BuildOrder Order, string Artifact, DateTimeOffset Began, DateTimeOffset Ended);
