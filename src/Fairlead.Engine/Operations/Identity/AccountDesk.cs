using Fairlead.Engine.Guarding.Identity;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations.Identity;

/// <summary>What an account's page shows.</summary>
/// <param name="IsFresh">Whether they proved just now who they are, so that ways to sign in may be changed.</param>
public sealed record AccountView(Person Person, bool IsFresh, IReadOnlyList<SessionView> Sessions);

/// <summary>A session, for people to read.</summary>
public sealed record SessionView(
    string Id,
    string Person,
    string Way,
    string Address,
    string Agent,
    DateTimeOffset OpenedAt,
    DateTimeOffset SeenAt
)
{
    /// <summary>Whether it is the one that asks.</summary>
    public bool IsThis { get; init; }
}

/// <summary>Lets people change how they sign in, when they proved just now who they are.</summary>
public sealed class AccountDesk
{
    private readonly IdentityParts parts;

    internal AccountDesk(IdentityParts parts) => this.parts = parts;

    /// <exception cref="ProblemException">Nobody is signed in.</exception>
    public async Task<AccountView> ShowAsync(string? secret, CancellationToken stop)
    {
        var open = await NeedAsync(parts, secret, stop);
        var own = (await parts.Sessions.AliveAsync(stop)).Where(one => one.Person.Id == open.Person.Id);
        return new(
            open.Person,
            SessionLimits.IsFresh(open.Session, parts.World.Now),
            [
                .. own.OrderByDescending(one => one.Session.SeenAt)
                    .Select(one => View(one) with { IsThis = one.Key == open.Key }),
            ]
        );
    }

    /// <exception cref="ProblemException">They did not prove just now who they are.</exception>
    public async Task<Person> NeedFreshAsync(string? secret, CancellationToken stop) =>
        (await FreshAsync(secret, stop)).Person;

    /// <exception cref="ProblemException">It has no good name, or there are too many.</exception>
    public async Task AddPasskeyAsync(string? secret, Passkey passkey, CancellationToken stop)
    {
        var open = await FreshAsync(secret, stop);
        CheckName(passkey.Name);
        await parts.People.ChangeAsync(
            open.Person.Id,
            one =>
                one.Passkeys.Count < WaysIn.PasskeysMax
                    ? one with
                    {
                        Passkeys = [.. one.Passkeys, passkey],
                    }
                    : throw new ProblemException(TooMany()),
            one => $"{one} added the passkey '{passkey.Name}'",
            stop
        );
    }

    public async Task RemovePasskeyAsync(string? secret, string id, CancellationToken stop) =>
        await RemoveAsync(
            secret,
            one => one with { Passkeys = [.. one.Passkeys.Where(key => key.Id != id)] },
            "a passkey",
            stop
        );

    /// <summary>Sets the password; every session ends, and this browser gets a new one.</summary>
    public async Task<SignedIn> SetPasswordAsync(
        string? secret,
        string password,
        Visitor visitor,
        CancellationToken stop
    )
    {
        var open = await FreshAsync(secret, stop);
        if (PasswordRules.Find(password, open.Person.Name, open.Person.Email) is { } problem)
        {
            throw new ProblemException(problem);
        }
        var hash = await parts.Hashes.HashAsync(password, stop);
        var person = await parts.People.ChangeAsync(
            open.Person.Id,
            one => one with { Password = hash, SessionsFrom = parts.World.Now },
            one => $"{one} set a new password; all their sessions ended",
            stop
        );
        var how = (open.Session.Way, open.Session.ProvedAt is not null);
        return new(await parts.OpenSessionAsync(person, how, open.Session.Grants, visitor, stop), person);
    }

    /// <summary>Makes a seed for an authenticator, which counts once a code of it is shown.</summary>
    /// <returns>The link for its QR code, and the seed sealed for the browser to bring back.</returns>
    public async Task<(string Link, string Sealed)> BeginAuthenticatorAsync(string? secret, CancellationToken stop)
    {
        var open = await FreshAsync(secret, stop);
        var seed = Totp.NewSeed();
        return (
            Totp.Link(seed, open.Person.Email),
            parts.Seal.Seal(Convert.ToHexStringLower(seed), $"new {SignInDesk.PurposeOf(open.Person.Id)}")
        );
    }

