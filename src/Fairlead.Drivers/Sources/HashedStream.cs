using System.Security.Cryptography;

namespace Fairlead.Drivers.Sources;

/// <summary>Passes on what is written, or read, and takes its digest; bounded.</summary>
internal sealed class HashedStream(Stream inner, IncrementalHash hash, long bytesMax = long.MaxValue) : Stream
{
    /// <summary>So many passed.</summary>
    public long Bytes { get; private set; }

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) =>
        Passed(buffer.AsSpan(offset, inner.Read(buffer, offset, count)));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        return Passed(buffer.Span[..count]);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Passed(buffer.AsSpan(offset, count));
        inner.Write(buffer, offset, count);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Passed(buffer.Span);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // Compressors write in one piece, and a lambda could not be asked for the sum.
    private int Passed(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        if (Bytes > bytesMax)
        {
            throw new InvalidDataException($"There are more than {bytesMax} bytes.");
        }
        hash.AppendData(bytes);
        return bytes.Length;
    }
}
