namespace Fairlead.Model.Ports;

/// <summary>
/// A number that rises each time a server takes charge. Every effect carries it; store, node and edge remember the highest
/// they saw and refuse lower ones, so a server that was paused and woke up cannot undo its successor's work.
/// </summary>
public readonly record struct Fence(long Number)
{
    public override string ToString() => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Thrown when an effect came with a fence lower than one already seen. The caller must step down, never retry.</summary>
public sealed class FencedException(Fence mine, Fence highest)
    : Exception($"Fence {mine} is stale: {highest} is in charge.")
{
    public Fence Mine { get; } = mine;

    public Fence Highest { get; } = highest;
}
