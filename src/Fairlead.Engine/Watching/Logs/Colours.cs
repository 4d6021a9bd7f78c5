using System.Text;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>Takes away what colours a terminal (ECMA-48 control sequences): it would only hide words from a search.</summary>
internal static class Colours
{
    private const char Escape = '\u001b';

    public static string Strip(string text)
    {
        if (!text.Contains(Escape))
        {
            return text;
        }
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != Escape)
            {
                plain.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == '[')
            {
                // Parameters are 0x20 to 0x3f, and a letter ends it.
                i += 2;
                while (i < text.Length && text[i] is >= ' ' and <= '?')
                {
                    i++;
                }
            }
            else
            {
                i++;
            }
        }
        return plain.ToString();
    }
}