    /// <returns>Recovery codes, shown once.</returns>
    /// <exception cref="ProblemException">The code is not of this seed.</exception>
    public async Task<IReadOnlyList<string>> AddAuthenticatorAsync(
        string? secret,
        string sealedSeed,
        string code,
        CancellationToken stop
    )
    {
        var open = await FreshAsync(secret, stop);
        var seed = parts.Seal.Open(sealedSeed, $"new {SignInDesk.PurposeOf(open.Person.Id)}");
        if (
            seed is null
            || Totp.StepOf(Convert.FromHexString(seed), code.Trim(), parts.World.Now, after: 0) is not { } step
        )
        {
            throw new ProblemException(WrongCode());
        }
        var codes = RecoveryCodes.New();
        await parts.People.ChangeAsync(
            open.Person.Id,
            one =>
                one with
                {
                    Authenticator = new(parts.Seal.Seal(seed, SignInDesk.PurposeOf(one.Id)), step, parts.World.Now),
                    RecoveryCodes = [.. codes.Select(RecoveryCodes.TryHash).OfType<string>()],
                },
            one => $"{one} added an authenticator",
            stop
        );
        return codes;
    }

    public async Task RemoveAuthenticatorAsync(string? secret, CancellationToken stop) =>
        await RemoveAsync(
            secret,
            one => one with { Authenticator = null, RecoveryCodes = [] },
            "the authenticator",
            stop
        );

    public async Task RemovePasswordAsync(string? secret, CancellationToken stop) =>
        await RemoveAsync(
            secret,
            one => one with { Password = null, Authenticator = null, RecoveryCodes = [] },
            "the password",
            stop
        );

    /// <param name="id">One of their own sessions; null for all but this.</param>
    public async Task EndSessionAsync(string? secret, string? id, CancellationToken stop)
    {
        var open = await NeedAsync(parts, secret, stop);
        var ended = (await parts.Sessions.AliveAsync(stop))
            .Where(one => one.Person.Id == open.Person.Id)
            .Where(one => id is null ? one.Key != open.Key : one.Id == id)
            .ToList();
        await parts.Sessions.EndAsync(
            ended.Select(one => one.Key),
            $"{open.Person} ended {ended.Count} sessions",
            stop
        );
    }

    internal static SessionView View(OpenSession one) =>
        new(
            one.Id,
            one.Person.Email,
            one.Session.Way,
            one.Session.Address,
            one.Session.Agent,
            one.Session.OpenedAt,
            one.Session.SeenAt
        );

    internal static async Task<OpenSession> NeedAsync(IdentityParts parts, string? secret, CancellationToken stop) =>
        await parts.Sessions.FindAsync(secret, stop) ?? throw new ProblemException(NotSignedIn());

    internal static void CheckName(string? name)
    {
        if (!WaysIn.IsName(name))
        {
            throw new ProblemException(
                new Problem(
                    "identity.bad-name",
                    What: "This name cannot be used.",
                    Why: $"A name has 1 to {WaysIn.NameLettersMax} letters on one line, and no hidden ones.",
                    Fix: "Write for example: Anna Berg"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
    }

    private async Task<OpenSession> FreshAsync(string? secret, CancellationToken stop)
    {
        var open = await NeedAsync(parts, secret, stop);
        return SessionLimits.IsFresh(open.Session, parts.World.Now) ? open : throw new ProblemException(ProveFirst());
    }

    private async Task RemoveAsync(string? secret, Func<Person, Person> change, string what, CancellationToken stop)
    {
        var open = await FreshAsync(secret, stop);
        await parts.People.ChangeAsync(
            open.Person.Id,
            one => change(one) is var after && WaysIn.AreLeft(after) ? after : throw new ProblemException(LastWayIn()),
            one => $"{one} removed {what}",
            stop
        );
    }

    private static Problem NotSignedIn() =>
        new("identity.not-signed-in", "You are not signed in.", "Your session is over.", "Sign in: /sign-in")
        {
            Trouble = Trouble.NotAllowed,
        };

    private static Problem ProveFirst() =>
        new(
            "identity.prove-first",
            What: "This was not done yet.",
            Why: $"It needs a proof of who you are that is younger than {SessionLimits.ProofMax.TotalMinutes:0} minutes.",
            Fix: "Confirm with your passkey or code, or sign in again."
        )
        {
            Trouble = Trouble.NeedsPerson,
        };

    private static Problem LastWayIn() =>
        new(
            "identity.last-way-in",
            What: "This was not removed.",
            Why: "It is your last way to sign in.",
            Fix: "Add a passkey or a password first."
        )
        {
            Trouble = Trouble.Conflict,
        };

    private static Problem TooMany() =>
        new(
            "identity.too-many-passkeys",
            What: "The passkey was not added.",
            Why: $"You have {WaysIn.PasskeysMax}, which are the most.",
            Fix: "Remove one that you use no more."
        )
        {
            Trouble = Trouble.Conflict,
        };

    private static Problem WrongCode() =>
        new(
            "identity.wrong-code",
            What: "The authenticator was not added.",
            Why: "The code is not one that it shows now.",
            Fix: "Look at the clock of your phone, and type the newest code."
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
