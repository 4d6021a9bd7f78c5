using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Fairlead.Drivers.Builds;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Sources;

/// <summary>
/// Puts a folder into an archive to be sent: its files and links in the order of their paths, without times and owners, so that the same
/// folder is the same archive and need not be sent twice.
/// </summary>
/// <param name="root">Absolute path of the folder.</param>
/// <param name="named">Paths below it that go along whatever an ignore file says; null sends all of it.</param>
public sealed class SourcePack(string root, IReadOnlyList<string>? named)
{
    /// <summary>Of files and links.</summary>
    public const int EntriesMax = 100_000;

    /// <summary>Of their content.</summary>
    public const long BytesMax = 2L << 30;

    private const int DepthMax = 100;
    private const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Program =
        Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly List<string> found = [];
    private List<string> names = [];

    /// <summary>Writes the archive.</summary>
    /// <param name="to">Gets tar, compressed by gzip.</param>
    /// <returns>The archive's SHA-256 in lower-case hex, and how many files and links it has.</returns>
    /// <exception cref="ProblemException">The folder cannot be read, or has too much.</exception>
    public async Task<(string Digest, int Entries)> WriteAsync(Stream to, CancellationToken stop)
    {
        try
        {
            Walk();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var counted = new HashedStream(to, hash))
            await using (var zip = new GZipStream(counted, CompressionLevel.Fastest, leaveOpen: true))
            await using (var tar = new TarWriter(zip, TarEntryFormat.Gnu, leaveOpen: true))
            {
                var bytes = 0L;
                foreach (var path in found)
                {
                    stop.ThrowIfCancellationRequested();
                    bytes += await AddAsync(tar, path, stop);
                    if (bytes > BytesMax)
                    {
                        throw new ProblemException(TooLarge());
                    }
                }
            }
            return (Convert.ToHexStringLower(hash.GetHashAndReset()), found.Count);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Unread(caught.Message), caught);
        }
    }

    private void Walk()
    {
        if (named is null)
        {
            Walk("", rules: null);
        }
        else
        {
            var (rules, prefix) = IgnoreRules.Of(root);
            names = [.. prefix];
            Walk("", rules);
        }
        found.Sort(StringComparer.Ordinal);
    }

    private void Walk(string folder, IgnoreRules? rules)
    {
        if (names.Count > DepthMax)
        {
            throw new ProblemException(TooLarge());
        }
        string[] here =
        [
            .. Directory
                .EnumerateFileSystemEntries(Path.Combine(root, folder))
                .Select(static one => Path.GetFileName(one)),
        ];
        foreach (var name in here)
        {
            var path = folder.Length == 0 ? name : $"{folder}/{name}";
            if (Posix.Stat(Path.Combine(root, path)) is not { Kind: not FileKind.Other } stat)
            {
                continue;
            }
            names.Add(name);
            var isFolder = stat.Kind is FileKind.Folder;
            if (rules is null || IsNamed(path) || !IsLeftOut(folder, here, rules, isFolder))
            {
                Take(path, isFolder, rules);
            }
            names.RemoveAt(names.Count - 1);
        }
    }

    private void Take(string path, bool isFolder, IgnoreRules? rules)
    {
        if (isFolder)
        {
            // What is below a folder that the manifest names is as if no file above it had said anything.
            Walk(path, named?.Contains(path) == true ? null : rules?.Inside(Path.Combine(root, path)));
            return;
        }
        found.Add(path);
        if (found.Count > EntriesMax)
        {
            throw new ProblemException(TooLarge());
        }
    }

    private bool IsLeftOut(string folder, string[] here, IgnoreRules rules, bool isFolder) =>
        Caches.Has(folder, names[^1], here) || rules.Ignores(CollectionsMarshal.AsSpan(names), isFolder);

    private bool IsNamed(string path) =>
        named!.Any(one => one == path || one.StartsWith(path + "/", StringComparison.Ordinal));

    private async Task<long> AddAsync(TarWriter tar, string path, CancellationToken stop)
    {
        var full = Path.Combine(root, path);
        var file = new FileInfo(full);
        if (file.LinkTarget is { } link)
        {
            await tar.WriteEntryAsync(Entry(TarEntryType.SymbolicLink, path, Plain, link), stop);
            return 0;
        }
        var entry = Entry(
            TarEntryType.RegularFile,
            path,
            file.UnixFileMode.HasFlag(UnixFileMode.UserExecute) ? Program : Plain,
            link: null
        );
        await using var content = File.OpenRead(full);
        entry.DataStream = content;
        await tar.WriteEntryAsync(entry, stop);
        return content.Length;
    }

    // GNU's form: PAX's headers, as .NET writes them, are called by the number of the process.
    private static GnuTarEntry Entry(TarEntryType type, string path, UnixFileMode mode, string? link)
    {
        var entry = new GnuTarEntry(type, path) { Mode = mode, ModificationTime = DateTimeOffset.UnixEpoch };
        if (link is not null)
        {
            entry.LinkName = link;
        }
        return entry;
    }

    private Problem TooLarge() =>
        new(
            "upload.too-large",
            What: $"{root} is not sent to the server.",
            Why: $"It has more than {EntriesMax} files, more than {BytesMax >> 30} GiB, or folders more than {DepthMax} deep.",
            Fix: "Name what is no source in .fairleadignore or .gitignore."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private Problem Unread(string why) =>
        new(
            "upload.unread",
            What: $"{root} could not be read as a whole.",
            Why: why,
            Fix: "See to it that you may read it, and that nothing changes it meanwhile."
        );
}
