using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Web;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Roles.Edge.Files;

/// <summary>Looks once at everything in a release's folder. Small files are read on the way, as far as there is room.</summary>
/// <param name="hot">Room for small files in memory.</param>
internal sealed class SiteScan(string root, HotBytes hot, CancellationToken stop)
{
    public const int FilesMax = 50_000;
    private const int DepthMax = 50;
    private const int ETagBytes = 16;

    private static readonly (string Ending, string Encoding)[] Shipped =
    [
        (".br", "br"),
        (".zst", "zstd"),
        (".gz", "gzip"),
    ];

    private readonly ConfinedFolder confined = new(root);
    private readonly Dictionary<string, FileInfo> found = new(StringComparer.Ordinal);

    // Two releases may hold files of one size and time: what a browser keeps of one must not pass for the other's.
    private readonly string release = Convert.ToHexStringLower(XxHash64.Hash(Encoding.UTF8.GetBytes(root)));

    /// <exception cref="IOException">The folder cannot be read.</exception>
    public SiteFiles Run()
    {
        var isWhole = Walk(confined.Root, "", [confined.Root]);
        var files = new Dictionary<string, SiteFile>(StringComparer.Ordinal);
        foreach (var (name, info) in found)
        {
            stop.ThrowIfCancellationRequested();
            if (!SiteRules.IsRuleFile(name[1..]))
            {
                files.Add(name, Read(name, info));
            }
        }
        foreach (var file in files.Values)
        {
            file.Encoded = [.. ShippedWith(file, files).OrderBy(body => body.Length)];
        }
        return new SiteFiles(files, SiteRules.Read(ReadRules), isWhole);
    }

    /// <summary>One file as it is, for what the scan had no room for.</summary>
    public SiteFile Describe(string name, FileInfo info) => File(name, info, bytes: null);

    // Links are followed inside the folder; one that leads to a folder above itself would never end.
    private bool Walk(string folder, string name, HashSet<string> above)
    {
        if (above.Count > DepthMax)
        {
            return false;
        }
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            stop.ThrowIfCancellationRequested();
            if (found.Count >= FilesMax)
            {
                return false;
            }
            var path = $"{name}/{entry.Name}";
            switch (entry.LinkTarget is null && !entry.Name.StartsWith('.') ? entry : confined.Find(path))
            {
                case FileInfo file:
                    found[path] = file;
                    break;
                case DirectoryInfo inner when above.Add(inner.FullName):
                    var isDone = Walk(inner.FullName, path, above);
                    above.Remove(inner.FullName);
                    if (!isDone)
                    {
                        return false;
                    }
                    break;
            }
        }
        return true;
    }

    private SiteFile Read(string name, FileInfo info)
    {
        var isRead = hot.TryTake(info.Length);
        return File(name, info, isRead ? System.IO.File.ReadAllBytes(info.FullName) : null);
    }

    private SiteFile File(string name, FileInfo info, byte[]? bytes)
    {
        var type = ContentTypes.Of(info.Name.Length > 0 ? name : info.Name);
        var hash = bytes is null ? null : Convert.ToHexStringLower(SHA256.HashData(bytes));
        var length = bytes?.Length ?? info.Length;
        var tag = hash is null
            ? string.Create(CultureInfo.InvariantCulture, $"{release}-{length:x}-{info.LastWriteTimeUtc.Ticks:x}")
            : hash[..(2 * ETagBytes)];
        // HTTP's dates have no fractions.
        var modified = new DateTimeOffset(
            info.LastWriteTimeUtc.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond,
            TimeSpan.Zero
        );
        return new SiteFile
        {
            Name = name,
            Type = type,
            ContentType = type,
            CacheControl = Fingerprint.CacheControl(name[(name.LastIndexOf('/') + 1)..]),
            Modified = modified,
            LastModified = modified.ToString("R", CultureInfo.InvariantCulture),
            Plain = new Body(StringValues.Empty, info.FullName, length, $"\"{tag}\"", bytes),
            Hash = hash,
            IsPage = ContentTypes.IsPage(type),
            IsAsset = ContentTypes.IsAsset(type),
        };
    }

    private static IEnumerable<Body> ShippedWith(SiteFile file, Dictionary<string, SiteFile> files)
    {
        foreach (var (ending, encoding) in Shipped)
        {
            if (files.TryGetValue(file.Name + ending, out var other) && other.Plain.Length < file.Plain.Length)
            {
                yield return other.Plain with
                {
                    Encoding = encoding,
                    ETag = Tag(file.Plain.ETag, encoding, other.Plain.ETag),
                };
            }
        }
    }

    // A build may ship another compressed file beside the same plain one.
    private static string Tag(StringValues plain, string encoding, StringValues own) =>
        $"{plain.ToString()[..^1]}-{encoding}-{own.ToString()[1..]}";

    private string? ReadRules(string name) =>
        found.TryGetValue("/" + name, out var info) && info.Length <= SiteRules.FileBytesMax
            ? System.IO.File.ReadAllText(info.FullName)
            : null;
}

/// <summary>All files of a release.</summary>
/// <param name="ByName">By their places, such as <c>/docs/a.txt</c>.</param>
/// <param name="IsWhole">Every file is there; otherwise what is missing may be on the disk.</param>
internal sealed record SiteFiles(IReadOnlyDictionary<string, SiteFile> ByName, SiteRules Rules, bool IsWhole);
