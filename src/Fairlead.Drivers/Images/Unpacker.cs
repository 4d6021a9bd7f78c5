using System.IO.Compression;
using System.Security.Cryptography;
using Fairlead.Drivers.Builds;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Images;

/// <summary>
/// Puts an image's layers into a folder, one over the other. An image may be an enemy's: no path and no link leads out of the folder, devices
/// and the rights of owners are left out, and how much comes out of how little does not matter, since the sum has a limit.
/// </summary>
internal sealed class Unpacker(IImageStore store, string root, UnpackLimits limits)
{
    private const string Whiteout = ".wh.";
    private const string Opaque = ".wh..wh..opq";
    private const int LinksMax = 40;
    private const int NameBytesMax = 255;

    private long bytes;
    private int entries;
    private int devices;

    public async Task<UnpackedImage> RunAsync(Manifest.Image manifest, ImageConfig config, CancellationToken stop)
    {
        if (manifest.Layers.Count != config.Files.DiffIds.Count)
        {
            throw new InvalidDataException("It has not as many layers as its config names.");
        }
        foreach (var (layer, id) in manifest.Layers.Zip(config.Files.DiffIds))
        {
            await LayerAsync(layer, id, stop);
        }
        return new(root, entries, bytes, devices);
    }

    private async Task LayerAsync(Descriptor layer, Digest id, CancellationToken stop)
    {
        var packing =
            MediaTypes.PackingOf(layer.MediaType)
            ?? throw new InvalidDataException(
                $"Its layer {layer.Digest.Start} is {layer.MediaType}, which is not read."
            );
        await using var file = store.Open(layer.Digest);
        await using var plain = packing is Packing.Gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var watched = new WatchedStream(plain, hash, limits.BytesMax);
        var tar = new TarReading(watched);
        // What this layer has made is not taken away by its own whiteouts, in whatever order they come.
        var made = new HashSet<string>(StringComparer.Ordinal);
        while (await tar.NextAsync(stop) is { } item)
        {
            if (++entries > limits.EntriesMax)
            {
                throw new InvalidDataException($"It has more than {limits.EntriesMax} files.");
            }
            await PlaceAsync(tar, item, made, stop);
        }
        await watched.DrainAsync(stop);
        if (Digest.OfHash(hash.GetCurrentHash()) != id)
        {
            throw new InvalidDataException($"Its layer {layer.Digest.Start} is not the {id} that its config names.");
        }
    }

    private async Task PlaceAsync(TarReading tar, TarItem item, HashSet<string> made, CancellationToken stop)
    {
        var words = Words(item.Path);
        if (words.Count == 0)
        {
            return;
        }
        var (folder, name) = (Folder(words[..^1]), words[^1]);
        if (name == Opaque)
        {
            Clear(folder, made);
            return;
        }
        if (name.StartsWith(Whiteout, StringComparison.Ordinal))
        {
            var gone = name[Whiteout.Length..];
            var path = Path.Combine(folder, gone);
            if (gone.Length > 0 && gone is not ("." or "..") && !made.Contains(path))
            {
                Remove(path);
            }
            return;
        }
        var target = Path.Combine(folder, name);
        made.Add(target);
        switch (item.Kind)
        {
            case TarKind.Folder:
                MakeFolder(target, item.Mode);
                break;
            case TarKind.File:
                Remove(target);
                await WriteAsync(tar, item, target, stop);
                break;
            case TarKind.Link:
                Remove(target);
                // Where it leads is of no matter here: nobody follows it but within this folder.
                File.CreateSymbolicLink(
                    target,
                    item.Link.Length > 0
                        ? item.Link
                        : throw new InvalidDataException($"The link {item.Path} leads nowhere.")
                );
                break;
            case TarKind.HardLink:
                Copy(item, target);
                break;
            case TarKind.Device:
                devices++;
                break;
        }
    }

    private async Task WriteAsync(TarReading tar, TarItem item, string target, CancellationToken stop)
    {
        await using var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
        var buffer = new byte[1 << 16];
        for (int count; (count = await tar.ReadAsync(buffer, stop)) > 0; )
        {
            Count(count);
            await file.WriteAsync(buffer.AsMemory(0, count), stop);
        }
        File.SetUnixFileMode(file.SafeFileHandle, ModeOf(item.Mode));
    }

    // As a file of its own: .NET makes no hard links, and one more way to reach a file is one more way to change it.
    private void Copy(TarItem item, string target)
    {
        var words = Words(item.Link);
        var from = words.Count == 0 ? root : Path.Combine(Folder(words[..^1]), words[^1]);
        if (Posix.Stat(from) is not { Kind: FileKind.File, Size: var size })
        {
            throw new InvalidDataException($"The hard link {item.Path} leads to no file of the image.");
        }
        if (from == target)
        {
            return;
        }
        Count(size);
        Remove(target);
        File.Copy(from, target);
    }

