using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Certificates.Acme;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;

namespace Fairlead.Drivers.Certificates;

/// <summary>Keeps accounts' keys in files, sealed.</summary>
/// <param name="folder">Made when missing.</param>
public sealed class SealedAccountKeys(string folder) : IAccountKeys
{
    private const string Purpose = "account of an authority";

    private readonly Sealer sealer = new(Path.Combine(folder, "accounts.key"));
    private readonly Lock gate = new();

    public Task<string> GetOrCreateAsync(string authority, Func<string> create, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(authority)))[..16];
        var path = Path.Combine(folder, $"account-{name}.json");
        lock (gate)
        {
            if (
                DurableFile.TryReadJson<Saved>(path) is { } saved
                && sealer.Open<Key>(saved.SealedKey, Purpose) is { } kept
            )
            {
                return Task.FromResult(kept.Pem);
            }
            var key = new Key(create());
            Directory.CreateDirectory(folder);
            DurableFile.WriteJson(path, new Saved(authority, sealer.Seal(key, Purpose)));
            return Task.FromResult(key.Pem);
        }
    }

    private sealed record Saved(string Authority, string SealedKey);

    private sealed record Key(string Pem);
}
