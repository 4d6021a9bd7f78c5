namespace Fairlead.Model.Ports;

/// <summary>
/// Everything outside the process that is not a driver: time, chance and ids. Code that needs one of them takes it
/// from here, so a test can run a whole day of deployments in simulated time and replay it from a seed.
/// </summary>
public sealed record World(TimeProvider Clock, Random Random)
{
    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>A new id of 16 hex digits.</summary>
    public string NewId() => Convert.ToHexStringLower(BitConverter.GetBytes(Random.NextInt64()));
}
