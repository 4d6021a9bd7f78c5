using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Images;

/// <summary>
/// Reads what <c>docker save</c> writes, in one go: files are kept by what they are while they pass, and at the end
/// <c>manifest.json</c> says which of them are the layers: <c>[{"Config":"…","RepoTags":["…"],"Layers":["…/layer.tar"]}]</c>.
/// </summary>
internal sealed class ArchiveImport(IImageStore store)
{
    private const int SmallBytesMax = ManifestReader.BytesMax;
    private const int SmallFilesMax = 2000;
    private const int BufferBytes = 1 << 16;
    private const int LinksMax = 10;

    private readonly Dictionary<string, byte[]> small = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Found> layers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> links = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">It is no such archive.</exception>
    public async Task<Descriptor> RunAsync(Stream archive, CancellationToken stop)
    {
        var tar = new TarReading(archive);
        while (await tar.NextAsync(stop) is { } item)
        {
            var path = item.Path.TrimStart('.', '/');
            switch (item.Kind)
            {
                case TarKind.File:
                    await KeepAsync(tar, item, path, stop);
                    break;
                case TarKind.Link or TarKind.HardLink:
                    // The same layer twice is a link to the first.
                    links[path] =
                        item.Kind is TarKind.Link
                            ? Path.GetFullPath(item.Link, "/" + Path.GetDirectoryName(path)).TrimStart('/')
                            : item.Link.TrimStart('.', '/');
                    break;
            }
        }
        return await FinishAsync(stop);
    }

    private async Task KeepAsync(TarReading tar, TarItem item, string path, CancellationToken stop)
    {
        var start = new byte[(int)Math.Min(item.Size, BufferBytes)];
        await ReadAsync(tar, start, stop);
        var isGzip =
            start.AsSpan().StartsWith("\u001f\u008b"u8) || (start.Length > 2 && start[0] == 0x1f && start[1] == 0x8b);
        var isTar = start.Length > 262 && start.AsSpan(257, 5).SequenceEqual("ustar"u8);
        if (isTar || isGzip || (item.Size > 0 && path.EndsWith("layer.tar", StringComparison.Ordinal)))
        {
            layers[path] = isGzip ? await CopyAsync(tar, start, stop) : await PackAsync(tar, start, stop);
            return;
        }
        if (item.Size > SmallBytesMax || small.Count == SmallFilesMax)
        {
            return;
        }
        var bytes = new byte[item.Size];
        start.CopyTo(bytes, 0);
        await ReadAsync(tar, bytes.AsMemory(start.Length), stop);
        small[path] = bytes;
    }

    private async Task<Found> PackAsync(TarReading tar, byte[] start, CancellationToken stop)
    {
        await using var draft = await store.BeginAsync(null, stop);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var packed = new GZipStream(new DraftStream(draft), CompressionLevel.Optimal))
        {
            await EachAsync(
                tar,
                start,
                async bytes =>
                {
                    hash.AppendData(bytes.Span);
                    await packed.WriteAsync(bytes, stop);
                },
                stop
            );
        }
        return new(await draft.FinishAsync(MediaTypes.GzipLayer, stop), Digest.OfHash(hash.GetCurrentHash()));
    }

    private async Task<Found> CopyAsync(TarReading tar, byte[] start, CancellationToken stop)
    {
        await using var draft = await store.BeginAsync(null, stop);
        await EachAsync(tar, start, async bytes => await draft.AppendAsync(bytes, stop), stop);
        return new(await draft.FinishAsync(MediaTypes.GzipLayer, stop), null);
    }

    private static async Task EachAsync(
        TarReading tar,
        byte[] start,
        Func<ReadOnlyMemory<byte>, Task> take,
        CancellationToken stop
    )
    {
        await take(start);
        var buffer = new byte[BufferBytes];
        for (int count; (count = await tar.ReadAsync(buffer, stop)) > 0; )
        {
            await take(buffer.AsMemory(0, count));
        }
    }

    private static async Task ReadAsync(TarReading tar, Memory<byte> to, CancellationToken stop)
    {
        for (var at = 0; at < to.Length; )
        {
            var count = await tar.ReadAsync(to[at..], stop);
            at += count > 0 ? count : throw new InvalidDataException("It ends in the middle of a file.");
        }
    }

    private async Task<Descriptor> FinishAsync(CancellationToken stop)
    {
        var (configPath, paths) = Read(
            small.GetValueOrDefault("manifest.json") ?? throw new InvalidDataException("It has no manifest.json.")
        );
        var bytes =
            small.GetValueOrDefault(Resolved(configPath)) ?? throw new InvalidDataException($"It has no {configPath}.");
        var config = ImageConfig.Read(bytes);
        if (paths.Count != config.Files.DiffIds.Count)
        {
            throw new InvalidDataException("It has not as many layers as its config names.");
        }
        var found = paths
            .Select(path =>
                layers.GetValueOrDefault(Resolved(path)) ?? throw new InvalidDataException($"It has no {path}.")
            )
            .ToList();
        foreach (var (one, id) in found.Zip(config.Files.DiffIds))
        {
            if (one.Plain is { } plain && plain != id)
            {
                throw new InvalidDataException($"A layer is {plain}, and the config names {id}.");
            }
        }
        var put = await store.PutAsync(MediaTypes.Config, bytes, stop);
        var manifest = new Manifest.Image(MediaTypes.Manifest, put, [.. found.Select(static one => one.Packed)]);
        return await store.PutAsync(MediaTypes.Manifest, ImageJson.Write(manifest), stop) with
        {
            Platform = config.Platform,
        };
    }

    private string Resolved(string path)
    {
        for (var count = 0; count < LinksMax && links.TryGetValue(path, out var to); count++)
        {
            path = to;
        }
        return path;
    }

    private static (string Config, IReadOnlyList<string> Layers) Read(byte[] bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes, new() { MaxDepth = 16 });
            return
                json.RootElement is { ValueKind: JsonValueKind.Array } list
                && list.GetArrayLength() == 1
                && list[0].ValueKind is JsonValueKind.Object
                ? (
                    ManifestReader.Text(list[0], "Config")
                        ?? throw new InvalidDataException("Its manifest.json names no config."),
                    ManifestReader.List(list[0], "Layers")
                )
                : throw new InvalidDataException("Its manifest.json is not of one image.");
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"Its manifest.json is none: {caught.Message}", caught);
        }
    }

    /// <param name="Plain">Its digest unpacked; null when it came packed.</param>
    private sealed record Found(Descriptor Packed, Digest? Plain);
}
