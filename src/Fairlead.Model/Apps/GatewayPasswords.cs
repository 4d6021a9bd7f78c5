using System.Globalization;
using System.Security.Cryptography;

namespace Fairlead.Model.Apps;

/// <summary>A password as it may be written down: <c>pbkdf2$600000$salt$hash</c>, with SHA-256, salt and hash in base64url.</summary>
public static class PasswordHash
{
    private const string Kind = "pbkdf2";
    private const int Rounds = 600_000;
    private const int RoundsMax = 10_000_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <param name="salt">16 bytes of chance.</param>
    public static string Of(string password, ReadOnlySpan<byte> salt) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Kind}${Rounds}${Text(salt)}${Text(Derive(password, salt, Rounds))}"
        );

    public static bool IsHash(string text) => TryParse(text) is not null;

    /// <summary>Takes a tenth of a second of a core: not for the thread that carries traffic.</summary>
    public static bool Holds(string hash, string password) =>
        TryParse(hash) is var (rounds, salt, wanted)
        && CryptographicOperations.FixedTimeEquals(Derive(password, salt, rounds), wanted);

    private static (int Rounds, byte[] Salt, byte[] Hash)? TryParse(string text)
    {
        if (
            text.Split('$') is not [Kind, var rounds, var salt, var hash]
            || !int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count is < 1 or > RoundsMax
        )
        {
            return null;
        }
        var (saltBytes, hashBytes) = (Bytes(salt), Bytes(hash));
        return saltBytes is { Length: >= SaltBytes } && hashBytes is { Length: HashBytes }
            ? (count, saltBytes, hashBytes)
            : null;
    }

    private static byte[] Derive(string password, ReadOnlySpan<byte> salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA256, HashBytes);

    private static string Text(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static byte[]? Bytes(string text) =>
        System.Buffers.Text.Base64Url.IsValid(text) ? System.Buffers.Text.Base64Url.DecodeFromChars(text) : null;
}
