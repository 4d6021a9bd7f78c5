using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Roles.Edge;

/// <summary>Tells who listens at which sites requests began to wait. A call that nobody heard yet is kept.</summary>
internal sealed class WakeCalls
{
    /// <summary>Shorter than the time in which connections between roles are given up.</summary>
    public static readonly TimeSpan ListenMax = TimeSpan.FromSeconds(25);

    private readonly Lock gate = new();
    private readonly Dictionary<Site, long> latest = [];
    private TaskCompletionSource next = NewSource();
    private long number;

    public void Ring(Site site)
    {
        TaskCompletionSource heard;
        lock (gate)
        {
            latest[site] = ++number;
            heard = next;
            next = NewSource();
        }
        heard.TrySetResult();
    }

    /// <param name="after">The number heard last; one that was never given is taken as 0.</param>
    public async Task<WakeCall> ListenAsync(long after, TimeProvider clock, CancellationToken stop)
    {
        var (call, coming) = Since(after);
        if (call.Sites.Count > 0)
        {
            return call;
        }
        try
        {
            await coming.WaitAsync(ListenMax, clock, stop);
        }
        catch (TimeoutException)
        {
            // Nobody called; the listener asks again.
        }
        return Since(after).Call;
    }

    private (WakeCall Call, Task Coming) Since(long after)
    {
        lock (gate)
        {
            var heard = after > number ? 0 : after;
            return (new(number, [.. latest.Where(one => one.Value > heard).Select(one => one.Key)]), next.Task);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
