using System.Text;

namespace Fairlead.Drivers.Dns;

/// <summary>
/// Texts as providers write them: strings of 255 bytes at most, each in quotes, such as <c>"v=spf1 -all"</c> or
/// <c>"first part" "second \"part\""</c>.
/// </summary>
internal static class QuotedText
{
    private const int PartMax = 255;

    public static string Of(string text) =>
        text.Length == 0 ? "\"\"" : string.Join(' ', text.Chunk(PartMax).Select(part => $"\"{Escaped(part)}\""));

    /// <summary>The text itself; one without quotes is taken as it stands.</summary>
    public static string Read(string quoted)
    {
        if (!quoted.StartsWith('"'))
        {
            return quoted;
        }
        var text = new StringBuilder();
        var isInside = false;
        for (var at = 0; at < quoted.Length; at++)
        {
            if (quoted[at] == '"')
            {
                isInside = !isInside;
            }
            else if (isInside)
            {
                at += quoted[at] == '\\' && at + 1 < quoted.Length ? 1 : 0;
                text.Append(quoted[at]);
            }
        }
        return text.ToString();
    }

    private static string Escaped(char[] part) =>
        new string(part)
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
}
