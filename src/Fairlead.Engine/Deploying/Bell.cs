namespace Fairlead.Engine.Deploying;

/// <summary>Lets a loop sleep until a time has passed or someone rings. A ring while nobody sleeps is kept.</summary>
public sealed class Bell(TimeProvider clock)
{
    private readonly Lock gate = new();
    private TaskCompletionSource? sleeper;
    private bool isRung;

    public void Ring()
    {
        TaskCompletionSource? woken;
        lock (gate)
        {
            woken = sleeper;
            sleeper = null;
            isRung = woken is null;
        }
        woken?.TrySetResult();
    }

    public async Task SleepAsync(TimeSpan time, CancellationToken stop)
    {
        var mine = new TaskCompletionSource();
        lock (gate)
        {
            if (isRung)
            {
                isRung = false;
                return;
            }
            sleeper = mine;
        }
        await using var timer = clock.CreateTimer(_ => mine.TrySetResult(), null, time, Timeout.InfiniteTimeSpan);
        await using var stopping = stop.Register(() => mine.TrySetCanceled(stop));
        await mine.Task;
    }
}
