using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;

namespace Fairlead.Roles.Server;

/// <summary>A server's parts, put together by Compose.</summary>
/// <param name="Owned">What is closed with it, last first.</param>
public sealed record ServerPlatform(EngineContext Engine, Conductor Conductor, IReadOnlyList<IDisposable> Owned) : IDisposable
{
    public void Dispose()
    {
        foreach (var one in Owned.Reverse())
        {
            one.Dispose();
        }
    }
}
