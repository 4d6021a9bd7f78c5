using System.ComponentModel;
using Fairlead.Engine.Guarding;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Ends a key: within moments the edge refuses it.</summary>
public static class RevokeKey
{
    public sealed record Input
    {
        [Description("The key's id, as 'fairlead key list' shows it.")]
        [Positional]
        public required string Id { get; init; }
    }

    public sealed record Output(string Id, string Name);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("key.revoke", "End an API key.", Effect.Destroys, RunAsync)
        {
            Examples = ["fairlead key revoke 3f0c9a51"],
            Needs = Need.Of(Permission.Secure),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var key = (await engine.Server.Keys.KeysAsync(site: null, stop)).FirstOrDefault(one =>
            one.Id == input.Id && engine.Server.Reach.Has(one.Site)
        );
        if (key is null)
        {
            throw new ProblemException(
                new Problem(
                    "key.unknown",
                    What: "There is no key with this id.",
                    Why: "It is the part between the two underscores of the key, of 12 letters and digits.",
                    Fix: "See what there is: fairlead key list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        }
        await engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Entries = [new NewEntry(key.Site, Deployment: null, "key", $"key {key.Id} ({key.Name}) was revoked")],
                Writes = [new Write(KeyKeeper.Collection, KeyKeeper.KeyOf(key.Site, key.Id), Body: null)],
            },
            stop
        );
        engine.Server.Keys.Ring();
        return new(key.Id, key.Name);
    }
}
