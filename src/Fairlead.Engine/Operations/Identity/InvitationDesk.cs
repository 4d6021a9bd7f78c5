using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Identity;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations.Identity;

/// <summary>How a new person shall sign in: by one of the two.</summary>
public sealed record FirstWay(string? Password, Passkey? Passkey);

/// <summary>Invites people, once each, and makes them of those who come.</summary>
public sealed class InvitationDesk
{
    private const string Collection = "invitations";
    private static readonly TimeSpan FirstMax = TimeSpan.FromHours(1);

    private readonly IdentityParts parts;

    internal InvitationDesk(IdentityParts parts) => this.parts = parts;

    /// <summary>Makes the link anew by which the first owner comes in; null when there is somebody already.</summary>
    /// <returns>What the link holds; only its hash is kept.</returns>
    public async Task<string?> FirstAsync(CancellationToken stop)
    {
        if ((await parts.People.AllAsync(stop)).Count > 0)
        {
            return null;
        }
        var old = await parts.Store.ListAsync(Collection, "", stop);
        var first = new Invitation(null, null, parts.World.Now + FirstMax) { Grants = [new Grant("owner")] };
        return await MakeAsync(
            first,
            "a link for the first owner was made",
            [.. old.Where(one => Records.Read<Invitation>(one).IsFirst).Select(one => one.Key)],
            stop
        );
    }

    /// <summary>Invites somebody; an earlier invitation to the same address is no longer good.</summary>
    /// <param name="by">Who does.</param>
    /// <exception cref="ProblemException">Somebody has that address already.</exception>
    public async Task<string> InviteAsync(Invitation invitation, Principal by, CancellationToken stop)
    {
        if (await parts.People.ByEmailAsync(invitation.Email!, stop) is { } known) // Only the first has none.
        {
            throw new ProblemException(
                new Problem(
                    "identity.exists",
                    What: $"{known} needs no invitation.",
                    Why: "They can sign in already.",
                    Fix: $"Give them more: fairlead grant add {known.Email} --role operator"
                )
                {
                    Trouble = Trouble.Conflict,
                }
            );
        }
        var all = await parts.Store.ListAsync(Collection, "", stop);
        return await MakeAsync(
            invitation,
            $"{invitation.Name} <{invitation.Email}> was invited as {string.Join(", ", invitation.Grants.Select(GrantText.Of))} by {by}",
            [
                .. all.Where(one =>
                        Records.Read<Invitation>(one) is var old
                        && (old.Email == invitation.Email || old.ExpiresAt <= parts.World.Now)
                    )
                    .Select(one => one.Key),
            ],
            stop
        );
    }

    /// <summary>Keys of invitations that an address has.</summary>
    internal async Task<IReadOnlyList<string>> ForAsync(string email, CancellationToken stop) =>
        [
            .. (await parts.Store.ListAsync(Collection, "", stop))
                .Where(one => Records.Read<Invitation>(one).Email == email)
                .Select(one => one.Key),
        ];

    /// <summary>Ends them without a word about whom they were for.</summary>
    internal Task EndAsync(IReadOnlyList<string> keys, string text, CancellationToken stop) =>
        parts.People.CommitAsync(text, [.. keys.Select(key => new Write(Collection, key, Body: null))], stop);

    /// <summary>Whom a link is for.</summary>
    /// <exception cref="ProblemException">It is good no more, or never was.</exception>
    public async Task<Invitation> FindAsync(string? secret, CancellationToken stop) =>
        Records.Read<Invitation>((await NeedAsync(secret, stop)).Document);

    /// <summary>Makes a person of whoever came by a link, which is then used up, and signs them in.</summary>
    /// <param name="about">Their id, and what they call themselves: heard only where the invitation does not say.</param>
    /// <exception cref="ProblemException">The link is good no more, or something about them cannot be.</exception>
    public async Task<SignedIn> AcceptAsync(
        string? secret,
        (string Id, string? Name, string? Email) about,
        FirstWay way,
        Visitor visitor,
        CancellationToken stop
    )
    {
        var (document, key) = await NeedAsync(secret, stop);
        var invitation = Records.Read<Invitation>(document);
        var name = invitation.Name ?? about.Name;
        AccountDesk.CheckName(name);
        var email =
            invitation.Email ?? WaysIn.TryEmail(about.Email) ?? throw new ProblemException(BadEmail(about.Email));
        if (way.Passkey is null && PasswordRules.Find(way.Password ?? "", name!, email) is { } problem) // Just checked.
        {
            throw new ProblemException(problem);
        }
        var person = new Person
        {
            Id = about.Id,
            Name = name!, // Just checked.
            Email = email,
            CreatedAt = parts.World.Now,
            SessionsFrom = parts.World.Now,
            Grants = invitation.Grants,
            Password = way.Passkey is null ? await parts.Hashes.HashAsync(way.Password!, stop) : null, // Just checked.
            Passkeys = way.Passkey is { } passkey ? [passkey] : [],
        };
        await parts.People.AddAsync(
            person,
            [new Write(Collection, key, Body: null, document.Version)],
            $"{person} came by invitation as {string.Join(", ", person.Grants.Select(GrantText.Of))}",
            stop
        );
        var how = way.Passkey is null ? ("password", false) : ("passkey", true);
        return new(await parts.OpenSessionAsync(person, how, [], visitor, stop), person);
    }

    internal static Problem BadEmail(string? email) =>
        new(
            "identity.bad-email",
            What: $"'{email}' is no address.",
            Why: "People are known by their e-mail address.",
            Fix: "Write for example: anna@example.org"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private async Task<string> MakeAsync(
        Invitation invitation,
        string text,
        IReadOnlyList<string> gone,
        CancellationToken stop
    )
    {
        var secret = OneTimeSecret.New();
        await parts.People.CommitAsync(
            text,
            [
                new Write(Collection, OneTimeSecret.TryHash(secret)!, Records.Body(invitation), 0), // It is one.
                .. gone.Select(key => new Write(Collection, key, Body: null)),
            ],
            stop
        );
        return secret;
    }

    private async Task<(Document Document, string Key)> NeedAsync(string? secret, CancellationToken stop)
    {
        if (
            OneTimeSecret.TryHash(secret?.Trim()) is { } key
            && await parts.Store.ReadAsync(Collection, key, stop) is { } known
            && Records.Read<Invitation>(known) is var invitation
            && invitation.ExpiresAt > parts.World.Now
            && (!invitation.IsFirst || (await parts.People.AllAsync(stop)).Count == 0)
        )
        {
            return (known, key);
        }
        throw new ProblemException(
            new Problem(
                "identity.no-invitation",
                What: "This link is not good.",
                Why: "It was used, is too old, or was replaced by a newer one.",
                Fix: "Ask for a new one; on Fairlead's own machine: fairlead person invite"
            )
            {
                Trouble = Trouble.NotAllowed,
            }
        );
    }
}
