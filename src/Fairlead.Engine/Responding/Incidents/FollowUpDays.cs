using Fairlead.Model.Incidents;

namespace Fairlead.Engine.Responding.Incidents;

/// <summary>On which days somebody is reminded of a follow-up: the day before it is due, on the day, and each week after. Pure.</summary>
public static class FollowUpDays
{
    /// <summary>The reminder that is due and was not given; null for none.</summary>
    /// <param name="today">By the clock of those who are reminded.</param>
    public static DateOnly? DueOn(FollowUp one, DateOnly today)
    {
        if (one.IsDone || one.Due is not { } due || LastUntil(due, today) is not { } last)
        {
            return null;
        }
        return one.RemindedFor is { } known && known >= last ? null : last;
    }

    // Of those that were missed only the last is given: three at once say no more than one.
    private static DateOnly? LastUntil(DateOnly due, DateOnly today)
    {
        var late = today.DayNumber - due.DayNumber;
        return late < -1 ? null
            : late < 0 ? due.AddDays(-1)
            : due.AddDays(late / 7 * 7);
    }
}
