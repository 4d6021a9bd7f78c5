using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Images;

/// <summary>
/// Images in a folder as OCI image layout 1.0 says: <c>oci-layout</c>, <c>index.json</c>, and content by digest under <c>blobs/sha256</c>.
/// skopeo, buildah and containerd read it as it is.
/// </summary>
public sealed class ImageLayout(string folder, World world) : IImageStore
{
    private const int SmallBytesMax = ManifestReader.BytesMax;
    private static readonly TimeSpan SweptAfter = TimeSpan.FromHours(1);

    private readonly LayoutIndex index = new(folder, world);

    public string Folder => folder;

    private string Blobs => Path.Combine(folder, "blobs", "sha256");

    private string Drafts => Path.Combine(folder, "drafts");

    public bool Has(Digest digest) => File.Exists(PathOf(digest));

    public Stream Open(Digest digest)
    {
        try
        {
            return new FileStream(
                PathOf(digest),
                new FileStreamOptions
                {
                    Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                    BufferSize = 0,
                    Share = FileShare.Read | FileShare.Delete,
                }
            );
        }
        catch (Exception caught) when (caught is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProblemException(ImageProblems.Missing(digest, folder), caught);
        }
    }

    public async Task<byte[]> ReadAsync(Digest digest, CancellationToken stop)
    {
        await using var file = Open(digest);
        if (file.Length > SmallBytesMax)
        {
            throw new ProblemException(
                ImageProblems.Broken(
                    digest.ToString(),
                    $"It has {file.Length} bytes, and no manifest has more than {SmallBytesMax}."
                )
            );
        }
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, stop);
        return Digest.Of(bytes) == digest
            ? bytes
            : throw new ProblemException(ImageProblems.Rotten(digest, PathOf(digest)));
    }

    public async Task<Descriptor> PutAsync(string mediaType, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        var described = ImageJson.Describe(mediaType, bytes.Span);
        if (Has(described.Digest))
        {
            Touch(described.Digest);
            return described;
        }
        await using var draft = await BeginAsync(null, stop);
        await draft.AppendAsync(bytes, stop);
        return await draft.FinishAsync(mediaType, stop);
    }

    public async Task<IBlobDraft> BeginAsync(Descriptor? wanted, CancellationToken stop)
    {
        Prepare();
        if (wanted is null)
        {
            return BlobDraft.New(new(Path.Combine(Drafts, world.NewId()), PathOf, null));
        }
        var order = new DraftOrder(Path.Combine(Drafts, wanted.Digest.Hex), PathOf, wanted);
        while (true)
        {
            if (Has(wanted.Digest))
            {
                Touch(wanted.Digest);
                return new HereAlready(wanted);
            }
            // Two pulls of images with a layer in common: the second waits for the first, then finds it here.
            if (await BlobDraft.TryGoOnAsync(order, stop) is { } draft)
            {
                if (!Has(wanted.Digest))
                {
                    return draft;
                }
                // The first ended between our look and our opening: this is a new file in its place.
                draft.Discard();
                await draft.DisposeAsync();
                continue;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), world.Clock, stop);
        }
    }

    public async Task<IReadOnlyList<NamedImage>> ListAsync(CancellationToken stop) =>
        [
            .. (await index.ReadAsync(stop))
                .Select(static one => (Name: LayoutIndex.NameOf(one), Image: one))
                .Where(static one => one.Name is not null)
                .Select(static one => new NamedImage(one.Name!, LayoutIndex.Plain(one.Image)))
                .OrderBy(static one => one.Name.ToString(), StringComparer.Ordinal),
        ];

    public Task NameAsync(ImageReference name, Descriptor image, CancellationToken stop) =>
        ChangeAsync(
            entries => [.. entries.Where(one => LayoutIndex.NameOf(one) != name), LayoutIndex.Named(name, image)],
            stop
        );

    public async Task<bool> ForgetAsync(ImageReference name, CancellationToken stop)
    {
        var wasThere = false;
        await ChangeAsync(
            entries =>
            {
                wasThere = entries.Any(one => LayoutIndex.NameOf(one) == name);
                return [.. entries.Where(one => LayoutIndex.NameOf(one) != name)];
            },
            stop
        );
        return wasThere;
    }

    public Task AttachAsync(Digest image, Descriptor manifest, CancellationToken stop) =>
        ChangeAsync(
            entries =>
                [
                    .. entries.Where(one => LayoutIndex.SubjectOf(one) != image || one.Digest != manifest.Digest),
                    LayoutIndex.Attached(image, manifest),
                ],
            stop
        );

    public async Task<IReadOnlyList<Descriptor>> AttachedAsync(Digest image, CancellationToken stop) =>
        [.. (await index.ReadAsync(stop)).Where(one => LayoutIndex.SubjectOf(one) == image).Select(LayoutIndex.Plain)];

    public Task ExportAsync(NamedImage image, Stream to, CancellationToken stop) =>
        ImageArchive.WriteAsync(this, image, to, stop);

    public async Task<Descriptor> ImportAsync(Stream archive, CancellationToken stop)
    {
        try
        {
            return await new ArchiveImport(this).RunAsync(archive, stop);
        }
        catch (InvalidDataException caught)
        {
            throw new ProblemException(ImageProblems.Broken("The archive", caught.Message), caught);
        }
    }

    public async Task<UnpackedImage> UnpackAsync(Descriptor image, string folder, CancellationToken stop)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new ProblemException(ImageProblems.NotEmpty(folder));
        }
        Directory.CreateDirectory(folder);
        try
        {
            var manifest =
                ManifestReader.Read(await ReadAsync(image.Digest, stop), image.MediaType) as Manifest.Image
                ?? throw new InvalidDataException("It is an index of several images; one of them can be unpacked.");
            var config = ImageConfig.Read(await ReadAsync(manifest.Config.Digest, stop));
            return await new Unpacker(this, folder, new()).RunAsync(manifest, config, stop);
        }
        catch (Exception caught)
        {
            // Half an image would be taken for one.
            Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
            if (caught is InvalidDataException or EndOfStreamException)
            {
                throw new ProblemException(ImageProblems.Broken(image.Digest.ToString(), caught.Message), caught);
            }
            if (caught is IOException disk)
            {
                throw new ProblemException(ImageProblems.Disk(folder, disk), caught);
            }
            throw;
        }
    }

    public async Task<SweptImages> SweepAsync(CancellationToken stop)
    {
        if (!Directory.Exists(Blobs))
        {
            return new(0, 0);
        }
        using var held = await index.LockAsync(stop);
        var entries = await index.ReadAsync(stop);
        var kept = await ReachedAsync([.. entries.Where(static one => LayoutIndex.NameOf(one) is not null)], stop);
        // What is attached lives as long as its image.
        IReadOnlyList<Descriptor> attached =
        [
            .. entries.Where(one => LayoutIndex.SubjectOf(one) is { } subject && kept.Contains(subject)),
        ];
        kept.UnionWith(await ReachedAsync(attached, stop));
        index.Write([.. entries.Where(one => LayoutIndex.SubjectOf(one) is not { } subject || kept.Contains(subject))]);
        var (blobs, bytes) = (0, 0L);
        foreach (
            var file in new DirectoryInfo(Blobs).EnumerateFiles().Concat(new DirectoryInfo(Drafts).EnumerateFiles())
        )
        {
            stop.ThrowIfCancellationRequested();
            var isKept =
                file.DirectoryName == Blobs
                && Digest.TryParse("sha256:" + file.Name, out var digest)
                && kept.Contains(digest);
            if (!isKept && world.Now.UtcDateTime - file.LastWriteTimeUtc > SweptAfter)
            {
                (blobs, bytes) = (blobs + 1, bytes + file.Length);
                file.Delete();
            }
        }
        return new(blobs, bytes);
    }

    private async Task<HashSet<Digest>> ReachedAsync(IReadOnlyList<Descriptor> roots, CancellationToken stop)
    {
        var (reached, open) = (new HashSet<Digest>(), new Queue<Descriptor>(roots));
        while (open.TryDequeue(out var one))
        {
            // Of an index only some platforms may be here.
            if (
                !reached.Add(one.Digest)
                || !Has(one.Digest)
                || !(MediaTypes.IsIndex(one.MediaType) || MediaTypes.IsManifest(one.MediaType))
            )
            {
                continue;
            }
            foreach (var part in ManifestOf(await ReadAsync(one.Digest, stop), one).Parts)
            {
                open.Enqueue(part);
            }
        }
        return reached;
    }

    private static Manifest ManifestOf(byte[] bytes, Descriptor one)
    {
        try
        {
            return ManifestReader.Read(bytes, one.MediaType);
        }
        catch (InvalidDataException caught)
        {
            throw new ProblemException(ImageProblems.Broken(one.Digest.ToString(), caught.Message), caught);
        }
    }

    private async Task ChangeAsync(
        Func<IReadOnlyList<Descriptor>, IReadOnlyList<Descriptor>> change,
        CancellationToken stop
    )
    {
        Prepare();
        using var held = await index.LockAsync(stop);
        index.Write(change(await index.ReadAsync(stop)));
    }

    private void Prepare()
    {
        Directory.CreateDirectory(Blobs);
        Directory.CreateDirectory(Drafts);
        index.Prepare();
    }

    // The hour of grace begins anew: what is wanted again may belong to something that has no name yet.
    private void Touch(Digest digest)
    {
        try
        {
            File.SetLastWriteTimeUtc(PathOf(digest), world.Now.UtcDateTime);
        }
        catch (FileNotFoundException)
        {
            // Swept in this moment; whoever wanted it finds it missing and says so.
        }
    }

    private string PathOf(Digest digest) => Path.Combine(Blobs, digest.Hex);

    /// <summary>Content that is here already: nothing need come.</summary>
    private sealed class HereAlready(Descriptor wanted) : IBlobDraft
    {
        public long Length => wanted.Size;

        public Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop) => Task.CompletedTask;

        public Task<Descriptor> FinishAsync(string mediaType, CancellationToken stop) =>
            Task.FromResult(wanted with { MediaType = mediaType });

        public void Discard() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
