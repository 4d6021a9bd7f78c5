using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli;

/// <summary>A bug of Fairlead, met by a person: they see a line and an id, the whole text is kept for whoever mends it.</summary>
internal static class Fault
{
    private const long FileBytesMax = 1 << 20;

    public static Problem Kept(Exception caught, string state, World world)
    {
        var id = world.NewId();
        var file = Path.Combine(state, "logs", "faults.log");
        return new(
            "fairlead.bug",
            What: $"Fairlead met a bug of its own: {caught.Message}",
            Why: Keep(caught, file, id, world)
                ? $"The whole story is in {file} under {id}."
                : $"It was a {caught.GetType().Name}; {file} could not be written.",
            Fix: "Try again; if it comes back, report it with that text."
        );
    }

    private static bool Keep(Exception caught, string file, string id, World world)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            if (new FileInfo(file) is { Exists: true, Length: > FileBytesMax })
            {
                File.Move(file, file + ".1", overwrite: true);
            }
            var time = world.Now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            File.AppendAllText(file, $"{time} {id} {caught}\n");
            return true;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
