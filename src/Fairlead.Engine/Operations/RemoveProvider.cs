using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations.Identity;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>Lets nobody sign in any more at an OpenID provider.</summary>
public static class RemoveProvider
{
    public sealed record Input
    {
        [Description("What it is called.")]
        [Positional]
        public required string Name { get; init; }
    }

    /// <param name="Ended">Sessions that were opened by it.</param>
    public sealed record Output(string Name, int Ended);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "idp.remove",
            "Let nobody sign in any more at an OpenID provider; its sessions end.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead idp remove work"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var desk = PeopleRules.NeedOwner(engine);
        var provider = await desk.Providers.FindAsync(input.Name, stop);
        await desk.Parts.People.CommitAsync(
            $"the identity provider {provider.Name} was removed by {engine.Caller}",
            [new Write(ProviderDesk.Collection, provider.Name, Body: null)],
            stop
        );
        var sessions = (await desk.Parts.Sessions.AliveAsync(stop))
            .Where(one => one.Session.Way == provider.Name)
            .ToList();
        if (sessions.Count > 0)
        {
            await desk.Parts.Sessions.EndAsync(
                sessions.Select(one => one.Key),
                $"{sessions.Count} sessions by {provider.Name} ended",
                stop
            );
        }
        return new(provider.Name, sessions.Count);
    }
}
