using System.Text;
using Fairlead.Engine.Guarding.Scanning.Config;
using Fairlead.Engine.Guarding.Scanning.Secrets;
using Fairlead.Model.Ports;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>What a scan needs of the world.</summary>
/// <param name="Readers">Of files that name exact packages.</param>
/// <param name="Scanners">Programs of their own, such as a virus scanner.</param>
public sealed record ScanPorts(
    IReadOnlyList<IComponentReader> Readers,
    IAdvisories Advisories,
    IReadOnlyList<IScanner> Scanners
);

/// <summary>Everything that a scan found, by kind.</summary>
public sealed record ScanResult(IReadOnlyList<ScanPart> Parts, Inventory Inventory)
{
    public IEnumerable<Finding> Findings => Parts.SelectMany(static one => one.Findings);

    public IEnumerable<string> Unknown => Parts.SelectMany(static one => one.Unknown);
}

/// <summary>Looks through a folder once, for all kinds that were asked for.</summary>
public sealed class FolderScan(ScanPorts ports, World world)
{
    private const int FilesMax = 50_000;
    private const int DepthMax = 40;
    private const int FileBytesMax = 1 << 20;
    private const long BytesMax = 512L << 20;
    private const int FindingsMax = 1_000;

    // What tools make or fetch: whose it is, is scanned where it is made. Lock files say what is in them.
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        ".git",
        ".hg",
        ".svn",
        "node_modules",
        ".venv",
        "venv",
        "__pycache__",
        ".terraform",
        ".gradle",
        ".mypy_cache",
        ".tox",
        "bower_components",
    };

    private static readonly HashSet<string> Binary = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".webp",
        ".avif",
        ".ico",
        ".pdf",
        ".zip",
        ".gz",
        ".tgz",
        ".xz",
        ".zst",
        ".bz2",
        ".jar",
        ".war",
        ".dll",
        ".exe",
        ".so",
        ".dylib",
        ".a",
        ".o",
        ".class",
        ".pyc",
        ".woff",
        ".woff2",
        ".ttf",
        ".otf",
        ".eot",
        ".mp3",
        ".mp4",
        ".webm",
        ".mov",
        ".wasm",
        ".map",
        ".nupkg",
        ".whl",
        ".sqlite",
        ".db",
        ".pdb",
        ".svg",
    };

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public async Task<ScanResult> RunAsync(IFileTree tree, ScanPolicy policy, CancellationToken stop)
    {
        var sight = new Sight(tree, policy, ports.Readers);
        sight.Look(stop);
        var inventory = sight.Inventory();
        var parts = new List<ScanPart>();
        foreach (var kind in policy.Kinds.Distinct())
        {
            switch (kind)
            {
                case ScanKind.Dependencies:
                    parts.Add(
                        await DependencyScan.RunAsync(inventory, ports.Advisories, world.Now, policy.MaxAge, stop)
                    );
                    break;
                case ScanKind.Licences:
                    parts.Add(LicenceScan.Judge(inventory, policy));
                    break;
                case ScanKind.Secrets:
                    parts.Add(sight.Secrets());
                    break;
                case ScanKind.Config:
                    parts.Add(sight.Config());
                    break;
                default:
                    parts.AddRange(await OthersAsync(kind, tree.Root, stop));
                    break;
            }
        }
        return new(parts, inventory);
    }

    /// <summary>What the folder's lock files name; nothing else is looked at.</summary>
    public Inventory Inventory(IFileTree tree, bool development, CancellationToken stop)
    {
        var sight = new Sight(
            tree,
            new() { Kinds = [ScanKind.Dependencies], Development = development },
            ports.Readers
        );
        sight.Look(stop);
        return sight.Inventory();
    }

    private async Task<IReadOnlyList<ScanPart>> OthersAsync(ScanKind kind, string folder, CancellationToken stop)
    {
        var parts = new List<ScanPart>();
        foreach (var scanner in ports.Scanners.Where(one => one.Kind == kind))
        {
            parts.Add(await scanner.ScanAsync(folder, stop));
        }
        return parts.Count > 0
            ? parts
            : [new(kind, [], [$"Nothing on this machine looks for {kind.ToString().ToLowerInvariant()}."], 0)];
    }

    /// <summary>One walk through a folder.</summary>
    private sealed class Sight(IFileTree tree, ScanPolicy policy, IReadOnlyList<IComponentReader> readers)
    {
        private readonly List<Component> components = [];
        private readonly List<string> unread = [];
        private readonly List<Finding> secrets = [];
        private readonly List<Finding> settings = [];
        private readonly List<string> unseen = [];
        private readonly List<string> unseenSettings = [];
        private readonly HashSet<string> modules = new(StringComparer.Ordinal);
        private (int Files, int Texts, int Settings) count;
        private long bytes;
        private bool isFull;

        private bool Wants(ScanKind kind) => policy.Kinds.Contains(kind);

        public void Look(CancellationToken stop) => Folder("", 0, stop);

        public Inventory Inventory()
        {
            var placed = DebianReleases.Place(tree, new(components, unread));
            return new(
                [
                    .. placed
                        .Components
                        // go.sum names also what is only looked at; where there is a go.mod beside it, that one counts.
                        .Where(one =>
                            !one.File.EndsWith("go.sum", StringComparison.Ordinal)
                            || !modules.Contains(one.File[..^"go.sum".Length])
                        )
                        .Where(one => policy.Development || !one.IsDevelopment),
                ],
                placed.Unread
            );
        }

        public ScanPart Secrets() =>
            new(ScanKind.Secrets, DependencyScan.Ordered(secrets.Take(FindingsMax)), unseen, count.Texts);

        public ScanPart Config() =>
            new(ScanKind.Config, DependencyScan.Ordered(settings.Take(FindingsMax)), unseenSettings, count.Settings);

        private void Folder(string path, int depth, CancellationToken stop)
        {
            var folder = path.Length == 0 ? "." : path;
            var names = tree.List(folder);
            if (names.Count == 0 && tree.IsClosed(folder))
            {
                Unseen($"{folder} may not be looked into.");
                unread.Add($"{folder} may not be looked into.");
            }
            if (names.Count >= IFileTree.NamesMax)
            {
                Unseen($"{folder} has more than {IFileTree.NamesMax} names; what comes after was not looked at.");
            }
            foreach (var name in names)
            {
                stop.ThrowIfCancellationRequested();
                if (isFull)
                {
                    return;
                }
                var whole = path.Length == 0 ? name : $"{path}/{name}";
                if (!name.EndsWith('/'))
                {
                    File(whole);
                }
                else if (depth >= DepthMax)
                {
                    Unseen($"{whole} is more than {DepthMax} folders deep and was not looked at.");
                }
                else if (!Skipped.Contains(name[..^1]))
                {
                    Folder(whole[..^1], depth + 1, stop);
                }
            }
        }

        private void File(string path)
        {
            if (++count.Files > FilesMax || bytes > BytesMax)
            {
                isFull = true;
                Unseen(
                    $"There are more than {FilesMax} files or {BytesMax >> 20} MiB; what comes after {path} was not looked at."
                );
                return;
            }
            var reader = readers.FirstOrDefault(one => one.Reads(path));
            if (reader is not null)
            {
                Packages(path, reader);
            }
            var look = Wants(ScanKind.Config) ? ConfigScan.ReaderOf(path) : null;
            // A lock file holds digests, not secrets.
            if ((look is null && !Wants(ScanKind.Secrets)) || reader is not null || Binary.Contains(Ending(path)))
            {
                return;
            }
            if (Text(path) is not { } text)
            {
                return;
            }
            bytes += text.Length;
            count.Texts++;
            if (Wants(ScanKind.Secrets) && secrets.Count < FindingsMax)
            {
                secrets.AddRange(SecretSearch.Find(path, text));
            }
            if (look?.Invoke(path, text) is { IsOne: true } seen)
            {
                count.Settings++;
                settings.AddRange(seen.Findings);
                unseenSettings.AddRange(seen.Unknown is { } why ? [why] : []);
            }
        }

        private void Packages(string path, IComponentReader reader)
        {
            if (tree.ReadBytes(path) is not { } content)
            {
                unread.Add($"{path} cannot be read, or is too large.");
                return;
            }
            bytes += content.Length;
            var inventory = reader.Read(path, content);
            components.AddRange(inventory.Components);
            unread.AddRange(inventory.Unread);
            if (path.EndsWith("go.mod", StringComparison.Ordinal))
            {
                modules.Add(path[..^"go.mod".Length]);
            }
        }

        // Null for what is no text, which holds no secret that somebody typed.
        private string? Text(string path)
        {
            if (tree.ReadBytes(path) is not { } content)
            {
                Unseen($"{path} cannot be read, or is too large, and was not looked at.");
                return null;
            }
            if (content.AsSpan(0, Math.Min(content.Length, 8_000)).Contains((byte)0))
            {
                return null;
            }
            if (content.Length > FileBytesMax)
            {
                Unseen($"{path} has {content.Length >> 20} MiB; at most {FileBytesMax >> 20} are looked at.");
                return null;
            }
            try
            {
                return Strict.GetString(content);
            }
            catch (DecoderFallbackException)
            {
                // Text of an older encoding: its ASCII is where secrets are.
                return Encoding.Latin1.GetString(content);
            }
        }

        private void Unseen(string why)
        {
            const int ReasonsMax = 50;
            if (unseen.Count < ReasonsMax)
            {
                unseen.Add(why);
                unseenSettings.Add(why);
            }
        }

        private static string Ending(string path)
        {
            var dot = path.LastIndexOf('.');
            return dot < 0 ? "" : path[dot..];
        }
    }
}
