using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Ends a token, and those that were made with it. It holds from its next request on.</summary>
public static class RevokeToken
{
    public sealed record Input
    {
        [Description("The token's id, as 'fairlead token list' shows it.")]
        [Positional]
        public required string Id { get; init; }
    }

    public sealed record Output(string Id, string Name);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("token.revoke", "End a program's token.", Effect.Destroys, RunAsync)
        {
            Examples = ["fairlead token revoke 3f0c9a51"],
            Needs = Need.Anybody,
            Agents = AgentUse.Freely,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var store = engine.Server.Store;
        var mayAny = engine.Standing?.MayAll(Permission.Govern) ?? true;
        var token = (await new TokenDesk(store, engine.World).AllAsync(stop)).FirstOrDefault(one =>
            one.Id == input.Id && (mayAny || ListTokens.IsOf(one, engine.Caller) || one.Id == engine.Caller.Id)
        );
        if (token is null)
        {
            throw new ProblemException(
                new Problem(
                    "access.unknown-token",
                    What: "There is no token with this id that you may end.",
                    Why: "It is the part between the two underscores of the token, of 12 letters and digits.",
                    Fix: "See what there is: fairlead token list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        }
        await AccessWrites.CommitAsync(
            engine,
            $"token {token.Id} ({token.Name}) was revoked",
            new Write(AccessBook.Tokens, token.Id, Body: null),
            stop
        );
        return new(token.Id, token.Name);
    }
}
