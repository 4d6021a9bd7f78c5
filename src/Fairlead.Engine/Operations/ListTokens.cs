using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Tokens, without what would let anybody use them: one's own, and all of them for whoever audits.</summary>
public static class ListTokens
{
    public sealed record Input;

    public sealed record Output(IReadOnlyList<TokenView> Tokens);

    /// <param name="State">good or expired.</param>
    /// <param name="LastUsed">To the hour.</param>
    public sealed record TokenView(
        string Id,
        string Name,
        string Kind,
        string State,
        string Grants,
        string MadeBy,
        DateTimeOffset Expires,
        DateTimeOffset? LastUsed
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>("token.list", "List tokens of programs.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead token list"],
            Needs = Need.Anybody,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var store = engine.Server.Store;
        var isAuditor = engine.Standing?.MayAll(Permission.Audit) ?? true;
        return new([
            .. (await new TokenDesk(store, engine.World).AllAsync(stop))
                .Where(token => isAuditor || IsOf(token, engine.Caller))
                .OrderBy(token => token.CreatedAt)
                .Select(token => new TokenView(
                    token.Id,
                    token.Name,
                    token.Kind.ToString().ToLowerInvariant(),
                    token.ExpiresAt <= engine.World.Now ? "expired" : "good",
                    string.Join("; ", token.Grants.Select(AccessPolicy.Text)),
                    token.Maker.ToString(),
                    token.ExpiresAt,
                    token.LastUsed
                )),
        ]);
    }

    internal static bool IsOf(AccessToken token, Principal caller) =>
        token.Maker.Kind == caller.Kind && token.Maker.Id == caller.Id;
}
