using Fairlead.Model.Problems;

namespace Fairlead.Drivers.State;

/// <summary>Writes files where none is, and never over one that is there.</summary>
public static class NewFile
{
    /// <exception cref="ProblemException">Something is there already, or the folder cannot be written.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            using var writer = new StreamWriter(file);
            writer.Write(text);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(
                new Problem(
                    "file.not-written",
                    What: $"{path} could not be written.",
                    Why: caught.Message,
                    Fix: "Check who may write in that folder, and whether the file is there already."
                ),
                caught
            );
        }
    }
}
