using System.Globalization;

namespace Fairlead.Roles.Up;

/// <summary>Keeps logs from growing for ever: at a role's start a large one is put aside, the oldest is dropped.</summary>
internal static class RotatedLog
{
    private const long FileBytesMax = 8 << 20;
    private const int Kept = 3;

    public static void Rotate(string file)
    {
        if (new FileInfo(file) is not { Exists: true, Length: > FileBytesMax })
        {
            return;
        }
        for (var number = Kept - 1; number > 0; number--)
        {
            if (File.Exists(Numbered(file, number)))
            {
                File.Move(Numbered(file, number), Numbered(file, number + 1), overwrite: true);
            }
        }
        File.Move(file, Numbered(file, 1), overwrite: true);
    }

    /// <summary>The last lines, to show why something did not work.</summary>
    public static IReadOnlyList<string> Tail(string file, int lines) =>
        File.Exists(file) ? [.. File.ReadLines(file).TakeLast(lines)] : [];

    private static string Numbered(string file, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{file}.{number}");
}
