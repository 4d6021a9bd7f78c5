using System.Text;

namespace Fairlead.Faces.Cli.Showing;

/// <summary>Takes control characters out of text that others wrote, so that no log line can move a reader's cursor.</summary>
public static class Plain
{
    public static string Of(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            plain.Append(IsUnsafe(letter) ? '\uFFFD' : letter);
        }
        return plain.ToString();
    }

    private static bool IsUnsafe(char letter) => char.IsControl(letter) && letter is not ('\n' or '\t');
}
