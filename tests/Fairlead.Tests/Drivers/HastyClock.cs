namespace Fairlead.Tests.Drivers;

/// <summary>A clock by which every pause is over at once, and no limit is ever reached. The day passes only when a test says so.</summary>
internal sealed class HastyClock(DateTimeOffset start) : TimeProvider
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(29);

    private DateTimeOffset now = start;

    /// <summary>How long each pause would have been, in order.</summary>
    public List<TimeSpan> Pauses { get; } = [];

    public override DateTimeOffset GetUtcNow() => now;

    public void Pass(TimeSpan time) => now += time;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var isPause = dueTime >= TimeSpan.Zero && dueTime <= LongestPause;
        if (isPause)
        {
            Pauses.Add(dueTime);
        }
        return System.CreateTimer(callback, state, isPause ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
    }
}
