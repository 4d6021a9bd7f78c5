using Fairlead.Model.Ports;

namespace Fairlead.Engine.Watching.Errors;

/// <summary>
/// A session is told of again whenever it changes, so each that went wrong is remembered for a while, to be counted once: as
/// errored, and as crashed instead when it ends so.
/// </summary>
internal sealed class SessionMemory
{
    private const int SessionsMax = 50_000;
    private readonly Lock gate = new();
    private readonly Dictionary<string, bool> crashed = new(StringComparer.Ordinal);
    private readonly Queue<string> oldest = new();

    /// <returns>By how much the counts change; errored goes down where a session turns out to have crashed.</returns>
    public (long Errored, long Crashed) News(SessionReport one)
    {
        if (one.Id is null)
        {
            return (one.Errored, one.Crashed);
        }
        if (one.Errored + one.Crashed == 0)
        {
            return (0, 0);
        }
        lock (gate)
        {
            var isKnown = crashed.TryGetValue(one.Id, out var hasCrashed);
            if (!isKnown)
            {
                oldest.Enqueue(one.Id);
                if (oldest.Count > SessionsMax)
                {
                    crashed.Remove(oldest.Dequeue());
                }
            }
            crashed[one.Id] = hasCrashed || one.Crashed > 0;
            return (isKnown, hasCrashed, one.Crashed > 0) switch
            {
                (false, _, true) => (0, 1),
                (false, _, false) => (1, 0),
                (true, false, true) => (-1, 1),
                _ => (0, 0),
            };
        }
    }
}
