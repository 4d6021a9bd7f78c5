using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Builds;

/// <summary>
/// The folder in which a service is built. It stays between builds with its <see cref="Caches"/>, so the next one is quick;
/// everything else in it is exactly the source, so nothing of an earlier build gets into the next artifact.
/// </summary>
/// <param name="root">Mirrors the manifest's folder, as far as the service is built from it.</param>
internal sealed class Workspace(string root, BuildOrder order, SourceHasher hasher)
{
    private const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable =
        Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Root => root;

    /// <summary>Where the build's commands run.</summary>
    public string Folder => Path.GetFullPath(Path.Combine(root, order.Service.Path));

    /// <summary>Makes it the same as the source.</summary>
    /// <returns>What is in it now, read from it and not from the source, in the order of the files.</returns>
    public async Task<IReadOnlyList<DigestedFile>> SyncAsync(IReadOnlyList<SourceFile> files, CancellationToken stop)
    {
        Directory.CreateDirectory(root);
        var wanted = files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var folders = files.SelectMany(file => Above(file.Path)).ToHashSet(StringComparer.Ordinal);
        DropOutput(folders);
        Clean("", wanted, folders);
        foreach (var folder in folders)
        {
            Directory.CreateDirectory(Path.Combine(root, folder));
        }
        var now = new DigestedFile[files.Count];
        await Parallel.ForAsync(
            0,
            files.Count,
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = stop },
            async (at, ended) => now[at] = await SyncAsync(files[at], ended)
        );
        return now;
    }

    private async Task<DigestedFile> SyncAsync(SourceFile file, CancellationToken stop)
    {
        var (from, to) = (Path.Combine(order.Source, file.Path), Path.Combine(root, file.Path));
        var there = Posix.Stat(to);
        if (file.Link is { } target)
        {
            if (there is null)
            {
                File.CreateSymbolicLink(to, target);
            }
            return new(file.Path, file.Stat.IsExecutable, target, "");
        }
        var hash = await hasher.HashAsync(from, file.Stat, stop);
        if (there is null || await hasher.HashAsync(to, there.Value, stop) != hash)
        {
            hash = await CopyAsync(from, to, stop);
        }
        if (there?.IsExecutable != file.Stat.IsExecutable)
        {
            File.SetUnixFileMode(to, file.Stat.IsExecutable ? Executable : Plain);
        }
        return new(file.Path, file.Stat.IsExecutable, null, hash);
    }

    // The copy is as young as it is: with the source's own time, a file put back to an older version would look older than
    // what was compiled from the newer one, and the compiler would not be asked again.
    private static async Task<string> CopyAsync(string from, string to, CancellationToken stop)
    {
        FileStream source;
        try
        {
            source = new(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(BuildProblems.Unreadable(from, caught.Message), caught);
        }
        await using (source)
        {
            File.Delete(to);
            await using var copy = new FileStream(to, FileMode.CreateNew, FileAccess.Write);
            return await SourceHasher.CopyAsync(source, copy, stop);
        }
    }

    private void Clean(string folder, Dictionary<string, SourceFile> wanted, HashSet<string> folders)
    {
        var full = Path.Combine(root, folder);
        string[] names = [.. Directory.EnumerateFileSystemEntries(full).Select(entry => Path.GetFileName(entry))];
        foreach (var name in names)
        {
            var path = folder.Length == 0 ? name : $"{folder}/{name}";
            var isFolder = Posix.Stat(Path.Combine(full, name))?.Kind == FileKind.Folder;
            if (isFolder && folders.Contains(path))
            {
                Clean(path, wanted, folders);
            }
            else if (!(wanted.TryGetValue(path, out var file) && IsStill(file)) && !Caches.Has(folder, name, names))
            {
                Drop(Path.Combine(full, name), isFolder);
            }
        }
    }

    private bool IsStill(SourceFile file)
    {
        var path = Path.Combine(root, file.Path);
        return file.Link is { } target
            ? Posix.Stat(path)?.Kind == FileKind.Link && new FileInfo(path).LinkTarget == target
            : Posix.Stat(path)?.Kind == FileKind.File;
    }

    // An output folder inside a cache, such as bin/Release/publish, would otherwise keep what an earlier build put there.
    private void DropOutput(HashSet<string> folders)
    {
        if (order.Service.Recipe.Output is not { } output)
        {
            return;
        }
        var path = Path.GetFullPath(Path.Combine(Folder, output));
        if (
            path.StartsWith(root + "/", StringComparison.Ordinal)
            && !folders.Contains(path[(root.Length + 1)..])
            && Posix.Stat(path)?.Kind == FileKind.Folder
        )
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static void Drop(string path, bool isFolder)
    {
        if (isFolder)
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    private static IEnumerable<string> Above(string path)
    {
        for (var at = path.LastIndexOf('/'); at > 0; at = path.LastIndexOf('/', at - 1))
        {
            yield return path[..at];
        }
    }
}
