using System.Text;

namespace Fairlead.Drivers.Secrets.Age;

/// <summary>32 bytes as people copy them: <c>age1...</c> and <c>AGE-SECRET-KEY-1...</c> (BIP 173, without its limit on length).</summary>
internal static class Bech32
{
    private const string Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int CheckLetters = 6;
    private const int LettersMax = 200;

    /// <summary>The bytes of a text of that prefix; null when it is none, or was mistyped.</summary>
    /// <param name="prefix">In lower case; the text is of one case throughout.</param>
    public static byte[]? Read(string prefix, string text)
    {
        var lower = text.ToLowerInvariant();
        if (
            text.Length > LettersMax
            || (text.Any(char.IsAsciiLetterLower) && text.Any(char.IsAsciiLetterUpper))
            || !lower.StartsWith(prefix + "1", StringComparison.Ordinal)
        )
        {
            return null;
        }
        var values = lower[(prefix.Length + 1)..]
            .Select(letter => Letters.IndexOf(letter, StringComparison.Ordinal))
            .ToArray();
        return values.Length < CheckLetters || values.Contains(-1) || Sum([.. Spread(prefix), .. values]) != 1
            ? null
            : Packed(values[..^CheckLetters]);
    }

    public static string Write(string prefix, ReadOnlySpan<byte> bytes)
    {
        List<int> values = [];
        var (held, bits) = (0, 0);
        foreach (var one in bytes)
        {
            (held, bits) = ((held << 8) | one, bits + 8);
            for (; bits >= 5; bits -= 5)
            {
                values.Add((held >> (bits - 5)) & 31);
            }
            held &= (1 << bits) - 1;
        }
        if (bits > 0)
        {
            values.Add((held << (5 - bits)) & 31);
        }
        var sum = Sum([.. Spread(prefix), .. values, .. new int[CheckLetters]]) ^ 1;
        var text = new StringBuilder(prefix).Append('1');
        values.ForEach(value => text.Append(Letters[value]));
        for (var at = 0; at < CheckLetters; at++)
        {
            text.Append(Letters[(int)((sum >> (5 * (CheckLetters - 1 - at))) & 31)]);
        }
        return text.ToString();
    }

    private static byte[]? Packed(int[] values)
    {
        List<byte> bytes = [];
        var (held, bits) = (0, 0);
        foreach (var value in values)
        {
            (held, bits) = ((held << 5) | value, bits + 5);
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(held >> bits));
                held &= (1 << bits) - 1;
            }
        }
        return bits >= 5 || held != 0 ? null : [.. bytes];
    }

    private static IEnumerable<int> Spread(string prefix) =>
        prefix.Select(letter => letter >> 5).Append(0).Concat(prefix.Select(letter => letter & 31));

    private static uint Sum(IEnumerable<int> values)
    {
        uint[] generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
        var sum = 1u;
        foreach (var value in values)
        {
            var top = sum >> 25;
            sum = ((sum & 0x1ffffff) << 5) ^ (uint)value;
            for (var bit = 0; bit < generator.Length; bit++)
            {
                sum ^= ((top >> bit) & 1) == 1 ? generator[bit] : 0;
            }
        }
        return sum;
    }
}
