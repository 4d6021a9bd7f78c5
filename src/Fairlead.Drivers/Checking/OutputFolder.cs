using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Checking;

/// <summary>Writes files in a folder. Links are not followed out of it.</summary>
public sealed class OutputFolder(string folder) : IOutputFiles
{
    private readonly string root = Path.GetFullPath(folder);

    public string Write(string path, ReadOnlySpan<byte> bytes)
    {
        var full = Path.GetFullPath(path, root);
        if (!IsInside(full))
        {
            throw Refused(path, $"It leads out of {root}.");
        }
        try
        {
            var parent = Directory.CreateDirectory(Path.GetDirectoryName(full)!).FullName; // It lies below the root.
            for (var at = new DirectoryInfo(parent); IsInside(at.FullName); at = at.Parent!)
            {
                if (at.LinkTarget is not null)
                {
                    throw Refused(path, $"{at.FullName} is a link.");
                }
            }
            // Whoever looks sees the old file or the new one.
            var fresh = $"{full}.new";
            File.Delete(fresh);
            File.WriteAllBytes(fresh, bytes);
            File.Move(fresh, full, overwrite: true);
            return full;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, caught.Message);
        }
    }

    private bool IsInside(string path) => path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static ProblemException Refused(string path, string why) =>
        new(
            new Problem(
                "check.not-written",
                What: $"{path} could not be written.",
                Why: why,
                Fix: "Name a file in the folder that is checked, where you may write."
            )
        );
}
