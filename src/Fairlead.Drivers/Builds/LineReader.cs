using System.Text;

namespace Fairlead.Drivers.Builds;

/// <summary>Cuts what a program prints into lines. A lone carriage return begins the line anew, as on a terminal.</summary>
internal static class LineReader
{
    public const int LineLengthMax = 4_096;

    public static async Task ReadAsync(Stream stream, Action<string> take, CancellationToken stop)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var line = new StringBuilder();
        var isReturned = false;
        var buffer = new char[4_096];
        int count;
        while ((count = await reader.ReadAsync(buffer, stop)) > 0)
        {
            foreach (var letter in buffer.AsSpan(0, count))
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
        }
        if (line.Length > 0)
        {
            take(line.ToString());
        }
    }
}
