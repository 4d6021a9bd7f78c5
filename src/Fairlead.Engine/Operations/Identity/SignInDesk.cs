using Fairlead.Engine.Guarding.Identity;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations.Identity;

/// <summary>Lets people in by password and code or by passkey, and knows them again by their session.</summary>
public sealed class SignInDesk
{
    private const string SeedPurpose = "authenticator ";
    private readonly IdentityParts parts;

    internal SignInDesk(IdentityParts parts) => this.parts = parts;

    /// <param name="typed">The code is the authenticator's, or a recovery code; null when none was typed.</param>
    /// <returns>Null when the password is right and a code is wanted too.</returns>
    /// <exception cref="ProblemException">It is not them, or too many tries went wrong.</exception>
    public async Task<SignedIn?> ByPasswordAsync(
        (string Email, string Password, string? Code) typed,
        Visitor visitor,
        CancellationToken stop
    )
    {
        // One that cannot be anybody's address is treated as one that is nobody's: the answer tells nothing.
        var email = WaysIn.TryEmail(typed.Email) ?? "nobody@invalid";
        var person = await parts.People.ByEmailAsync(email, stop);
        var device = person is not null && IsOf(visitor, person) ? visitor.Device : null;
        var attempt = parts.Pace.Enter(email, visitor.Address, device);
        PasswordAnswer answer;
        try
        {
            answer = await parts.Hashes.CheckAsync(
                person is { IsDisabled: false } ? person.Password : null,
                typed.Password,
                stop
            );
        }
        catch (ProblemException)
        {
            attempt.TakeBack();
            throw;
        }
        if (person is null || answer is PasswordAnswer.Wrong)
        {
            await parts.RefusedAsync(
                $"a sign-in as {email} by password was refused, from {visitor.Address}",
                visitor.Address,
                stop
            );
            throw new ProblemException(Wrong());
        }
        if (person.Authenticator is not null && string.IsNullOrWhiteSpace(typed.Code))
        {
            attempt.TakeBack();
            return null;
        }
        if (person.Authenticator is not null && !await TakeCodeAsync(person.Id, typed.Code!.Trim(), stop)) // Just looked.
        {
            await parts.RefusedAsync(
                $"a sign-in as {email} by code was refused, from {visitor.Address}",
                visitor.Address,
                stop
            );
            throw new ProblemException(Wrong());
        }
        attempt.Succeeded();
        if (answer is PasswordAnswer.RightButWeak)
        {
            var hash = await parts.Hashes.HashAsync(typed.Password, stop);
            var old = person.Password;
            await parts.People.ChangeAsync(
                person.Id,
                one => one.Password == old ? one with { Password = hash } : null,
                one => $"the password of {one} was hashed anew, with more work",
                stop
            );
        }
        var isProven = person.Authenticator is not null;
        var way = isProven ? "password and code" : "password";
        return new(await parts.OpenSessionAsync(person, (way, isProven), [], visitor, stop), person);
    }

    /// <summary>Whom a passkey belongs to; null for nobody who may sign in.</summary>
    public async Task<Person?> PersonAsync(string id, CancellationToken stop) =>
        await parts.People.FindAsync(id, stop) is { IsDisabled: false } person ? person : null;

    /// <summary>Counts a try that is not by password; call what it returns when it went well, so that only failures slow the next.</summary>
    /// <exception cref="ProblemException">Too many went wrong.</exception>
    public Action Enter(Visitor visitor) => parts.Pace.Enter(account: null, visitor.Address, device: null).TakeBack;

    /// <summary>Signs in whose passkey was checked.</summary>
    /// <param name="used">As the check left it.</param>
    public async Task<SignedIn> ByPasskeyAsync(string id, Passkey used, Visitor visitor, CancellationToken stop)
    {
        var person = await UseAsync(id, used, stop);
        return new(await parts.OpenSessionAsync(person, ("passkey", IsProven: true), [], visitor, stop), person);
    }

    /// <param name="way">What was tried.</param>
    public Task RefusedAsync(string way, Visitor visitor, CancellationToken stop) =>
        parts.RefusedAsync($"a sign-in by {way} was refused, from {visitor.Address}", visitor.Address, stop);

    /// <summary>Who it is whose browser holds this; null when nobody is signed in with it.</summary>
    public async Task<Principal?> KnowAsync(string? secret, CancellationToken stop) =>
        await parts.Sessions.FindAsync(secret, stop) is { } open
            ? new Principal(PrincipalKind.Person, open.Person.Id, open.Person.Name)
            {
                Grants = [.. open.Person.Grants.Union(open.Session.Grants)],
                ProvedAt = open.Session.ProvedAt,
            }
            : null;

    /// <summary>A person as they are now, with what they may do whichever way they sign in; null when they may not come in.</summary>
    public async ValueTask<Principal?> PrincipalAsync(string id, CancellationToken stop) =>
        await PersonAsync(id, stop) is { } person
            ? new Principal(PrincipalKind.Person, person.Id, person.Name) { Grants = person.Grants }
            : null;

