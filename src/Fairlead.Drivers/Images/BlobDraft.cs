using System.Security.Cryptography;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Images;

/// <summary>A file that becomes content: hashed while it is written, and named only when it is what was wanted.</summary>
internal sealed class BlobDraft : IBlobDraft
{
    private const int HashBytes = 1 << 20;

    // EWOULDBLOCK, which .NET passes on.
    private const int HeldOnLinux = 11;
    private const int HeldOnMac = 35;

    private readonly DraftOrder order;
    private readonly FileStream file;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool isDone;

    private BlobDraft(DraftOrder order, FileStream file) => (this.order, this.file) = (order, file);

    public long Length { get; private set; }

    public static BlobDraft New(DraftOrder order) => new(order, OpenFile(order.Path));

    /// <summary>Opens it where it was left; null while another writes it.</summary>
    public static async Task<BlobDraft?> TryGoOnAsync(DraftOrder order, CancellationToken stop)
    {
        FileStream opened;
        try
        {
            // Shared with nobody, so .NET locks it: there is one writer among all processes.
            opened = OpenFile(order.Path);
        }
        // Whether it is there still tells nothing: whoever holds it may have named it meanwhile.
        catch (IOException caught) when (caught.HResult is HeldOnLinux or HeldOnMac)
        {
            return null;
        }
        catch (IOException caught)
        {
            throw new ProblemException(ImageProblems.Disk(order.Path, caught), caught);
        }
        var draft = new BlobDraft(order, opened);
        try
        {
            await draft.HashAgainAsync(stop);
            return draft;
        }
        catch
        {
            await draft.DisposeAsync();
            throw;
        }
    }

    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        if (order.Wanted is { } wanted && Length + bytes.Length > wanted.Size)
        {
            Discard();
            throw new ProblemException(ImageProblems.TooLong(wanted));
        }
        try
        {
            await file.WriteAsync(bytes, stop);
        }
        catch (IOException caught)
        {
            throw new ProblemException(ImageProblems.Disk(order.Path, caught), caught);
        }
        hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    public async Task<Descriptor> FinishAsync(string mediaType, CancellationToken stop)
    {
        var made = new Descriptor(mediaType, Digest.OfHash(hash.GetCurrentHash()), Length);
        if (order.Wanted is { } wanted && (made.Digest, made.Size) != (wanted.Digest, wanted.Size))
        {
            Discard();
            throw new ProblemException(ImageProblems.Mismatch(wanted, made));
        }
        try
        {
            await file.FlushAsync(stop);
            file.Flush(flushToDisk: true);
        }
        catch (IOException caught)
        {
            throw new ProblemException(ImageProblems.Disk(order.Path, caught), caught);
        }
        var path = order.PathOf(made.Digest);
        File.Move(order.Path, path, overwrite: true);
        DurableFile.SyncFolder(Path.GetDirectoryName(path)!);
        isDone = true;
        return made;
    }

    public void Discard()
    {
        if (!isDone)
        {
            isDone = true;
            File.Delete(order.Path);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Nobody could find one whose digest is not known yet.
        if (order.Wanted is null)
        {
            Discard();
        }
        hash.Dispose();
        await file.DisposeAsync();
    }

    private async Task HashAgainAsync(CancellationToken stop)
    {
        if (order.Wanted is { } wanted && file.Length > wanted.Size)
        {
            file.SetLength(0);
        }
        var buffer = new byte[HashBytes];
        for (int count; (count = await file.ReadAsync(buffer, stop)) > 0; )
        {
            hash.AppendData(buffer, 0, count);
            Length += count;
        }
    }

    private static FileStream OpenFile(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            }
        );
}

/// <param name="Path">Where it grows.</param>
/// <param name="PathOf">Where content of a digest is.</param>
internal sealed record DraftOrder(string Path, Func<Digest, string> PathOf, Descriptor? Wanted);
