using Fairlead.Model.Ports;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>What all gateways of an edge share.</summary>
/// <param name="AccessLog">Null where there is no folder to write to.</param>
internal sealed record GatewayWorld(World World, AccessLog? AccessLog = null) : IAsyncDisposable
{
    /// <summary>Makes it impossible to choose header values that count as one.</summary>
    public long Seed { get; } = World.Random.NextInt64();

    public ValueTask DisposeAsync() => AccessLog?.DisposeAsync() ?? ValueTask.CompletedTask;
}
