namespace Fairlead.Demo;

/// <summary>A clock that shows what it is told: what is written by it has happened then.</summary>
internal sealed class PastClock(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset shown = now;

    /// <summary>Goes on to a later moment; an earlier one changes nothing, as a journal never goes back.</summary>
    public void To(DateTimeOffset at) => shown = at > shown ? at : shown;

    public override DateTimeOffset GetUtcNow() => shown;
}
