using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Images;

/// <summary>Writes layers: a tar in the order of names, with one time and one owner, packed by gzip. Nothing of this machine gets in.</summary>
public sealed class LayerFiles(IImageStore store, string path) : ILayers
{
    private const UnixFileMode ReadMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode RunMode =
        ReadMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode OpenMode =
        RunMode | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit;

    public async Task<Layer> WriteAsync(IReadOnlyList<LayerEntry> entries, CancellationToken stop)
    {
        var all = WithFolders(entries);
        var (files, bytes) = (0, 0L);
        await using var draft = await store.BeginAsync(null, stop);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var packed = new GZipStream(new DraftStream(draft), CompressionLevel.Optimal))
        await using (var hashed = new HashedStream(packed, hash))
        // Gnu's and not Pax: .NET writes the process id into Pax's headers.
        await using (var tar = new TarWriter(hashed, TarEntryFormat.Gnu))
        {
            foreach (var one in all)
            {
                stop.ThrowIfCancellationRequested();
                var size = await AddAsync(tar, one, stop);
                (files, bytes) = (files + (one is LayerEntry.Folder ? 0 : 1), bytes + size);
            }
        }
        var made = await draft.FinishAsync(MediaTypes.GzipLayer, stop);
        return new(made, Digest.OfHash(hash.GetCurrentHash()), bytes, files);
    }

    public Task<HostRuntime> RuntimeAsync(string program, string artifact, CancellationToken stop) =>
        Task.Run(() => new HostSearch(path, artifact, stop).Find(program), stop);

    private static async Task<long> AddAsync(TarWriter tar, LayerEntry one, CancellationToken stop)
    {
        switch (one)
        {
            case LayerEntry.Folder folder:
                await WriteAsync(
                    tar,
                    (TarEntryType.Directory, folder.Path + "/"),
                    folder.IsOpen ? OpenMode : RunMode,
                    null,
                    stop
                );
                return 0;
            case LayerEntry.Link link:
                await tar.WriteEntryAsync(Plain(TarEntryType.SymbolicLink, link.Path, RunMode, link.To), stop);
                return 0;
            case LayerEntry.Text text:
                using (var content = new MemoryStream(Encoding.UTF8.GetBytes(text.Content)))
                {
                    await WriteAsync(tar, (TarEntryType.RegularFile, text.Path), ReadMode, content, stop);
                    return content.Length;
                }
            case LayerEntry.Copy copy:
                await using (var file = OpenFile(copy.From))
                {
                    await WriteAsync(
                        tar,
                        (TarEntryType.RegularFile, copy.Path),
                        copy.IsProgram ? RunMode : ReadMode,
                        file,
                        stop
                    );
                    return file.Length;
                }
            default:
                throw new ArgumentException("There are folders, copies, texts and links.", nameof(one));
        }
    }

    private static Task WriteAsync(
        TarWriter tar,
        (TarEntryType Type, string Path) what,
        UnixFileMode mode,
        Stream? content,
        CancellationToken stop
    )
    {
        var entry = Plain(what.Type, what.Path, mode, null);
        if (content is not null)
        {
            entry.DataStream = content;
        }
        return tar.WriteEntryAsync(entry, stop);
    }

    private static GnuTarEntry Plain(TarEntryType type, string path, UnixFileMode mode, string? link)
    {
        var entry = new GnuTarEntry(type, path)
        {
            Mode = mode,
            ModificationTime = DateTimeOffset.UnixEpoch,
            AccessTime = DateTimeOffset.UnixEpoch,
            ChangeTime = DateTimeOffset.UnixEpoch,
            Uid = 0,
            Gid = 0,
        };
        if (link is not null)
        {
            entry.LinkName = link;
        }
        return entry;
    }

    private static SortedDictionary<string, LayerEntry>.ValueCollection WithFolders(IReadOnlyList<LayerEntry> entries)
    {
        var all = new SortedDictionary<string, LayerEntry>(StringComparer.Ordinal);
        foreach (var one in entries)
        {
            if (one.Path.Length == 0 || one.Path.Split('/').Any(static word => word is "" or "." or ".."))
            {
                throw new ArgumentException($"'{one.Path}' is no path in an image.", nameof(entries));
            }
            all[one.Path] = one;
            for (var slash = one.Path.LastIndexOf('/'); slash > 0; slash = one.Path.LastIndexOf('/', slash - 1))
            {
                all.TryAdd(one.Path[..slash], new LayerEntry.Folder(one.Path[..slash]));
            }
        }
        return all.Values;
    }

    private static FileStream OpenFile(string from)
    {
        try
        {
            return new(
                from,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                1 << 16,
                FileOptions.Asynchronous
            );
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(
                new Problem(
                    "image.file",
                    What: $"{from} cannot be put into the image.",
                    Why: caught.Message,
                    Fix: "See that the user that runs Fairlead may read it, then build the image again."
                ),
                caught
            );
        }
    }
}
