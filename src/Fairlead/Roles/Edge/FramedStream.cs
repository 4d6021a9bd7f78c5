namespace Fairlead.Roles.Edge;

/// <summary>A stream of WebSocket frames to a client that knows where one frame ends and the next begins.</summary>
internal sealed class FramedStream : Stream
{
    // Close, final, 2 bytes unmasked: 1012, service restart (IANA WebSocket close codes).
    private static readonly byte[] ServiceRestart = [0x88, 0x02, 0x03, 0xF4];

    private readonly Stream inner;
    private readonly SemaphoreSlim writing = new(1, 1);
    private FrameBoundary boundary;
    private bool isClosed;

    private FramedStream(Stream inner) => this.inner = inner;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static FramedStream Over(Stream inner) => new(inner);

    /// <summary>Sends a close frame, unless the line is in the middle of another.</summary>
    public async Task CloseAsync(CancellationToken stop)
    {
        await writing.WaitAsync(stop);
        try
        {
            if (!isClosed && boundary.IsBetweenFrames)
            {
                isClosed = true;
                await inner.WriteAsync(ServiceRestart, stop);
                await inner.FlushAsync(stop);
            }
        }
        finally
        {
            writing.Release();
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            if (!isClosed)
            {
                boundary.Advance(buffer.Span);
                await inner.WriteAsync(buffer, cancellationToken);
            }
        }
        finally
        {
            writing.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            writing.Dispose();
        }
        base.Dispose(disposing);
    }
}
