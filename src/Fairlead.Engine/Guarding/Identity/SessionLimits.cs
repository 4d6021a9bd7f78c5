using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Identity;

/// <summary>How long a session is good.</summary>
internal static class SessionLimits
{
    public static readonly TimeSpan IdleMax = TimeSpan.FromHours(12);
    public static readonly TimeSpan AgeMax = TimeSpan.FromDays(7);

    /// <summary>So long after proving who one is, one may change how one signs in.</summary>
    public static readonly TimeSpan ProofMax = TimeSpan.FromMinutes(10);

    /// <summary>How old the note of the last visit may be before it is written anew.</summary>
    public static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    public const int PerPersonMax = 20;

    public static bool IsAlive(Session session, Person person, DateTimeOffset now) =>
        !person.IsDisabled
        && session.OpenedAt >= person.SessionsFrom
        && now - session.OpenedAt < AgeMax
        && now - session.SeenAt < IdleMax;

    /// <summary>Whether they showed just now, and not only once long ago, that it is them.</summary>
    public static bool IsFresh(Session session, DateTimeOffset now) =>
        now - session.OpenedAt < ProofMax || (session.ProvedAt is { } at && now - at < ProofMax);
}
