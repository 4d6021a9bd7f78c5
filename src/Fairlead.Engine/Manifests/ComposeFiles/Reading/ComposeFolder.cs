using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Manifests.ComposeFiles.Reading;

/// <summary>The files of the app's folder, and what Compose makes of paths in them.</summary>
internal sealed class ComposeFolder(IFileTree tree, Notes notes)
{
    private const int FilesMax = 200;

    private int opened;

    public IFileTree Tree => tree;

    /// <summary>A path as seen from the app's folder; null when it leads out of it, with the reason among the faults.</summary>
    public string? Resolve(Place place, string path)
    {
        if (Inside(place.Source.Folder, path) is { } inside)
        {
            return inside;
        }
        notes.Fault(place, Faults.Outside(path));
        return null;
    }

    /// <summary>Null when it leads out.</summary>
    public static string? Inside(string folder, string path) =>
        path.StartsWith('~') || path.Contains('\\', StringComparison.Ordinal) ? null : Paths.Join(folder, path);

    public static string Parent(string file) => file.LastIndexOf('/') is > 0 and var slash ? file[..slash] : ".";

    /// <summary>A file's text; null when it cannot be read, with the reason among the faults.</summary>
    /// <param name="path">As seen from the app's folder.</param>
    public string? Text(Place place, string path)
    {
        if (++opened > FilesMax)
        {
            notes.Fault(place, Faults.TooLarge($"More than {FilesMax} files are named."));
            return null;
        }
        if (tree.ReadText(path) is { } text)
        {
            return text;
        }
        notes.Fault(place, tree.FileExists(path) ? Faults.Unreadable(path) : Faults.Missing(path));
        return null;
    }
}
