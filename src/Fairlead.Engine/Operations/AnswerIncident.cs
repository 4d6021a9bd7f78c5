using Fairlead.Engine.Responding.Incidents;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>What somebody who was told may do by a link: see the incident, and say that they look at it.</summary>
public static class AnswerIncident
{
    /// <summary>Where links lead to.</summary>
    public const string Folder = AnswerLinks.Folder;

    /// <returns>Null for a link that is not ours, or no longer good.</returns>
    /// <exception cref="ProblemException">There is no such incident any more.</exception>
    public static async Task<IncidentView?> FindAsync(EngineContext engine, string token, CancellationToken stop) =>
        await engine.Server.Response.Links.ReadAsync(token, stop) is { } who
            ? IncidentView.Of(await engine.Server.Incidents.FindAsync(who.Incident, stop))
            : null;

    /// <returns>Null for a link that is not ours, or no longer good.</returns>
    /// <exception cref="ProblemException">There is no such incident, or it is over.</exception>
    public static async Task<IncidentView?> AcknowledgeAsync(EngineContext engine, string token, CancellationToken stop)
    {
        if (await engine.Server.Response.Links.ReadAsync(token, stop) is not { } who)
        {
            return null;
        }
        var name = who.Who.StartsWith(Delivery.PersonPrefix, StringComparison.Ordinal)
            ? who.Who[Delivery.PersonPrefix.Length..]
            : $"somebody of {who.Who}";
        return await IncidentChanges.ChangeAsync(
            engine,
            who.Incident,
            now =>
                !now.IsOpen ? throw IncidentChanges.Over(now, "needs nobody any more")
                : now.AcknowledgedAt is not null ? now
                : (now with { AcknowledgedAt = engine.World.Now, Commander = name }).With(
                    engine.World.Now,
                    "state",
                    $"Acknowledged by link; {name} leads.",
                    name
                ),
            stop
        );
    }
}
