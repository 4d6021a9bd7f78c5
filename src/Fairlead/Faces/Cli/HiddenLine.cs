using System.Text;

namespace Fairlead.Faces.Cli;

/// <summary>Reads what is typed at the terminal without showing it.</summary>
internal static class HiddenLine
{
    private const int CharsMax = 64 * 1024;

    public static string? Read()
    {
        var line = new StringBuilder();
        while (line.Length < CharsMax)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key is ConsoleKey.Enter)
            {
                break;
            }
            if (key.Key is ConsoleKey.Backspace)
            {
                line.Length = Math.Max(0, line.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                line.Append(key.KeyChar);
            }
        }
        return line.ToString();
    }
}
