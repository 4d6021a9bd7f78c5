using System.Text;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Builds;

/// <summary>Cuts what a program prints into lines. A lone carriage return begins the line anew, as on a terminal.</summary>
internal static class LineReader
{
    public const int LineLengthMax = 4_096;

    // What is held back of a line that looks finished would only be seen with the next one; so few letters of a secret say nothing,
    // and its rest is hidden all the same.
    private const int ShownMax = 4;

    public static Task ReadAsync(Stream stream, Action<string> take, CancellationToken stop) =>
        ReadAsync(stream, take, new PiecewiseMask(SecretMask.None), stop);

    /// <param name="run">Hides secrets before anything is cut.</param>
    public static async Task ReadAsync(Stream stream, Action<string> take, PiecewiseMask run, CancellationToken stop)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var line = new StringBuilder();
        var isReturned = false;
        var buffer = new char[4_096];
        int count;
        do
        {
            count = await reader.ReadAsync(buffer, stop);
            var text = run.Push(buffer.AsSpan(0, count));
            text += count == 0 || (buffer[count - 1] == '\n' && run.HeldChars <= ShownMax + 1) ? run.Flush() : "";
            foreach (var letter in text)
            {
                if (letter == '\n')
                {
                    take(line.ToString());
                    line.Clear();
                }
                else if (letter != '\r')
                {
                    if (isReturned)
                    {
                        line.Clear();
                    }
                    line.Append(line.Length < LineLengthMax ? letter.ToString() : "");
                }
                isReturned = letter == '\r';
            }
        } while (count > 0);
        if (line.Length > 0)
        {
            take(line.ToString());
        }
    }
}
