namespace Fairlead.Roles.Edge.Files;

/// <summary>Finds files below a folder and nowhere else: no way up, no hidden files, no link that leads out.</summary>
internal sealed class ConfinedFolder(string folder)
{
    private const int LinksMax = 8;
    private const int PathCharsMax = 2_000;

    private readonly string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    public string Root => root;

    /// <summary>The file or folder at a request's path; null when there is none to be shown.</summary>
    /// <param name="path">Decoded, with a slash in front.</param>
    public FileSystemInfo? Find(string path)
    {
        var trimmed = path.TrimEnd('/');
        if (trimmed.Length > PathCharsMax || Resolve(root + trimmed, links: 0) is not { } real)
        {
            return null;
        }
        return Directory.Exists(real) ? new DirectoryInfo(real)
            : File.Exists(real) ? new FileInfo(real)
            : null;
    }

    // What is opened in the end is a path without any link in it, so what was checked is what is opened.
    private string? Resolve(string path, int links)
    {
        if (!IsShown(path))
        {
            return null;
        }
        for (var slash = root.Length; slash < path.Length; )
        {
            var next = path.IndexOf('/', slash + 1);
            next = next < 0 ? path.Length : next;
            if (new FileInfo(path[..next]).LinkTarget is { } target)
            {
                return links == LinksMax
                    ? null
                    : Resolve(Path.GetFullPath(target, path[..slash]) + path[next..], links + 1);
            }
            slash = next;
        }
        return path;
    }

    // .well-known (RFC 8615) is the one name with a dot in front that is meant to be seen.
    private bool IsShown(string path)
    {
        if (path == root)
        {
            return true;
        }
        if (!path.StartsWith(root + "/", StringComparison.Ordinal))
        {
            return false;
        }
        var isFirst = true;
        foreach (var range in path.AsSpan(root.Length + 1).Split('/'))
        {
            var name = path.AsSpan(root.Length + 1)[range];
            if (name.IsEmpty || (name[0] == '.' && !(isFirst && name is ".well-known")))
            {
                return false;
            }
            isFirst = false;
        }
        return true;
    }
}
