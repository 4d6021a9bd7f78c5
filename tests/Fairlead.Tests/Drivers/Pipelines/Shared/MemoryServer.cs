using System.Collections.Concurrent;
using System.Net;

namespace Fairlead.Tests.Drivers.Pipelines.Shared;

/// <summary>A server that keeps what it is given, by name, and whose faults can be chosen.</summary>
internal sealed class MemoryServer : HttpMessageHandler
{
    /// <summary>By path: <c>/ac/NAME</c> or <c>/cas/DIGEST</c>.</summary>
    public ConcurrentDictionary<string, byte[]> Kept { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Asked { get; } = [];

    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? Instead { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        var path = request.RequestUri!.AbsolutePath;
        Asked.Enqueue($"{request.Method} {path.Split('/')[1]}");
        if (Instead is { } instead)
        {
            return await instead(request, stop);
        }
        if (request.Method == HttpMethod.Put)
        {
            Kept[path] = await request.Content!.ReadAsByteArrayAsync(stop);
            return new(HttpStatusCode.Created);
        }
        return Kept.TryGetValue(path, out var bytes)
            ? new(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) }
            : new(HttpStatusCode.NotFound);
    }
}
