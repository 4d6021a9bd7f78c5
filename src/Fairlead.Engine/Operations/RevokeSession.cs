using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Ends sessions: owners end any, others their own.</summary>
public static class RevokeSession
{
    public sealed record Input
    {
        [Description("The session's id, or somebody's e-mail address to end all of theirs.")]
        [Positional]
        public required string Session { get; init; }
    }

    public sealed record Output(int Ended);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("session.revoke", "End a session, or all of somebody's.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead session revoke ana@example.com"],
            Needs = Need.Anybody,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var sessions = engine.Server.Identity.Parts.Sessions;
        var found = (await sessions.AliveAsync(stop))
            .Where(one => PeopleRules.IsOwner(engine.Caller) || one.Person.Id == engine.Caller.Id)
            .Where(one =>
                one.Id == input.Session
                || string.Equals(one.Person.Email, input.Session, StringComparison.OrdinalIgnoreCase)
            )
            .ToList();
        if (found.Count == 0)
        {
            throw new ProblemException(
                new Problem(
                    "identity.unknown-session",
                    What: $"There is no session '{input.Session}'.",
                    Why: "It ended, or it is not yours to end.",
                    Fix: "See which there are: fairlead session list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        }
        var whose = string.Join(", ", found.Select(one => one.Person.ToString()).Distinct());
        await sessions.EndAsync(
            found.Select(one => one.Key),
            $"{found.Count} sessions of {whose} were ended by {engine.Caller}",
            stop
        );
        return new(found.Count);
    }
}
