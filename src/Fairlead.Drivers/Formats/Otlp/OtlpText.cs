using System.Text;

namespace Fairlead.Drivers.Formats.Otlp;

/// <summary>Texts as senders wrote them: what is no UTF-8 is replaced, what is too long is cut, so that one bad value costs no batch.</summary>
internal static class OtlpText
{
    private const int UnitsPerByteMax = 4;

    /// <param name="charsMax">Longer texts are cut there, never within a letter.</param>
    public static string Of(ReadOnlySpan<byte> utf8, int charsMax)
    {
        // Only as many bytes as could matter are decoded; a letter that is cut in the middle falls away with the rest.
        var head = utf8.Length > (long)charsMax * UnitsPerByteMax ? utf8[..(charsMax * UnitsPerByteMax)] : utf8;
        return Cut(Encoding.UTF8.GetString(head), charsMax);
    }

    public static string Cut(string text, int charsMax) =>
        text.Length <= charsMax ? text
        : char.IsHighSurrogate(text[charsMax - 1]) ? text[..(charsMax - 1)]
        : text[..charsMax];
}
