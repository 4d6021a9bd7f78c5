using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>Stands between an answer's body and the connection: counts what passes, and hands it to a cache that wants it.</summary>
/// <remarks>It is there only for services with an access log or a cache.</remarks>
internal sealed class AnswerTap(IHttpResponseBodyFeature inner) : IHttpResponseBodyFeature
{
    private TapWriter? writer;
    private TapStream? stream;

    /// <summary>Body bytes that have passed.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes a copy of what passes.</summary>
    public Action<ReadOnlySpan<byte>>? Keep { get; set; }

    /// <summary>Something passed that could not be copied: what was kept is not whole.</summary>
    public bool IsLeaky { get; private set; }

    public Stream Stream => stream ??= new TapStream(this, inner.Stream);

    public PipeWriter Writer => writer ??= new TapWriter(this, inner.Writer);

    public static AnswerTap On(HttpContext http)
    {
        var tap = new AnswerTap(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        http.Features.Set<IHttpResponseBodyFeature>(tap);
        return tap;
    }

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    Task IHttpResponseBodyFeature.CompleteAsync() => inner.CompleteAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        if (Keep is not null)
        {
            // A file is there already; copying it would gain nothing.
            IsLeaky = true;
        }
        Bytes += count ?? new FileInfo(path).Length - offset;
        return inner.SendFileAsync(path, offset, count, cancellationToken);
    }

    private void Pass(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        Keep?.Invoke(bytes);
    }

    private sealed class TapWriter(AnswerTap tap, PipeWriter inner) : PipeWriter
    {
        private Memory<byte> lent;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            tap.Pass(lent.Span[..bytes]);
            inner.Advance(bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => lent = inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(
            ReadOnlyMemory<byte> source,
            CancellationToken cancellationToken = default
        )
        {
            tap.Pass(source.Span);
            return inner.WriteAsync(source, cancellationToken);
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
    }

    private sealed class TapStream(AnswerTap tap, Stream inner) : Stream
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

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            tap.Pass(buffer.Span);
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => inner.Flush();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
