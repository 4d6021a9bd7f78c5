using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Makes a token with which a program may ask Fairlead itself.</summary>
public static class CreateToken
{
    private const int NameLettersMax = 100;
    private const int ForgottenAtOnce = 100;

    // Until then its holder is told that it has expired, and when.
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(1);
    private static readonly TimeSpan Usual = TimeSpan.FromDays(90);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public sealed record Input : GrantInput
    {
        [Description("What it is for, such as 'pipeline of shop'.")]
        [Positional]
        public required string Name { get; init; }

        [Description(
            "For a program that decides by itself what it does: it never approves, breaks the glass or grants."
        )]
        public bool Agent { get; init; }

        [Description(
            "How long it is good, at most 365d; 90d when left out. With the token of another issuer at most 1h; 15m when left out."
        )]
        public string? Expires { get; init; }
    }

    /// <param name="Token">The token itself: shown now and never again.</param>
    public sealed record Output(
        string Id,
        string Name,
        string Token,
        string Grant,
        DateTimeOffset Expires,
        string Note
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "token.create",
            "Make a token for a program; it is shown once.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead token create 'pipeline of shop' --role deployer --only-app shop --expires 30d"],
            // It gives nothing that its maker has not; whoever has nothing makes a token that may do nothing.
            Needs = Need.Anybody,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var store = engine.Server.Store;
        var policy = await AccessBook.PolicyAsync(store, stop);
        // Another issuer's token is exchanged for all that it may do, unless less is asked for.
        var isExchange = TrustBook.IsFederated(engine.Caller);
        IReadOnlyList<Grant> grants =
            isExchange && input.Role.Length == 0 ? engine.Caller.Grants : [input.Read(policy)];
        var lasts = Check(input, isExchange);
        if (engine.Caller.Kind is PrincipalKind.Agent)
        {
            throw new ProblemException(
                AccessProblems.NotAllowed(engine.Caller, "make a token", new(false, "an agent makes no tokens"))
            );
        }
        foreach (var grant in grants)
        {
            GrantInput.CheckGiver(engine, policy, grant);
        }
        var said = string.Join("; ", grants.Select(AccessPolicy.Text));
        var kept = await store.ListAsync(AccessBook.Tokens, "", stop);
        var over = kept.Where(one => IsForgotten(Records.Read<AccessToken>(one), engine.World.Now)).ToList();
        if (kept.Count - over.Count >= AccessBook.TokensMax)
        {
            throw new ProblemException(
                AccessProblems.Wrong(
                    "full",
                    "There are too many tokens.",
                    $"{AccessBook.TokensMax} are the most.",
                    "fairlead token revoke ID"
                )
            );
        }
        var (id, text) = AccessToken.New();
        var token = new AccessToken
        {
            Id = id,
            Name = input.Name.Trim(),
            Kind = input.Agent ? PrincipalKind.Agent : PrincipalKind.Service,
            Hash = AccessToken.HashOf(text),
            Grants = grants,
            Maker = Bare(engine.Caller),
            CreatedAt = engine.World.Now,
            ExpiresAt = engine.World.Now + lasts,
        };
        await AccessWrites.CommitAsync(
            engine,
            $"token {id} ({token.Name}) was made: {said}, until {token.ExpiresAt:u}",
            [
                new Write(AccessBook.Tokens, id, Records.Body(token), Expected: 0),
                .. over.Take(ForgottenAtOnce).Select(static one => new Write(AccessBook.Tokens, one.Key, Body: null)),
            ],
            stop
        );
        return new(id, token.Name, text, said, token.ExpiresAt, "Keep it now: only its hash is stored.");
    }

    // Each job that takes longer leaves one. The journal goes on knowing them.
    private static bool IsForgotten(AccessToken token, DateTimeOffset now)
    {
        var lasted = token.ExpiresAt - token.CreatedAt;
        return now - token.ExpiresAt > (lasted > ForgottenAfter ? lasted : ForgottenAfter);
    }

    // What somebody may do is looked up when the token is used, not when it was made.
    internal static Principal Bare(Principal caller) =>
        caller with
        {
            Grants = [],
            ProvedAt = null,
            Behind = caller.Behind is { } behind ? Bare(behind) : null,
        };

    private static TimeSpan Check(Input input, bool isExchange)
    {
        var longest = isExchange ? TrustBook.Longest : Longest;
        var lasts =
            input.Expires is { } text ? Units.TryParseDuration(text)
            : isExchange ? TrustBook.Usual
            : Usual;
        Problem?[] problems =
        [
            input.Name.Trim().Length is > 0 and <= NameLettersMax && !input.Name.Any(char.IsControl)
                ? null
                : AccessProblems.Wrong(
                    "token-name",
                    "The token has no good name.",
                    $"A name has 1 to {NameLettersMax} letters on one line.",
                    "Write for example: fairlead token create 'pipeline of shop' --role deployer"
                ),
            lasts > TimeSpan.Zero && lasts <= longest
                ? null
                : AccessProblems.Wrong(
                    "token-time",
                    $"'{input.Expires}' cannot be how long a token is good.",
                    isExchange
                        ? "It was asked for with the token of another issuer: it takes a time such as 15m, at most 1h."
                        : "It takes a time such as 12h or 30d, at most 365d.",
                    $"Write for example: --expires {(isExchange ? "30m" : "30d")}"
                ),
        ];
        Problem[] found = [.. problems.OfType<Problem>()];
        return found.Length == 0 ? lasts!.Value : throw new ProblemException(found);
    }
}
