using Fairlead.Model.Ports;
using Fairlead.Tests.Edge;

namespace Fairlead.Scenarios.Edge;

/// <summary>The router's promises, kept by a real edge over its Unix socket.</summary>
public sealed class EdgeRouterTests : RouterContract, IAsyncDisposable
{
    private EdgeUnderTest? edge;

    public ValueTask DisposeAsync() => edge?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<IRouter> OpenAsync()
    {
        edge = await EdgeUnderTest.StartAsync();
        return edge.Router;
    }

    protected override async Task<IRouter> ReopenAsync()
    {
        await edge!.StopAsync();
        await edge.RunAsync();
        return edge.Router;
    }
}
