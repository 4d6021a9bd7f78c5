using System.Net;
using System.Net.Http.Headers;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Registries;

/// <summary>A part of content of this machine, as a request's body.</summary>
internal sealed class BlobContent : HttpContent
{
    private const int BufferBytes = 256 * 1024;

    private readonly IImageStore store;
    private readonly Digest digest;
    private readonly (long From, long Count) part;

    public BlobContent(IImageStore store, Digest digest, (long From, long Count) part)
    {
        (this.store, this.digest, this.part) = (store, digest, part);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    /// <summary>Is told of every piece that went out.</summary>
    public Action Moved { get; set; } = () => { };

    /// <summary>How much went out.</summary>
    public long Count { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        await using var file = store.Open(digest);
        file.Position = part.From;
        var buffer = new byte[BufferBytes];
        while (Count < part.Count)
        {
            var count = await file.ReadAsync(
                buffer.AsMemory(0, (int)Math.Min(buffer.Length, part.Count - Count)),
                cancellationToken
            );
            if (count == 0)
            {
                throw new IOException($"{digest} is shorter on this machine than it must be.");
            }
            await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            Count += count;
            Moved();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = part.Count;
        return true;
    }
}
