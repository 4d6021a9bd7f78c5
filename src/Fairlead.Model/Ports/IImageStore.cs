using Fairlead.Model.Images;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>
/// Images on this machine, in an OCI layout: content by digest, and names for some of it. What is in it has been verified, and
/// is whole or absent.
/// </summary>
public interface IImageStore
{
    /// <summary>The layout's folder, absolute, for programs that read OCI layouts.</summary>
    string Folder { get; }

    bool Has(Digest digest);

    /// <summary>Content, to be read as often as wanted.</summary>
    /// <exception cref="ProblemException">It is not here.</exception>
    Stream Open(Digest digest);

    /// <summary>Small content, such as a manifest, looked at anew: a disk can rot.</summary>
    /// <exception cref="ProblemException">It is not here, is larger than 4 MiB, or is no longer what it is called.</exception>
    Task<byte[]> ReadAsync(Digest digest, CancellationToken stop);

    /// <summary>Keeps small content, or finds it here.</summary>
    Task<Descriptor> PutAsync(string mediaType, ReadOnlyMemory<byte> bytes, CancellationToken stop);

    /// <summary>Content that is coming. What came before a break is still there, so that it can go on from there.</summary>
    /// <param name="wanted">Null when its digest is only known at its end, as of a layer that is being made.</param>
    Task<IBlobDraft> BeginAsync(Descriptor? wanted, CancellationToken stop);

    /// <summary>What has a name here, in the order of names.</summary>
    Task<IReadOnlyList<NamedImage>> ListAsync(CancellationToken stop);

    /// <summary>Gives a name, taking it from what had it before.</summary>
    Task NameAsync(ImageReference name, Descriptor image, CancellationToken stop);

    /// <summary>Takes a name away; what has no other is removed by the next <see cref="SweepAsync"/>.</summary>
    /// <returns>Whether it was there.</returns>
    Task<bool> ForgetAsync(ImageReference name, CancellationToken stop);

    /// <summary>Keeps something with an image, such as its bill of materials, for as long as the image is kept.</summary>
    Task AttachAsync(Digest image, Descriptor manifest, CancellationToken stop);

    /// <summary>What is kept with an image.</summary>
    Task<IReadOnlyList<Descriptor>> AttachedAsync(Digest image, CancellationToken stop);

    /// <summary>Writes an image as one tar that engines load: <c>docker load</c>, <c>podman load</c>, and their APIs.</summary>
    /// <param name="image">Of one platform.</param>
    /// <exception cref="ProblemException">It is an index, or a part of it is not here.</exception>
    Task ExportAsync(NamedImage image, Stream to, CancellationToken stop);

    /// <summary>Takes an image from a tar as <c>docker save</c> writes it. It has no name yet.</summary>
    /// <exception cref="ProblemException">It is no such archive, or the disk is full.</exception>
    Task<Descriptor> ImportAsync(Stream archive, CancellationToken stop);

    /// <summary>Puts an image's files into a folder, its layers one over the other. Nothing of it leads out of the folder.</summary>
    /// <param name="image">Of one platform.</param>
    /// <param name="folder">Absolute; it is made, or is empty.</param>
    /// <exception cref="ProblemException">It is not what its digests say, or would lead out of the folder, or is too large; the folder is empty then.</exception>
    Task<UnpackedImage> UnpackAsync(Descriptor image, string folder, CancellationToken stop);

    /// <summary>Removes content that belongs to nothing that has a name, but none that came within the last hour: it may belong to something soon.</summary>
    Task<SweptImages> SweepAsync(CancellationToken stop);
}

/// <summary>Content that is being written. Disposed before its end, it stays for the next who begins the same.</summary>
public interface IBlobDraft : IAsyncDisposable
{
    /// <summary>How many bytes are there. Whole from the beginning when another finished it meanwhile.</summary>
    long Length { get; }

    /// <exception cref="ProblemException">It is more than was wanted, or the disk is full.</exception>
    Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop);

    /// <summary>Gives it its name, once it is on the disk and proven to be what was wanted.</summary>
    /// <exception cref="ProblemException">It is not what was wanted: it has been removed.</exception>
    Task<Descriptor> FinishAsync(string mediaType, CancellationToken stop);

    /// <summary>Removes what came so far.</summary>
    void Discard();
}

/// <param name="Image">An image, or an index of images.</param>
public sealed record NamedImage(ImageReference Name, Descriptor Image);

/// <param name="Devices">How many devices and pipes were left out.</param>
public sealed record UnpackedImage(string Folder, int Entries, long Bytes, int Devices);

/// <param name="Blobs">How many pieces of content were removed.</param>
/// <param name="Bytes">How much room that makes.</param>
public sealed record SweptImages(int Blobs, long Bytes);
