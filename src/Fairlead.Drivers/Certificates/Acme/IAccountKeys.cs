namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>Keeps the key by which an authority knows us. Losing it loses the account, so it is kept before it is used.</summary>
public interface IAccountKeys
{
    /// <summary>The key kept for an authority; the one created, once it is kept, where there is none yet.</summary>
    /// <param name="authority">Its directory's address: two authorities never share a key.</param>
    /// <param name="create">Makes a key: PKCS#8 as PEM, not encrypted.</param>
    Task<string> GetOrCreateAsync(string authority, Func<string> create, CancellationToken stop);
}
