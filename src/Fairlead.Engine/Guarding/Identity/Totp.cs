using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Engine.Guarding.Identity;

/// <summary>Codes of six digits that change every 30 seconds: RFC 6238 over HMAC-SHA-1, which every authenticator app speaks.</summary>
internal static class Totp
{
    private const int SeedBytes = 20;
    private const int StepSeconds = 30;
    private const int Digits = 6;
    private const int Window = 1;

    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(SeedBytes);

    public static long StepAt(DateTimeOffset now) => now.ToUnixTimeSeconds() / StepSeconds;

    public static string CodeAt(ReadOnlySpan<byte> seed, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[20];
#pragma warning disable CA5350 // RFC 6238's default; HMAC does not rest on SHA-1's collision resistance.
        HMACSHA1.HashData(seed, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xf)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step whose code it is: now, or one step off for a clock that is; null when it is none of them.</summary>
    /// <param name="after">Steps up to this one were used: a code is good once.</param>
    public static long? StepOf(ReadOnlySpan<byte> seed, string code, DateTimeOffset now, long after)
    {
        if (code.Length != Digits || !code.All(char.IsAsciiDigit))
        {
            return null;
        }
        long? found = null;
        var typed = Encoding.ASCII.GetBytes(code);
        for (var step = StepAt(now) - Window; step <= StepAt(now) + Window; step++)
        {
            // All are compared, so that the time does not tell which.
            var isIt = CryptographicOperations.FixedTimeEquals(typed, Encoding.ASCII.GetBytes(CodeAt(seed, step)));
            found = isIt && step > after ? step : found;
        }
        return found;
    }

    /// <summary>What an authenticator app reads from a QR code.</summary>
    public static string Link(ReadOnlySpan<byte> seed, string email) =>
        $"otpauth://totp/Fairlead:{Uri.EscapeDataString(email)}?secret={Base32.Of(seed)}&issuer=Fairlead";
}

/// <summary>RFC 4648's base32 without padding.</summary>
internal static class Base32
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (buffer, bits) = (0, 0);
        foreach (var one in bytes)
        {
            (buffer, bits) = ((buffer << 8) | one, bits + 8);
            for (; bits >= 5; bits -= 5)
            {
                text.Append(Letters[(buffer >> (bits - 5)) & 31]);
            }
            buffer &= (1 << bits) - 1;
        }
        return (bits > 0 ? text.Append(Letters[(buffer << (5 - bits)) & 31]) : text).ToString();
    }
}
