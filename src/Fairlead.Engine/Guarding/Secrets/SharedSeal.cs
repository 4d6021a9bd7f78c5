using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Secrets;

/// <summary>
/// A seal whose key is in the vault, under the master key: whichever server has that opens what another one sealed, and a new master key
/// wraps it like every secret.
/// </summary>
/// <param name="name">What the key is called. No person can give, change or remove a secret of a name that has a dash.</param>
/// <param name="makeKey">Makes a key, by chance that nobody can replay.</param>
/// <param name="with">The seal of a key.</param>
public sealed class SharedSeal(Vault vault, string name, Func<Secret> makeKey, Func<Secret, ISeal> with) : IDisposable
{
    // Beside what is the server's own in the journal.
    private static readonly Site Own = new("fairlead", "secrets");

    private readonly SemaphoreSlim gate = new(1);
    private ISeal? seal;

    /// <summary>The seal; its key is made at the first need.</summary>
    /// <exception cref="Model.Problems.ProblemException">The master key cannot be had.</exception>
    public async Task<ISeal> OpenAsync(CancellationToken stop)
    {
        if (seal is { } known)
        {
            return known;
        }
        // Two who made it at the same time would have two.
        await gate.WaitAsync(stop);
        try
        {
            var record =
                await vault.FindAsync(Own, name, stop)
                ?? await vault.AddAsync((Own, name), makeKey(), ("fairlead", "made"), change: null, stop);
            return seal ??= with(await vault.OpenAsync(record, record.Versions[0], stop));
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();
}
