using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>Files in which secrets travel, sealed for those who may read them.</summary>
public interface ISecretFiles
{
    /// <summary>Seals secrets, each under its name.</summary>
    /// <param name="to">Recipients; none when it is sealed with a passphrase.</param>
    /// <exception cref="Problems.ProblemException">One is no recipient.</exception>
    string Seal(IReadOnlyList<(string Name, Secret Value)> secrets, IReadOnlyList<string> to, Secret? passphrase);

    /// <summary>Keeps a sealed file where its owner alone can read it.</summary>
    /// <returns>Where it lies.</returns>
    /// <exception cref="Problems.ProblemException">It cannot be written.</exception>
    Task<string> KeepAsync(string name, string text, CancellationToken stop);

    /// <summary>What a file holds, in its order.</summary>
    /// <param name="key">Identities, or a passphrase.</param>
    /// <exception cref="Problems.ProblemException">It is of no known format, was changed, or is not for that key. What it says holds no value.</exception>
    IReadOnlyList<FoundSecret> Open(byte[] file, Secret key);
}

/// <summary>One entry of a file.</summary>
/// <param name="Value">Null when it can be no secret.</param>
/// <param name="Fault">Why it can be none; it holds nothing of the value.</param>
public sealed record FoundSecret(string Name, Secret? Value, string? Fault)
{
    public static FoundSecret Of(string name, string? text) =>
        !SecretVersion.IsName(name)
            ? new(name, null, "Its name cannot be one of a secret: letters, digits and underscores.")
        : text is null ? new(name, null, "It is not a single value.")
        : Secret.FaultOf(text) is { } fault ? new(name, null, fault)
        : new(name, new(text), null);
}
