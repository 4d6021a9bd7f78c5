using System.Globalization;
using System.Text;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Git;

/// <summary>
/// Git LFS keeps large files elsewhere, and in commits only pointers to them. What would be deployed with such a pointer in a file's place is broken in a way that is seen late;
/// so the files are fetched where git-lfs is installed, and else the commit is refused.
/// </summary>
/// <param name="storage">The folder in which git-lfs keeps what it fetched, for all commits.</param>
internal sealed class GitPointers(GitOrder order, GitAccess git, string storage)
{
    private const string Begin = "version https://git-lfs.github.com/spec/";

    // By its specification; all that are written have between 120 and 140.
    private const int BytesMin = 64;
    private const int BytesMax = 1_024;
    private const int ShownMax = 5;

    /// <exception cref="ProblemException">There are pointers, and the files that they stand for cannot be had.</exception>
    public async Task FillAsync(string top, IReadOnlyList<ModuleTree> trees, CancellationToken stop)
    {
        var bytes = 0L;
        foreach (var tree in trees)
        {
            var pointers = await PointersAsync(tree.Folder, tree.Entries, stop);
            if (pointers.Count == 0)
            {
                continue;
            }
            bytes += pointers.Sum(path => SizeIn(Path.Combine(tree.Folder, path)));
            if (bytes > GitModules.TreeBytesMax)
            {
                throw new ProblemException(
                    GitProblems.TooMuch(
                        order.Source,
                        $"Its files in Git LFS are more than {GitModules.TreeBytesMax >> 30} GiB"
                    )
                );
            }
            var errors = await FetchAsync(tree, pointers, stop);
            var left = await PointersAsync(tree.Folder, tree.Entries, stop);
            if (left.Count > 0 || errors is not null)
            {
                var shown = left.Count > 0 ? left : pointers;
                throw new ProblemException(
                    GitProblems.Pointers(
                        order.Source,
                        [
                            .. shown
                                .Take(ShownMax)
                                .Select(path => Path.GetRelativePath(top, Path.Combine(tree.Folder, path))),
                        ],
                        shown.Count,
                        errors
                    )
                );
            }
        }
    }

    /// <returns>Why it could not; null when it could, or when there is no git-lfs.</returns>
    private async Task<string?> FetchAsync(ModuleTree tree, IReadOnlyList<string> paths, CancellationToken stop)
    {
        var url = new Uri(tree.Url);
        if (
            url.Scheme is not ("https" or "http" or "ssh")
            || (await git.HereAsync(order.Source, ["lfs", "version"], stop)).Code != 0
        )
        {
            return null;
        }
        var there = order with
        {
            Url = tree.Url,
            Token = ModuleAddress.IsSame(url, new Uri(order.Url)) ? order.Token : null,
        };
        // Asks whether the host may be asked at all; git-lfs looks it up once more.
        _ = await git.ReachingAsync(there, stop);
        Directory.CreateDirectory(storage);
        foreach (var (name, value) in GitSettings.Filters)
        {
            // Also for builds that ask git what changed.
            await git.DoneAsync(order.Source, ["-C", tree.Folder, "config", name, value], stop);
        }
        foreach (var some in paths.Chunk(500))
        {
            foreach (var path in some)
            {
                File.Delete(Path.Combine(tree.Folder, path));
            }
            var answer = await git.ReachAsync(
                there,
                (
                    [
                        "-C",
                        tree.Folder,
                        "checkout",
                        "--quiet",
                        "--force",
                        "--",
                        .. some.Select(static one => $":(top,literal){one}"),
                    ],
                    storage
                ),
                GitSettings.Lfs(there, git.Home, storage),
                stop
            );
            if (answer.Code != 0)
            {
                return answer.Errors;
            }
        }
        return null;
    }

    private static long SizeIn(string path)
    {
        var line = File.ReadLines(path).FirstOrDefault(static one => one.StartsWith("size ", StringComparison.Ordinal));
        return long.TryParse(line?["size ".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? Math.Min(size, GitModules.TreeBytesMax + 1)
            : 0;
    }

    /// <summary>Files that are kept elsewhere by the word of the repository, and are not here.</summary>
    private async Task<IReadOnlyList<string>> PointersAsync(
        string folder,
        IReadOnlyList<GitEntry> entries,
        CancellationToken stop
    )
    {
        List<string> pointers =
        [
            .. entries
                .Where(one => one.IsFile && one.Bytes is >= BytesMin and < BytesMax && IsPointer(folder, one.Path))
                .Select(static one => one.Path),
        ];
        if (pointers.Count == 0)
        {
            return [];
        }
        // A file that only looks like one, such as an example in a manual, is what it is.
        List<string> kept = [];
        foreach (var some in pointers.Chunk(500))
        {
            var answer = await git.DoneAsync(
                order.Source,
                ["-C", folder, "check-attr", "-z", "filter", "--", .. some],
                stop
            );
            var words = answer.Output.Split('\0');
            for (var at = 0; at + 2 < words.Length; at += 3)
            {
                if (words[at + 2] == "lfs")
                {
                    kept.Add(words[at]);
                }
            }
        }
        return kept;
    }

    private static bool IsPointer(string folder, string path)
    {
        var file = new FileInfo(Path.Combine(folder, path));
        if (!file.Exists || file.LinkTarget is not null)
        {
            return false;
        }
        Span<byte> bytes = stackalloc byte[Begin.Length];
        using var stream = file.OpenRead();
        return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
            && Encoding.ASCII.GetString(bytes) == Begin;
    }
}
