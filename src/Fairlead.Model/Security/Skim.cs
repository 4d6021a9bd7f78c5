using System.Runtime.InteropServices;

namespace Fairlead.Model.Security;

/// <summary>Passes over what may stand within a printed secret without being part of it: line breaks with the indent behind them, colours, control letters.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Skim
{
    public const char Escape = '\x1B';

    // ECMA-48 sets no limit, but nobody needs as many; what is longer is text.
    private const int ParametersMax = 32;

    private bool isAfterBreak;
    private bool isEscaped;
    private int parameters;

    /// <summary>Not within a sequence.</summary>
    public readonly bool IsPlain => !isEscaped && parameters == 0;

    /// <summary>Whether this letter is passed over.</summary>
    public bool Skips(char letter)
    {
        if (isEscaped)
        {
            isEscaped = false;
            parameters = letter is '[' ? 1 : 0;
            if (letter is >= '@' and <= '_')
            {
                return true;
            }
        }
        else if (parameters > 0)
        {
            if (letter is >= ' ' and <= '?' && parameters < ParametersMax)
            {
                parameters++;
                return true;
            }
            parameters = 0;
            if (letter is >= '@' and <= '~')
            {
                return true;
            }
        }
        if (letter is Escape)
        {
            isEscaped = true;
            return true;
        }
        if (letter is '\r' or '\n')
        {
            isAfterBreak = true;
            return true;
        }
        if (letter is ' ' or '\t')
        {
            return isAfterBreak;
        }
        if (letter < ' ')
        {
            return true;
        }
        isAfterBreak = false;
        return false;
    }

    /// <summary>A text without all that is passed over, and without blanks at its head.</summary>
    public static string Bare(string text)
    {
        var skim = new Skim();
        return new string([.. text.Where(letter => !skim.Skips(letter))]).TrimStart(' ', '\t');
    }
}