    private void Count(long more)
    {
        bytes += more;
        if (bytes > limits.BytesMax)
        {
            throw new InvalidDataException($"It has more than {limits.BytesMax >> 20} MiB unpacked.");
        }
    }

    private static void MakeFolder(string target, int mode)
    {
        if (Posix.Stat(target) is not { Kind: FileKind.Folder })
        {
            Remove(target);
            Directory.CreateDirectory(target);
        }
        // Ours to write in, whatever it says: more layers may come, and it must be removable.
        File.SetUnixFileMode(
            target,
            ModeOf(mode) | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
    }

    /// <summary>A folder in the root, by whatever links lead to it; made where it is missing.</summary>
    private string Folder(IReadOnlyList<string> words)
    {
        var (path, open, links) = (new List<string>(), new Stack<string>(words.Reverse()), 0);
        while (open.TryPop(out var word))
        {
            if (word == "..")
            {
                // Above the root is the root.
                path.RemoveRange(Math.Max(path.Count - 1, 0), Math.Min(path.Count, 1));
                continue;
            }
            var at = Path.Combine([root, .. path, word]);
            switch (Posix.Stat(at))
            {
                case null:
                    Directory.CreateDirectory(at);
                    path.Add(word);
                    break;
                case { Kind: FileKind.Folder }:
                    path.Add(word);
                    break;
                case { Kind: FileKind.Link }:
                    var to = new FileInfo(at).LinkTarget ?? "";
                    if (++links > LinksMax || to.Length == 0)
                    {
                        throw new InvalidDataException(
                            $"Links in it go round in circles at {string.Join('/', path.Append(word))}."
                        );
                    }
                    if (to.StartsWith('/'))
                    {
                        path.Clear();
                    }
                    foreach (var next in to.Split('/').Where(static one => one is not ("" or ".")).Reverse())
                    {
                        open.Push(next);
                    }
                    break;
                default:
                    throw new InvalidDataException(
                        $"It takes the file {string.Join('/', path.Append(word))} for a folder."
                    );
            }
        }
        return Path.Combine([root, .. path]);
    }

    private static List<string> Words(string path)
    {
        var words = path.Split('/').Where(static one => one is not ("" or ".")).ToList();
        return words.Contains("..") || path.Contains('\0', StringComparison.Ordinal)
                ? throw new InvalidDataException($"A path in it leads out of the image: {Shown(path)}")
            : words.Exists(static one => System.Text.Encoding.UTF8.GetByteCount(one) > NameBytesMax)
                ? throw new InvalidDataException($"A name in it is longer than {NameBytesMax} bytes.")
            : words;
    }

    private static void Clear(string folder, HashSet<string> made)
    {
        foreach (var one in Directory.EnumerateFileSystemEntries(folder).ToList())
        {
            if (made.Contains(one))
            {
                continue;
            }
            if (
                Posix.Stat(one) is { Kind: FileKind.Folder }
                && made.Any(path => path.StartsWith(one + "/", StringComparison.Ordinal))
            )
            {
                Clear(one, made);
                continue;
            }
            Remove(one);
        }
    }

    private static void Remove(string path)
    {
        switch (Posix.Stat(path))
        {
            case null:
                return;
            case { Kind: FileKind.Folder }:
                // .NET removes links in it, and does not go along them.
                Directory.Delete(path, recursive: true);
                return;
            default:
                File.Delete(path);
                return;
        }
    }

    // Without the bits that would let a program become its file's owner.
    private static UnixFileMode ModeOf(int mode) =>
        (UnixFileMode)(mode & 0b111_111_111) | UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static string Shown(string path) =>
        string.Concat(path.Take(100).Select(static one => char.IsControl(one) ? '?' : one));

    /// <summary>Hashes what goes through, and ends when it is too much.</summary>
    private sealed class WatchedStream(Stream from, IncrementalHash hash, long bytesMax) : Stream
    {
        private long read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => read;
            set => throw new NotSupportedException();
        }

        public async Task DrainAsync(CancellationToken stop)
        {
            var buffer = new byte[1 << 16];
            while (await ReadAsync(buffer, stop) > 0) { }
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var count = await from.ReadAsync(buffer, cancellationToken);
            hash.AppendData(buffer.Span[..count]);
            read += count;
            // A tar is a little larger than its files.
            return read <= bytesMax + (bytesMax >> 3) + (1 << 20)
                ? count
                : throw new InvalidDataException($"It has more than {bytesMax >> 20} MiB unpacked.");
        }

        public override Task<int> ReadAsync(
            byte[] buffer,
            int offset,
            int count,
            CancellationToken cancellationToken
        ) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

/// <summary>How much comes out of an image at most.</summary>
internal sealed record UnpackLimits
{
    public long BytesMax { get; init; } = 40L << 30;

    public int EntriesMax { get; init; } = 1_000_000;
}
