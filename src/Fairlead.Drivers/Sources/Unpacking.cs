using System.Formats.Tar;

namespace Fairlead.Drivers.Sources;

/// <summary>
/// Unpacks an archive of somebody else's into an empty folder: only files, folders, and links that stay inside of it; nothing twice, nothing
/// through a link, bounded.
/// </summary>
internal sealed class Unpacking(string place)
{
    private const int PathLettersMax = 1_000;
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly HashSet<string> folders = new(StringComparer.Ordinal) { "" };

    /// <summary>Of all files so far.</summary>
    public long Bytes { get; private set; }

    /// <exception cref="InvalidDataException">It must not be unpacked.</exception>
    public async Task AddAsync(TarEntry entry, CancellationToken stop)
    {
        var path = PathOf(entry.Name);
        if (entry.EntryType is TarEntryType.Directory)
        {
            MakeFolder(path);
            return;
        }
        if (folders.Contains(path) || !taken.Add(path) || taken.Count > SourcePack.EntriesMax)
        {
            throw new InvalidDataException(
                $"'{Shown(path)}' is there twice, or there are more than {SourcePack.EntriesMax} files."
            );
        }
        MakeFolder(Path.GetDirectoryName(path) ?? "");
        var full = Path.Combine(place, path);
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                await WriteAsync(full, entry, stop);
                break;
            case TarEntryType.SymbolicLink when IsInside(path, entry.LinkName):
                File.CreateSymbolicLink(full, entry.LinkName);
                break;
            default:
                throw new InvalidDataException(
                    $"'{Shown(path)}' is a {entry.EntryType}{(entry.LinkName is { Length: > 0 } to ? $" to '{Shown(to)}'" : "")}: only files and links inside of the folder are taken."
                );
        }
    }

    private async Task WriteAsync(string full, TarEntry entry, CancellationToken stop)
    {
        Bytes += entry.Length;
        if (Bytes > SourcePack.BytesMax)
        {
            throw new InvalidDataException($"It has more than {SourcePack.BytesMax >> 30} GiB.");
        }
        var mode = entry.Mode.HasFlag(UnixFileMode.UserExecute) ? FileMode | UnixFileMode.UserExecute : FileMode;
        await using var file = new FileStream(
            full,
            new FileStreamOptions
            {
                Mode = System.IO.FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = mode,
            }
        );
        if (entry.DataStream is { } content)
        {
            await content.CopyToAsync(file, stop);
        }
    }

    // Each on the way by itself: none of them may be a link that was unpacked before.
    private void MakeFolder(string path)
    {
        if (folders.Contains(path))
        {
            return;
        }
        if (taken.Contains(path) || folders.Count > SourcePack.EntriesMax)
        {
            throw new InvalidDataException($"'{Shown(path)}' is a file and a folder, or there are too many folders.");
        }
        MakeFolder(Path.GetDirectoryName(path) ?? "");
        Directory.CreateDirectory(Path.Combine(place, path), FolderMode);
        folders.Add(path);
    }

    private static string PathOf(string name)
    {
        var path = name.TrimEnd('/');
        if (path.StartsWith("./", StringComparison.Ordinal))
        {
            path = path[2..];
        }
        var isPlain =
            path.Length is > 0 and <= PathLettersMax
            && !path.Contains('\0', StringComparison.Ordinal)
            && path.Split('/').All(static part => part is not ("" or "." or ".."));
        return isPlain ? path : throw new InvalidDataException($"'{Shown(name)}' is no path inside of the folder.");
    }

    private static bool IsInside(string path, string target)
    {
        if (
            target.Length is 0 or > PathLettersMax
            || target.StartsWith('/')
            || target.Contains('\0', StringComparison.Ordinal)
        )
        {
            return false;
        }
        // Only at the front, where they are counted from real folders: after a name, which may be a link, they could lead anywhere.
        var parts = target.Split('/');
        var ups = parts.TakeWhile(static part => part is "..").Count();
        return ups <= path.Split('/').Length - 1 && !parts.Skip(ups).Contains("..");
    }

    private static string Shown(string text) =>
        string.Concat(text.Take(200).Where(static letter => !char.IsControl(letter)));
}
