using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Roles.Edge.Gateway.Caching;

/// <summary>The body of an answer that goes to nobody, in memory as far as it can be kept.</summary>
internal sealed class AnswerInMemory(int bytesMax) : IHttpResponseBodyFeature, IDisposable
{
    private readonly BoundedStream bytes = new(bytesMax);
    private PipeWriter? writer;

    /// <summary>What is here is only a part of it.</summary>
    public bool IsTooLarge => bytes.IsFull;

    public Stream Stream => bytes;

    public PipeWriter Writer => writer ??= PipeWriter.Create(bytes, new(leaveOpen: true));

    public byte[] ToArray()
    {
        writer?.Complete();
        return bytes.ToArray();
    }

    public void Replace(byte[] body)
    {
        bytes.SetLength(0);
        bytes.Write(body);
    }

    public void DisableBuffering() { }

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    Task IHttpResponseBodyFeature.CompleteAsync() => Task.CompletedTask;

    public async Task SendFileAsync(
        string path,
        long offset,
        long? count,
        CancellationToken cancellationToken = default
    )
    {
        await using var file = File.OpenRead(path);
        file.Position = offset;
        await file.CopyToAsync(bytes, cancellationToken);
    }

    public void Dispose() => bytes.Dispose();

    /// <summary>Takes so many bytes and lets the rest go.</summary>
    private sealed class BoundedStream(int bytesMax) : MemoryStream
    {
        public bool IsFull { get; private set; }

        // All other ways to write lead here in a stream derived from it.
        public override void Write(byte[] buffer, int offset, int count)
        {
            IsFull |= Length + count > bytesMax;
            if (!IsFull)
            {
                base.Write(buffer, offset, count);
            }
        }
    }
}
