using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Access;

/// <summary>Knows tokens, and who shows one.</summary>
public sealed class TokenDesk(IStore store, World world)
{
    private static readonly TimeSpan Coarse = TimeSpan.FromHours(1);
    private static readonly TimeSpan Silence = TimeSpan.FromDays(30);

    /// <summary>A person with the roles that they have now, or null when they may no longer come in.</summary>
    public Func<Principal, CancellationToken, ValueTask<Principal?>> FindPerson { get; init; } =
        static (maker, _) => new(maker);

    public async Task<IReadOnlyList<AccessToken>> AllAsync(CancellationToken stop) =>
        [.. (await store.ListAsync(AccessBook.Tokens, "", stop)).Select(Records.Read<AccessToken>)];

    /// <summary>Whose token it is.</summary>
    /// <exception cref="ProblemException">It is none, or it is good no longer.</exception>
    public async Task<Principal> ReadAsync(string text, Func<Fence> fence, CancellationToken stop)
    {
        var document = AccessToken.IdOf(text) is { } id ? await store.ReadAsync(AccessBook.Tokens, id, stop) : null;
        if (document is null)
        {
            throw new ProblemException(Unknown());
        }
        var token = Records.Read<AccessToken>(document);
        if (
            !CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(AccessToken.HashOf(text)),
                Encoding.ASCII.GetBytes(token.Hash)
            )
        )
        {
            throw new ProblemException(Unknown());
        }
        if (token.ExpiresAt <= world.Now)
        {
            throw new ProblemException(Expired(token));
        }
        var principal = await OfAsync(token, stop) ?? throw new ProblemException(Orphaned(token));
        await NoteUseAsync(token, document.Version, fence, stop);
        return principal;
    }

    /// <summary>The principal that a token stands for, whether it is good or not; null when there is none, or its maker is gone.</summary>
    public async Task<Principal?> PrincipalAsync(string id, CancellationToken stop) =>
        await store.ReadAsync(AccessBook.Tokens, id, stop) is { } document
            ? await OfAsync(Records.Read<AccessToken>(document), stop)
            : null;

    /// <summary>An agent that asked some time ago, with what it may do now; null when it may come in no longer.</summary>
    public async Task<Principal?> AgainAsync(Principal agent, CancellationToken stop) =>
        agent.Behind switch
        {
            // Of a conversation of theirs; a token has an id of its own.
            { Kind: PrincipalKind.Owner } when agent.Id.StartsWith("local-", StringComparison.Ordinal) =>
                Principal.Owner.AsAgent(agent.Id["local-".Length..]),
            { Kind: PrincipalKind.Person } person when agent.Id == person.AsAgent().Id => (
                await FindPerson(person, stop)
            )?.AsAgent(),
            _ => (await BehindAsync(agent, stop))?.AsAgent(),
        };

    /// <summary>Who shows another issuer's token, with what that may do now; null when it is trusted no longer, or its maker is gone.</summary>
    public async Task<Principal?> FederatedAsync(Principal bare, CancellationToken stop) =>
        (await TrustBook.AllAsync(store, stop)).FirstOrDefault(one => one.Id == bare.Id) is { } trust
        && await BehindAsync(trust.Maker, stop) is { } maker
            ? bare with
            {
                Grants = [trust.Grant],
                Behind = maker,
            }
            : null;

    private async Task<Principal?> OfAsync(AccessToken token, CancellationToken stop) =>
        await BehindAsync(token.Maker, stop) is { } maker
            ? new Principal(token.Kind, token.Id, token.Name) { Grants = token.Grants, Behind = maker }
            : null;

    private async Task<Principal?> BehindAsync(Principal maker, CancellationToken stop) =>
        maker.Kind switch
        {
            PrincipalKind.Owner => Principal.Owner,
            PrincipalKind.Person => await FindPerson(maker, stop),
            _ when TrustBook.IsFederated(maker) => await FederatedAsync(maker, stop),
            // A token that was made with a token ends with it.
            _ => await store.ReadAsync(AccessBook.Tokens, maker.Id, stop) is { } document
            && Records.Read<AccessToken>(document) is var token
            && token.ExpiresAt > world.Now
                ? await OfAsync(token, stop)
                : null,
        };

    private async Task NoteUseAsync(AccessToken token, int version, Func<Fence> fence, CancellationToken stop)
    {
        var now = world.Now;
        if (now - token.LastUsed < Coarse)
        {
            return;
        }
        var hour = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % Coarse.Ticks), TimeSpan.Zero);
        var isAwake = now - (token.LastUsed ?? token.CreatedAt) < Silence;
        try
        {
            await store.CommitAsync(
                new Change(fence())
                {
                    Entries = isAwake
                        ? []
                        :
                        [
                            new NewEntry(
                                AccessBook.Platform,
                                Deployment: null,
                                "access",
                                $"token {token.Id} ({token.Name}) was used after a silence of {(now - (token.LastUsed ?? token.CreatedAt)).TotalDays:0} days",
                                new JsonObject { ["token"] = token.Id }
                            ),
                        ],
                    Writes =
                    [
                        new Write(AccessBook.Tokens, token.Id, Records.Body(token with { LastUsed = hour }), version),
                    ],
                },
                stop
            );
        }
        catch (ConflictException)
        {
            // Another request noted the same, or the token was revoked this moment: the next one is told.
        }
    }

    private static Problem Unknown() =>
        new(
            "access.bad-token",
            What: "The token is not good.",
            Why: "There is no such token, or it was revoked.",
            Fix: "Make a new one: fairlead token create NAME --role ROLE"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    private static Problem Expired(AccessToken token) =>
        new(
            "access.token-expired",
            What: $"The token {token.Id} ({token.Name}) is good no longer.",
            Why: $"It expired at {token.ExpiresAt:u}.",
            Fix: "Make a new one: fairlead token create NAME --role ROLE"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    private static Problem Orphaned(AccessToken token) =>
        new(
            "access.token-orphaned",
            What: $"The token {token.Id} ({token.Name}) is good no longer.",
            Why: $"Nobody answers for it: {token.Maker}, who made it, is gone.",
            Fix: "Make a new one: fairlead token create NAME --role ROLE"
        )
        {
            Trouble = Trouble.NotAllowed,
        };
}
