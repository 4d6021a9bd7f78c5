using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Fairlead.Drivers.Secrets.Age;

/// <summary>What a file's own key is wrapped for, or by: a stanza of the header.</summary>
/// <param name="Words">Its kind, then what the kind needs.</param>
/// <param name="Body">The wrapped key.</param>
internal sealed record Stanza(IReadOnlyList<string> Words, byte[] Body);

/// <summary>Somebody a file is sealed for, or who opens it: a pair of X25519 keys, or a passphrase.</summary>
internal static class AgeKey
{
    public const string RecipientPrefix = "age";
    public const string IdentityPrefix = "age-secret-key-";
    public const int FileKeyBytes = 16;

    /// <summary>What age itself takes: 256 MiB, a second or two. A file that asks for more is refused.</summary>
    public const int WorkMax = 18;

    private const int KeyBytes = 32;
    private const int SaltBytes = 16;
    private const string X25519 = "X25519";
    private const string Passphrase = "scrypt";
    private static readonly byte[] XInfo = Encoding.ASCII.GetBytes("age-encryption.org/v1/X25519");
    private static readonly byte[] ScryptInfo = Encoding.ASCII.GetBytes("age-encryption.org/v1/scrypt");

    // Each use costs 256 MiB; several at once would be too much for a small machine.
    private static readonly Lock Gate = new();

    /// <summary>The public bytes of <c>age1...</c>; null when it is none.</summary>
    public static byte[]? Recipient(string text) =>
        Bech32.Read(RecipientPrefix, text) is { Length: KeyBytes } bytes ? bytes : null;

    /// <summary>The private bytes of <c>AGE-SECRET-KEY-1...</c>; null when it is none.</summary>
    public static byte[]? Identity(string text) =>
        Bech32.Read(IdentityPrefix, text) is { Length: KeyBytes } bytes ? bytes : null;

    /// <summary>The recipient whose files an identity opens.</summary>
    public static string RecipientOf(byte[] identity)
    {
        using var key = Key.Import(KeyAgreementAlgorithm.X25519, identity, KeyBlobFormat.RawPrivateKey);
        return Bech32.Write(RecipientPrefix, key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <exception cref="FormatException">Nobody can open what is sealed for it.</exception>
    public static Stanza Wrap(byte[] fileKey, byte[] recipient)
    {
        using var once = Key.Create(
            KeyAgreementAlgorithm.X25519,
            new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }
        );
        var share = once.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        var key =
            Agreed(once, recipient, [.. share, .. recipient]) ?? throw new FormatException("It is no public key.");
        return new([X25519, AgeFile.Text(share)], Sealed(key, fileKey));
    }

    public static Stanza Wrap(byte[] fileKey, string passphrase, int work)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new(
            [Passphrase, AgeFile.Text(salt), work.ToString(System.Globalization.CultureInfo.InvariantCulture)],
            Sealed(Derived(passphrase, salt, work), fileKey)
        );
    }

    /// <summary>The file's key; null when the stanza is for somebody else.</summary>
    /// <exception cref="FormatException">It is of the identity's kind, and garbled.</exception>
    public static byte[]? Unwrap(Stanza stanza, byte[] identity)
    {
        if (stanza.Words[0] != X25519)
        {
            return null;
        }
        var share = stanza.Words.Count == 2 ? AgeFile.Bytes(stanza.Words[1]) : [];
        if (share.Length != KeyBytes || stanza.Body.Length != KeyBytes)
        {
            throw new FormatException("A key in its header is garbled.");
        }
        using var key = Key.Import(KeyAgreementAlgorithm.X25519, identity, KeyBlobFormat.RawPrivateKey);
        var own = key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        var wrapping =
            Agreed(key, share, [.. share, .. own]) ?? throw new FormatException("A key in its header is none.");
        return Opened(wrapping, stanza.Body);
    }

    /// <inheritdoc cref="Unwrap(Stanza, byte[])"/>
    public static byte[]? Unwrap(Stanza stanza, string passphrase)
    {
        if (stanza.Words[0] != Passphrase)
        {
            return null;
        }
        var salt = stanza.Words.Count == 3 ? AgeFile.Bytes(stanza.Words[1]) : [];
        if (
            salt.Length != SaltBytes
            || stanza.Body.Length != KeyBytes
            || stanza.Words[2] is not { Length: 1 or 2 } digits
            || !digits.All(char.IsAsciiDigit)
            || digits[0] == '0'
        )
        {
            throw new FormatException("What its header says of the passphrase is garbled.");
        }
        var work = int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        return work > WorkMax
            ? throw new FormatException(
                $"Its passphrase takes 2^{work} turns to try, and at most 2^{WorkMax} are done here."
            )
            : Opened(Derived(passphrase, salt, work), stanza.Body);
    }

    private static byte[] Derived(string passphrase, byte[] salt, int work)
    {
        lock (Gate)
        {
            return Scrypt.Derive(Encoding.UTF8.GetBytes(passphrase), [.. ScryptInfo, .. salt], work, KeyBytes);
        }
    }

    private static byte[]? Agreed(Key key, byte[] other, byte[] salt)
    {
        if (
            !PublicKey.TryImport(KeyAgreementAlgorithm.X25519, other, KeyBlobFormat.RawPublicKey, out var theirs)
            || theirs is null
        )
        {
            return null;
        }
        // Null for points on which any two would agree.
        using var shared = KeyAgreementAlgorithm.X25519.Agree(
            key,
            theirs,
            new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }
        );
        return shared is null
            ? null
            : HKDF.DeriveKey(
                System.Security.Cryptography.HashAlgorithmName.SHA256,
                shared.Export(SharedSecretBlobFormat.RawSharedSecret),
                KeyBytes,
                salt,
                XInfo
            );
    }

    // The key is used once, so its nonce may be zero.
    private static byte[] Sealed(byte[] key, byte[] fileKey)
    {
        var body = new byte[KeyBytes];
        using var cipher = new System.Security.Cryptography.ChaCha20Poly1305(key);
        cipher.Encrypt(new byte[12], fileKey, body.AsSpan(0, FileKeyBytes), body.AsSpan(FileKeyBytes));
        return body;
    }

    private static byte[]? Opened(byte[] key, byte[] body)
    {
        var fileKey = new byte[FileKeyBytes];
        using var cipher = new System.Security.Cryptography.ChaCha20Poly1305(key);
        try
        {
            cipher.Decrypt(new byte[12], body.AsSpan(0, FileKeyBytes), body.AsSpan(FileKeyBytes), fileKey);
            return fileKey;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
