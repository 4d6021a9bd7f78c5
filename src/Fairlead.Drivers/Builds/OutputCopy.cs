using System.Globalization;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Builds;

/// <summary>
/// Copies what a build made into an artifact. Links stay links as long as they lead to a place inside the copy or outside
/// the workspace; one that leads elsewhere in the workspace (a package of the same repository, say) becomes what it points to.
/// </summary>
/// <param name="from">The folder that is copied.</param>
/// <param name="workspace">What will not be there when the artifact runs.</param>
internal sealed class OutputCopy(string from, string workspace, CancellationToken stop)
{
    private const int FilesMax = 1_000_000;
    private const long BytesMax = 16L * 1024 * 1024 * 1024;
    private const int DepthMax = 100;

    private int files;
    private long bytes;

    /// <param name="isSource">The folder is the source folder itself: caches are left out, what was installed for the run is not.</param>
    public void To(string folder, bool isSource) => Copy(from, folder, isSource, DepthMax);

    private void Copy(string source, string target, bool isSource, int depth)
    {
        stop.ThrowIfCancellationRequested();
        Directory.CreateDirectory(target);
        string[] names = [.. Directory.EnumerateFileSystemEntries(source).Select(entry => Path.GetFileName(entry))];
        foreach (var name in names)
        {
            if (isSource && Caches.Has(source, name, names) && !Caches.IsDependency(name))
            {
                continue;
            }
            // What package managers installed is copied as it is, whatever its names.
            One(
                (Path.Combine(source, name), Path.Combine(target, name)),
                isSource && !Caches.IsDependency(name),
                depth
            );
        }
    }

    private void One((string From, string To) path, bool isSource, int depth)
    {
        switch (Posix.Stat(path.From))
        {
            case { Kind: FileKind.Folder } when depth > 0:
                Copy(path.From, path.To, isSource, depth - 1);
                break;
            case { Kind: FileKind.File } stat:
                Count(stat.Size);
                File.Copy(path.From, path.To);
                break;
            case { Kind: FileKind.Link }:
                Link(path, isSource, depth);
                break;
        }
    }

    private void Link((string From, string To) path, bool isSource, int depth)
    {
        Count(0);
        var target = new FileInfo(path.From).LinkTarget!;
        var full = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path.From)!, target));
        if (IsIn(full, from))
        {
            File.CreateSymbolicLink(path.To, Path.GetRelativePath(Path.GetDirectoryName(path.From)!, full));
        }
        else if (IsIn(full, workspace) && Posix.Stat(full) is not null and not { Kind: FileKind.Link } && depth > 0)
        {
            One((full, path.To), isSource, depth - 1);
        }
        else
        {
            File.CreateSymbolicLink(path.To, target);
        }
    }

    private void Count(long size)
    {
        bytes += size;
        if (++files > FilesMax || bytes > BytesMax)
        {
            throw new ProblemException(
                new Problem(
                    "build.artifact-too-large",
                    What: "What the build made is too large to be kept.",
                    Why: string.Create(
                        CultureInfo.InvariantCulture,
                        $"{from} has more than {FilesMax} files or {BytesMax >> 30} GiB."
                    ),
                    Fix: "Set the service's output in fairlead.yaml to the folder that holds only what is run."
                )
            );
        }
    }

    private static bool IsIn(string path, string folder) =>
        path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);
}
