using System.Formats.Tar;
using System.Text.Json;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Images;

/// <summary>
/// An image as one stream that every engine loads: an OCI layout with Docker's own <c>manifest.json</c> beside it, as <c>docker save</c>
/// writes it since version 25. Docker 20 reads the one, Podman and containerd the other.
/// </summary>
internal static class ImageArchive
{
    /// <exception cref="ProblemException">It is an index, or a part of it is not here.</exception>
    public static async Task WriteAsync(IImageStore store, NamedImage image, Stream to, CancellationToken stop)
    {
        var manifest = Read(await store.ReadAsync(image.Image.Digest, stop), image);
        await using var tar = new TarWriter(to, TarEntryFormat.Gnu, leaveOpen: true);
        await AddAsync(tar, "oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray(), stop);
        var index = new Manifest.Index(MediaTypes.Index, [LayoutIndex.Named(image.Name, image.Image)]);
        await AddAsync(tar, "index.json", ImageJson.Write(index), stop);
        await AddAsync(tar, "manifest.json", Docker(manifest, image.Name), stop);
        foreach (var one in manifest.Parts.Prepend(image.Image).DistinctBy(static one => one.Digest))
        {
            await using var content = store.Open(one.Digest);
            await AddAsync(tar, PathOf(one), content, stop);
        }
    }

    private static byte[] Docker(Manifest.Image manifest, ImageReference name) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new[]
            {
                new
                {
                    Config = PathOf(manifest.Config),
                    // An engine takes no digest for a name.
                    RepoTags = name.Tag is { } tag ? new[] { $"{name.Name}:{tag}" } : [],
                    Layers = manifest.Layers.Select(PathOf),
                },
            }
        );

    private static Manifest.Image Read(byte[] bytes, NamedImage image)
    {
        try
        {
            return ManifestReader.Read(bytes, image.Image.MediaType) as Manifest.Image
                ?? throw new InvalidDataException("It is an index of several images; an engine loads one.");
        }
        catch (InvalidDataException caught)
        {
            throw new ProblemException(ImageProblems.Broken($"{image.Name}", caught.Message), caught);
        }
    }

    private static string PathOf(Descriptor one) => $"blobs/sha256/{one.Digest.Hex}";

    private static async Task AddAsync(TarWriter tar, string path, byte[] bytes, CancellationToken stop)
    {
        using var content = new MemoryStream(bytes);
        await AddAsync(tar, path, content, stop);
    }

    private static Task AddAsync(TarWriter tar, string path, Stream content, CancellationToken stop) =>
        tar.WriteEntryAsync(
            new GnuTarEntry(TarEntryType.RegularFile, path)
            {
                DataStream = content,
                ModificationTime = DateTimeOffset.UnixEpoch,
            },
            stop
        );
}
