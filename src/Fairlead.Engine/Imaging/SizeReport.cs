using System.Globalization;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Imaging;

/// <summary>How large an image's layers are, and what would make them smaller. Pure.</summary>
public static class SizeReport
{
    private const long LargeBytes = 200L << 20;
    private const int ShareOfNote = 10;

    // What images carry for nothing, by a word of the path.
    private static readonly (string What, Func<string, bool> Is, string Advice)[] Ballast =
    [
        (
            ".git",
            static path => Words(path).Contains(".git"),
            "the repository itself: add .git to .gitignore's builds, or do not copy it"
        ),
        (
            "source maps",
            static path => path.EndsWith(".map", StringComparison.Ordinal),
            "browsers and errors find them elsewhere: fairlead error sourcemaps"
        ),
        (
            "debug symbols",
            static path =>
                path.EndsWith(".pdb", StringComparison.Ordinal)
                || path.EndsWith(".debug", StringComparison.Ordinal)
                || path.EndsWith(".dbg", StringComparison.Ordinal),
            "for .NET: -p:DebugType=none; for others: strip"
        ),
        (
            "tests of packages",
            static path => Words(path).Any(static word => word is "test" or "tests" or "__tests__") && IsPackage(path),
            "no program needs the tests of its packages"
        ),
        (
            "caches of tools",
            static path => Words(path).Any(static word => word is ".cache" or "__pycache__" or ".npm"),
            "builds need them, programs do not: remove them at the end of the build"
        ),
        (
            "TypeScript's sources of packages",
            static path => path.EndsWith(".ts", StringComparison.Ordinal) && IsPackage(path),
            "npm ci --omit=dev after the build leaves fewer"
        ),
    ];

    /// <param name="sizeOf">Bytes of a file of this machine.</param>
    public static LayerSize Of(string title, Layer layer, IReadOnlyList<LayerEntry> entries, Func<string, long> sizeOf)
    {
        var sizes = entries.OfType<LayerEntry.Copy>().Select(one => (one.Path, Bytes: sizeOf(one.From))).ToList();
        return new(title, layer.Packed.Digest.ToString(), layer.Packed.Size, layer.Bytes, layer.Files)
        {
            Largest =
            [
                .. sizes
                    .GroupBy(static one => Place(one.Path))
                    .Select(static group => (Place: group.Key, Bytes: group.Sum(static one => one.Bytes)))
                    .OrderByDescending(static one => one.Bytes)
                    .ThenBy(static one => one.Place, StringComparer.Ordinal)
                    .Take(3)
                    .Select(static one => $"{one.Place} {Text(one.Bytes)}"),
            ],
            Advice = [.. AdviceOf(sizes, layer.Bytes)],
        };
    }

    /// <summary>Such as <c>12.4 MB</c>.</summary>
    public static string Text(long bytes) =>
        bytes switch
        {
            < 1000 => $"{bytes} B",
            < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
            < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
        };

    private static IEnumerable<string> AdviceOf(List<(string Path, long Bytes)> sizes, long all)
    {
        foreach (var (what, isIt, advice) in Ballast)
        {
            var found = sizes.Where(one => isIt(one.Path)).Sum(static one => one.Bytes);
            if (found > 0 && (found * ShareOfNote > all || found > 5_000_000))
            {
                yield return $"{Text(found)} are {what}: {advice}.";
            }
        }
        if (all > LargeBytes)
        {
            yield return $"It has {Text(all)} unpacked: every machine that runs it fetches that once for each change.";
        }
    }

    // node_modules/react, usr/lib: deep enough to act on.
    private static string Place(string path)
    {
        var words = Words(path);
        var package = Array.FindIndex(words, static word => word is "node_modules" or "site-packages");
        return package >= 0 && package + 2 < words.Length ? string.Join('/', words[..(package + 2)])
            : words.Length > 3 ? string.Join('/', words[..3])
            : path;
    }

    private static bool IsPackage(string path) =>
        Words(path).Any(static word => word is "node_modules" or "site-packages");

    private static string[] Words(string path) => path.Split('/');
}

/// <summary>A layer's size.</summary>
/// <param name="Packed">Bytes that travel.</param>
/// <param name="Bytes">Of its files, unpacked.</param>
public sealed record LayerSize(string Title, string Digest, long Packed, long Bytes, int Files)
{
    /// <summary>The places that hold most of it.</summary>
    public IReadOnlyList<string> Largest { get; init; } = [];

    public IReadOnlyList<string> Advice { get; init; } = [];
}
