using System.Text;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.State;

/// <summary>A real folder, confined to itself: a link that leads outside does not exist.</summary>
public sealed class FolderTree : IFileTree
{
    private const int TextBytesMax = 1024 * 1024;
    private const long FileBytesMax = 32L << 20;
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );
    private readonly string confine;

    private FolderTree(string root, string confine)
    {
        Root = root;
        this.confine = confine;
    }

    public string Root { get; }

    public static IFileTree Open(string folder)
    {
        var root = Path.GetFullPath(folder);
        return new FolderTree(root, Real(root) ?? root);
    }

    public bool FolderExists(string path) => Find(path) is { } real && Directory.Exists(real);

    public bool FileExists(string path) => Find(path) is { } real && File.Exists(real);

    public string? ReadText(string path)
    {
        if (Find(path) is not { } real || !File.Exists(real))
        {
            return null;
        }
        try
        {
            using var file = File.OpenRead(real);
            if (file.Length > TextBytesMax)
            {
                return null;
            }
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes.Contains((byte)0) ? null : Strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            return null; // To those who look, a file that cannot be read is one without text.
        }
    }

    public byte[]? ReadBytes(string path)
    {
        if (Find(path) is not { } real || !File.Exists(real))
        {
            return null;
        }
        try
        {
            return new FileInfo(real).Length > FileBytesMax ? null : File.ReadAllBytes(real);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return null; // As above.
        }
    }

    public IReadOnlyList<string> List(string folder)
    {
        if (Find(folder) is not { } real || !Directory.Exists(real))
        {
            return [];
        }
        try
        {
            return
            [
                .. new DirectoryInfo(real)
                    .EnumerateFileSystemInfos()
                    .Take(IFileTree.NamesMax)
                    .Where(one => Real(one.FullName) is { } target && IsInside(target))
                    .Select(one => Directory.Exists(one.FullName) ? one.Name + "/" : one.Name)
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public bool IsClosed(string folder)
    {
        try
        {
            if (Find(folder) is { } real && Directory.Exists(real))
            {
                _ = Directory.EnumerateFileSystemEntries(real).Any();
            }
            return false;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    public IFileTree Inside(string folder) => new FolderTree(Path.GetFullPath(Path.Combine(Root, folder)), confine);

    private string? Find(string path)
    {
        var full = Path.GetFullPath(Path.Combine(Root, path));
        return IsInside(full, Root) && Real(full) is { } real && IsInside(real) ? real : null;
    }

    private bool IsInside(string real) => IsInside(real, confine);

    private static bool IsInside(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    // Each part of the way may be a link.
    private static string? Real(string path)
    {
        var real = "/";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            FileSystemInfo entry = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            try
            {
                real = entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next;
            }
            catch (IOException)
            {
                return null; // A circle of links.
            }
        }
        return real;
    }
}
