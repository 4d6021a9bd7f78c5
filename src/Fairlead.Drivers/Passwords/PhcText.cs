using System.Globalization;

namespace Fairlead.Drivers.Passwords;

/// <summary>
/// A hash with what made it, as the Password Hashing Competition writes it:
/// <c>$argon2id$v=19$m=32768,t=3,p=1$c2FsdHNhbHRzYWx0c2FsdA$...</c>
/// </summary>
/// <param name="Memory">KiB.</param>
internal sealed record PhcText(int Memory, int Passes, byte[] Salt, byte[] Hash)
{
    private const int LettersMax = 256;
    private const int MemoryMin = 8;
    private const int MemoryMax = 256 * 1024;
    private const int PassesMax = 16;
    private const int SaltBytes = 16;
    private const int HashBytesMin = 16;
    private const int HashBytesMax = 64;

    /// <summary>Null when it is garbled, or asks for more work than anybody would.</summary>
    public static PhcText? TryParse(string? text)
    {
        if (
            text is not { Length: > 0 and <= LettersMax }
            || text.Split('$') is not ["", "argon2id", "v=19", var work, var salt, var hash]
            || work.Split(',') is not [var memory, var passes, "p=1"]
        )
        {
            return null;
        }
        return
            Number(memory, "m=") is >= MemoryMin and <= MemoryMax and var kibibytes
            && Number(passes, "t=") is >= 1 and <= PassesMax and var times
            && Bytes(salt) is { Length: SaltBytes } salted
            && Bytes(hash) is { Length: >= HashBytesMin and <= HashBytesMax } hashed
            ? new(kibibytes, times, salted, hashed)
            : null;
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"$argon2id$v=19$m={Memory},t={Passes},p=1${Text(Salt)}${Text(Hash)}"
        );

    private static int? Number(string word, string name) =>
        word.StartsWith(name, StringComparison.Ordinal)
        && int.TryParse(word.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[]? Bytes(string text)
    {
        if (text.Contains('=', StringComparison.Ordinal))
        {
            return null;
        }
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length)
            ? bytes[..length]
            : null;
    }
}
