namespace Fairlead.Roles.Up;

/// <summary>How long a role that died rests: not at all the first time, longer each time it dies young.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
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
            : next * 2 < Longest ? next * 2
            : Longest;
        return rest;
    }
}
