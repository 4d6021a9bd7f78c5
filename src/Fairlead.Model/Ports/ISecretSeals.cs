using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>
/// Seals values, each with a key of its own that a master key wraps. Only what is sealed is ever stored. Nothing is remembered here:
/// which keys there are is in the store.
/// </summary>
public interface ISecretSeals
{
    /// <summary>Makes a master key, or finds that its place has one; afterwards it can wrap.</summary>
    /// <param name="kind">file, environment, passphrase or aws-kms.</param>
    /// <exception cref="Problems.ProblemException">There is no such kind, or its settings or surroundings do not do.</exception>
    Task<MasterKey> MakeKeyAsync(string kind, IReadOnlyDictionary<string, string> settings, CancellationToken stop);

    /// <exception cref="Problems.ProblemException">The key cannot be had.</exception>
    Task<SealedSecret> SealAsync(SecretValue value, MasterKey key, CancellationToken stop);

    /// <exception cref="Problems.ProblemException">The key cannot be had or is another one, or what was sealed is damaged or of another version.</exception>
    Task<Secret> OpenAsync(SealedSecret sealedValue, SecretVersion version, MasterKey key, CancellationToken stop);

    /// <summary>The same value and its own key, which is now wrapped with another master key. The value is not opened.</summary>
    /// <exception cref="Problems.ProblemException">One of the keys cannot be had.</exception>
    Task<SealedSecret> RewrapAsync(
        (SealedSecret Sealed, SecretVersion Version) one,
        MasterKey from,
        MasterKey to,
        CancellationToken stop
    );

    /// <summary>Destroys a master key that wraps nothing any more, where that is in our hands; or finds it gone.</summary>
    Task ForgetKeyAsync(MasterKey key, CancellationToken stop);
}
