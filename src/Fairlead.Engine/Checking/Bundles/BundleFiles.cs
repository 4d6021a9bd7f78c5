using System.Collections.Concurrent;
using System.IO.Compression;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Checking.Bundles;

/// <summary>Sizes of what a build made, as they lie on the disk and as they go over the wire.</summary>
internal sealed class BundleFiles
{
    private const int FilesMax = 50_000;
    private const int DepthMax = 40;

    private readonly IFileTree tree;
    private readonly ConcurrentDictionary<(string, Packing), long> sizes = new();

    private BundleFiles(IFileTree tree, IReadOnlyList<string> paths) => (this.tree, Paths) = (tree, paths);

    /// <summary>All of them, from the folder, sorted.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <exception cref="ProblemException">There is no such folder, or far too much in it.</exception>
    public static BundleFiles Of(IFileTree tree, string folder)
    {
        if (!tree.FolderExists(folder))
        {
            throw Wrong(
                "check.no-bundle",
                $"There is no folder {folder} in {tree.Root}.",
                "It is made by the build, which was not run.",
                "Run the build first, or name the folder: fairlead check bundle dist"
            );
        }
        var inside = tree.Inside(folder);
        var paths = new List<string>();
        Walk(inside, "", paths, DepthMax);
        paths.Sort(StringComparer.Ordinal);
        return new(inside, paths);
    }

    public string? Text(string path) => tree.ReadText(path);

    /// <summary>In bytes; null for a file that is larger than 32 MiB or cannot be read.</summary>
    public long? Size(string path, Packing packing)
    {
        if (sizes.TryGetValue((path, packing), out var known))
        {
            return known;
        }
        if (tree.ReadBytes(path) is not { } bytes)
        {
            return null;
        }
        var size = packing == Packing.Raw ? bytes.Length : Packed(bytes, packing);
        sizes[(path, packing)] = size;
        return size;
    }

    // As small as can be, which is how servers of static files pack once what they send often.
    private static long Packed(byte[] bytes, Packing packing)
    {
        using var made = new MemoryStream();
        using (
            Stream packer =
                packing == Packing.Gzip
                    ? new GZipStream(made, CompressionLevel.SmallestSize, leaveOpen: true)
                    : new BrotliStream(made, CompressionLevel.SmallestSize, leaveOpen: true)
        )
        {
            packer.Write(bytes);
        }
        return made.Length;
    }

    private static void Walk(IFileTree tree, string folder, List<string> paths, int depth)
    {
        foreach (var name in tree.List(folder))
        {
            var path = folder.Length == 0 ? name : $"{folder}/{name}";
            if (!name.EndsWith('/'))
            {
                paths.Add(path);
            }
            else if (depth > 0)
            {
                Walk(tree, path.TrimEnd('/'), paths, depth - 1);
            }
            if (paths.Count > FilesMax)
            {
                throw Wrong(
                    "check.bundle-too-large",
                    $"{tree.Root} has more than {FilesMax} files.",
                    "That is no site that somebody loads.",
                    "Name the folder that the build makes, such as dist."
                );
            }
        }
    }

    private static ProblemException Wrong(string code, string what, string why, string fix) =>
        new(new Problem(code, what, why, fix) { Trouble = Trouble.WrongUse });
}
