using System.Collections.Concurrent;

namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>Nonces that came with answers and are still to be spent. The newest go first, since old ones run out.</summary>
internal sealed class NoncePool
{
    private const int NoncesMax = 32;

    private readonly ConcurrentStack<string> unspent = new();

    public string? Take() => unspent.TryPop(out var nonce) ? nonce : null;

    public void Put(string? nonce)
    {
        if (nonce is { Length: > 0 and <= 512 } && unspent.Count < NoncesMax)
        {
            unspent.Push(nonce);
        }
    }

    /// <summary>After one was refused: whatever made it stale has made the others stale too.</summary>
    public void Clear() => unspent.Clear();
}
