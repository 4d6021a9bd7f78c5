using Fairlead.Model.Telemetry;

namespace Fairlead.Roles.Edge;

/// <summary>Counts that many requests raise at once, without a lock.</summary>
internal sealed class TrafficCounter
{
    private long requests;
    private long failed;
    private long lost;
    private long retried;
    private long cut;

    public void Request() => Interlocked.Increment(ref requests);

    public void Retry() => Interlocked.Increment(ref retried);

    public void End(Ending ending)
    {
        switch (ending)
        {
            case Ending.Failed:
                Interlocked.Increment(ref failed);
                break;
            case Ending.Lost:
                Interlocked.Increment(ref lost);
                break;
            case Ending.Cut:
                Interlocked.Increment(ref cut);
                break;
        }
    }

    public TrafficCounts Read() =>
        new(
            Interlocked.Read(ref requests),
            Interlocked.Read(ref failed),
            Interlocked.Read(ref lost),
            Interlocked.Read(ref retried),
            Interlocked.Read(ref cut)
        );
}

/// <summary>How a request ended, as far as it is counted.</summary>
internal enum Ending
{
    Answered,

    /// <summary>The app answered 500 or more.</summary>
    Failed,

    /// <summary>The edge had to answer for the app, or the app broke off in the middle of its answer.</summary>
    Lost,

    /// <summary>The edge ended it because a drain limit passed.</summary>
    Cut,

    /// <summary>The client went away: nobody's failure.</summary>
    Abandoned,
}