    public async Task SignOutAsync(string? secret, CancellationToken stop)
    {
        if (await parts.Sessions.FindAsync(secret, stop) is { } open)
        {
            await parts.Sessions.EndAsync([open.Key], $"{open.Person} signed out", stop);
        }
    }

    /// <summary>Proves a session again by the code of an authenticator.</summary>
    /// <exception cref="ProblemException">The code is wrong, or too many were.</exception>
    public async Task ProveByCodeAsync(string? secret, string code, Visitor visitor, CancellationToken stop)
    {
        var open = await AccountDesk.NeedAsync(parts, secret, stop);
        var attempt = parts.Pace.Enter(open.Person.Email, visitor.Address, $"session {open.Id}");
        if (!await TakeCodeAsync(open.Person.Id, code.Trim(), stop))
        {
            await parts.RefusedAsync(
                $"a code of {open.Person} was refused, from {visitor.Address}",
                visitor.Address,
                stop
            );
            throw new ProblemException(Wrong());
        }
        attempt.Succeeded();
        await parts.Sessions.ProveAsync(open, $"{open.Person} proved by a code who they are", stop);
    }

    /// <summary>Proves a session by the password once more, for who has nothing stronger.</summary>
    /// <exception cref="ProblemException">It is wrong, too many were, or there is a passkey or an authenticator to prove it with.</exception>
    public async Task ProveByPasswordAsync(string? secret, string password, Visitor visitor, CancellationToken stop)
    {
        var open = await AccountDesk.NeedAsync(parts, secret, stop);
        if (open.Person is not { Passkeys.Count: 0, Authenticator: null })
        {
            throw new ProblemException(Stronger());
        }
        var attempt = parts.Pace.Enter(open.Person.Email, visitor.Address, $"session {open.Id}");
        if (await parts.Hashes.CheckAsync(open.Person.Password, password, stop) is PasswordAnswer.Wrong)
        {
            await parts.RefusedAsync(
                $"a password of {open.Person} was refused, from {visitor.Address}",
                visitor.Address,
                stop
            );
            throw new ProblemException(Wrong());
        }
        attempt.Succeeded();
        await parts.Sessions.ProveAsync(open, $"{open.Person} proved by the password who they are", stop);
    }

    /// <summary>Proves a session again by a passkey that was checked.</summary>
    /// <exception cref="ProblemException">It is another's.</exception>
    public async Task ProveByPasskeyAsync(string? secret, string id, Passkey used, CancellationToken stop)
    {
        var open = await AccountDesk.NeedAsync(parts, secret, stop);
        if (open.Person.Id != id)
        {
            throw new ProblemException(Wrong());
        }
        await UseAsync(id, used, stop);
        await parts.Sessions.ProveAsync(open, $"{open.Person} proved by a passkey who they are", stop);
    }

    internal static string PurposeOf(string person) => SeedPurpose + person;

    private static Problem Stronger() =>
        new(
            "identity.stronger-proof",
            What: "A password is not enough here.",
            Why: "This account has a passkey or an authenticator.",
            Fix: "Confirm with that."
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    /// <summary>Said whatever was wrong, so that nobody learns who there is.</summary>
    internal static Problem Wrong() =>
        new(
            "identity.wrong",
            What: "You are not signed in.",
            Why: "The address, the password or the code is not right.",
            Fix: "Try again, sign in with a passkey, or ask an owner for a new invitation."
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    private async Task<Person> UseAsync(string id, Passkey used, CancellationToken stop) =>
        await parts.People.ChangeAsync(
            id,
            one =>
                one with
                {
                    Passkeys =
                    [
                        .. one.Passkeys.Select(key =>
                            key.Id == used.Id
                                ? key with
                                {
                                    Count = used.Count,
                                    IsBackedUp = used.IsBackedUp,
                                    UsedAt = parts.World.Now,
                                }
                                : key
                        ),
                    ],
                },
            one => $"a passkey of {one} was used",
            stop
        );

    /// <summary>Uses a code up: no code is good twice, whoever comes first.</summary>
    private async Task<bool> TakeCodeAsync(string id, string code, CancellationToken stop)
    {
        var isGood = false;
        await parts.People.ChangeAsync(
            id,
            person =>
            {
                var after = Without(person, code);
                isGood = after is not null;
                return after;
            },
            person => $"a code of {person} was used; {person.RecoveryCodes.Count} recovery codes are left",
            stop
        );
        return isGood;
    }

    private Person? Without(Person person, string code)
    {
        if (
            person.Authenticator is { } made
            && parts.Seal.Open(made.Seed, PurposeOf(person.Id)) is { } seed
            && Totp.StepOf(Convert.FromHexString(seed), code, parts.World.Now, made.LastStep) is { } step
        )
        {
            return person with { Authenticator = made with { LastStep = step } };
        }
        return RecoveryCodes.TryHash(code) is { } hash && person.RecoveryCodes.Contains(hash)
            ? person with
            {
                RecoveryCodes = [.. person.RecoveryCodes.Where(one => one != hash)],
            }
            : null;
    }

    private static bool IsOf(Visitor visitor, Person person) =>
        visitor.Device?.StartsWith(person.Id + "/", StringComparison.Ordinal) == true;
}
