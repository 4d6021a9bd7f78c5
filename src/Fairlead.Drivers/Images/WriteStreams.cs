using System.Security.Cryptography;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Images;

/// <summary>A stream that is only written.</summary>
internal abstract class WriteStream : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public abstract override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    );

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}

/// <summary>Writes into a draft.</summary>
internal sealed class DraftStream(IBlobDraft draft) : WriteStream
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(draft.AppendAsync(buffer, cancellationToken));

    // The packer writes its last bytes so when it is closed.
    public override void Write(byte[] buffer, int offset, int count) =>
        draft.AppendAsync(buffer.AsMemory(offset, count), CancellationToken.None).GetAwaiter().GetResult();
}

/// <summary>Hashes what goes through.</summary>
internal sealed class HashedStream(Stream to, IncrementalHash hash) : WriteStream
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        hash.AppendData(buffer.Span);
        return to.WriteAsync(buffer, cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        hash.AppendData(buffer, offset, count);
        to.Write(buffer, offset, count);
    }
}
