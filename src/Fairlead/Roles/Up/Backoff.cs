namespace Fairlead.Roles.Up;

/// <summary>How long a role that died rests: not at all the first time, longer each time it dies young.</summary>
/// <param name="longest">The longest rest, at least 0.1 s.</param>
internal sealed class Backoff(TimeSpan longest)
{
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private TimeSpan next = TimeSpan.Zero;

    /// <param name="lived">From its start to its death.</param>
    public TimeSpan After(TimeSpan lived)
    {
        if (lived >= Young)
        {
            next = TimeSpan.Zero;
        }
        var rest = next;
        next =
            next == TimeSpan.Zero ? Shortest
            : next * 2 < longest ? next * 2
            : longest;
        return rest;
    }
}
