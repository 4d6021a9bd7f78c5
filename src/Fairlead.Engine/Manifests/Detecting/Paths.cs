namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>Relative paths with <c>/</c>, joined without touching a disk.</summary>
internal static class Paths
{
    /// <summary>The path seen from the root of both, such as <c>src/Shared</c>; null when it leads out of the root.</summary>
    public static string? Join(string folder, string path)
    {
        if (path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }
        List<string> parts = [];
        foreach (var part in $"{folder}/{path}".Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (part)
            {
                case ".":
                    break;
                case ".." when parts.Count == 0:
                    return null;
                case "..":
                    parts.RemoveAt(parts.Count - 1);
                    break;
                default:
                    parts.Add(part);
                    break;
            }
        }
        return parts.Count == 0 ? "." : string.Join('/', parts);
    }

    /// <summary>How <paramref name="path"/> is said in <paramref name="folder"/>, both seen from one root.</summary>
    public static string Relative(string folder, string path)
    {
        var (from, to) = (Parts(folder), Parts(path));
        var same = from.Zip(to).TakeWhile(pair => pair.First == pair.Second).Count();
        string[] parts = [.. Enumerable.Repeat("..", from.Length - same), .. to.Skip(same)];
        return parts.Length == 0 ? "." : string.Join('/', parts);
    }

    /// <summary>The folder a path is in; <c>.</c> at the top.</summary>
    public static string Folder(string path) => path.LastIndexOf('/') is > 0 and var at ? path[..at] : ".";

    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>A file's name without its folder and what follows the last dot.</summary>
    public static string Stem(string path) =>
        Name(path) is var name && name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : name;

    public static bool IsAtOrBelow(string path, string folder) =>
        folder == "." || path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static string[] Parts(string path) =>
        path == "." ? [] : path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}
