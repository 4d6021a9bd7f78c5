using NSec.Cryptography;

namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>
/// Who may sign entries of which scope, by keys of Ed25519. A key that is named for a scope is the only kind that is believed there, so what runs of changes
/// sign with their key is never taken for what the main branch made.
/// </summary>
internal sealed class CacheTrust : IDisposable
{
    private static readonly SignatureAlgorithm Algorithm = SignatureAlgorithm.Ed25519;

    private readonly Key? signing;
    private readonly IReadOnlyList<(string? Scope, PublicKey Key)> believed;

    private CacheTrust(Key? signing, IReadOnlyList<(string? Scope, PublicKey Key)> believed) =>
        (this.signing, this.believed) = (signing, believed);

    /// <summary>Whether it has a key to sign with.</summary>
    public bool Signs => signing is not null;

    /// <param name="key">A private key, as PEM or as its DER in base64; null to sign nothing.</param>
    /// <param name="trust">Public keys, between commas or white space, each alone for all scopes or as <c>SCOPE:KEY</c>. That of the private key is always one for all scopes.</param>
    /// <exception cref="FormatException">A key is none of Ed25519, or nobody is trusted.</exception>
    public static CacheTrust Of(string? key, string? trust)
    {
        var own = string.IsNullOrWhiteSpace(key) ? null : Private(key);
        try
        {
            var trusted = string.IsNullOrWhiteSpace(trust) ? [] : Trusted(trust);
            if (own is not null)
            {
                // What it sends itself, it takes back; not for a scope that is named for others.
                trusted.Add((null, own.PublicKey));
            }
            return trusted.Count > 0
                ? new(own, trusted)
                : throw new FormatException("there is neither a key to sign with nor one that is trusted");
        }
        catch
        {
            own?.Dispose();
            throw;
        }
    }

    public byte[] Sign(ReadOnlySpan<byte> text) =>
        Algorithm.Sign(signing ?? throw new InvalidOperationException("There is no key to sign with."), text);

    /// <summary>Whether one who may sign in a scope signed a text.</summary>
    public bool IsSigned(string scope, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        var isNamed = believed.Any(one => one.Scope == scope);
        foreach (var (named, key) in believed)
        {
            if ((isNamed ? named == scope : named is null) && Algorithm.Verify(key, text, signature))
            {
                return true;
            }
        }
        return false;
    }

    public void Dispose() => signing?.Dispose();

    private static Key Private(string text)
    {
        var isPem = text.Contains("-----BEGIN", StringComparison.Ordinal);
        return Key.TryImport(
            Algorithm,
            isPem ? System.Text.Encoding.ASCII.GetBytes(text.Trim() + "\n") : Bytes(text),
            isPem ? KeyBlobFormat.PkixPrivateKeyText : KeyBlobFormat.PkixPrivateKey,
            out var key
        )
            ? key!
            : throw new FormatException("the key to sign with is no private key of Ed25519");
    }

    private static List<(string? Scope, PublicKey Key)> Trusted(string text)
    {
        // The text of PEM has white space within; as one line it is its middle.
        var lines = text.Replace("-----BEGIN PUBLIC KEY-----", "", StringComparison.Ordinal)
            .Replace("-----END PUBLIC KEY-----", "", StringComparison.Ordinal)
            .Split([',', ' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var trusted = new List<(string? Scope, PublicKey Key)>();
        foreach (var line in lines)
        {
            // No name of a branch has a colon.
            var at = line.LastIndexOf(':');
            trusted.Add(
                PublicKey.TryImport(Algorithm, Bytes(line[(at + 1)..]), KeyBlobFormat.PkixPublicKey, out var key)
                    ? (at < 0 ? null : line[..at], key!)
                    : throw new FormatException("a key that is trusted is no public key of Ed25519")
            );
        }
        return trusted;
    }

    private static byte[] Bytes(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var count) ? bytes[..count] : [];
    }
}
