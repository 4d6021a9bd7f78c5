using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations.Identity;

namespace Fairlead.Engine.Operations;

/// <summary>Shows who is signed in: owners see all, others their own.</summary>
public static class ListSessions
{
    public sealed record Input;

    public sealed record Output(IReadOnlyList<SessionView> Sessions);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("session.list", "List who is signed in, from where.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead session list"],
            Needs = Need.Anybody,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var all = await engine.Server.Identity.Parts.Sessions.AliveAsync(stop);
        return new([
            .. all.Where(one => PeopleRules.IsOwner(engine.Caller) || one.Person.Id == engine.Caller.Id)
                .OrderByDescending(one => one.Session.SeenAt)
                .Select(AccountDesk.View),
        ]);
    }
}
