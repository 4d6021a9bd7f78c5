using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;

namespace Fairlead.Roles.Server;

/// <summary>A server's parts, put together by Compose.</summary>
/// <param name="Connections">Closed with it.</param>
/// <param name="Workers">Ended with it, before its connections.</param>
public sealed record ServerPlatform(
    EngineContext Engine,
    Conductor Conductor,
    IReadOnlyList<IDisposable> Connections,
    IReadOnlyList<IAsyncDisposable> Workers
) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        foreach (var worker in Workers)
        {
            await worker.DisposeAsync();
        }
        foreach (var connection in Connections)
        {
            connection.Dispose();
        }
    }
}
