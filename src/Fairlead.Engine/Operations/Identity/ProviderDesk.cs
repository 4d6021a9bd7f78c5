using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Identity;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations.Identity;

/// <summary>What an identity provider says of somebody, once its word was checked.</summary>
/// <param name="Email">Null unless the provider says that it verified it.</param>
public sealed record ProviderWord(string Subject, string? Name, string? Email, IReadOnlyList<string> Groups);

/// <summary>Knows the identity providers, and whom to let in on their word.</summary>
public sealed class ProviderDesk
{
    internal const string Collection = "identity-providers";
    private readonly IdentityParts parts;

    internal ProviderDesk(IdentityParts parts) => this.parts = parts;

    public async Task<IReadOnlyList<IdentityProvider>> AllAsync(CancellationToken stop) =>
        [.. (await parts.Store.ListAsync(Collection, "", stop)).Select(Records.Read<IdentityProvider>)];

    /// <exception cref="ProblemException">There is none of that name.</exception>
    public async Task<IdentityProvider> FindAsync(string name, CancellationToken stop) =>
        await parts.Store.ReadAsync(Collection, name, stop) is { } known
            ? Records.Read<IdentityProvider>(known)
            : throw new ProblemException(None(name));

    /// <summary>Its client's secret; null when it has none.</summary>
    public string? SecretOf(IdentityProvider provider) =>
        provider.Secret is { } text ? parts.Seal.Open(text, PurposeOf(provider.Name)) : null;

    /// <summary>
    /// Lets in whom it names: somebody who came by it before, who has the address that it verified, or who is in a group
    /// that may do something here. What groups give holds for the session.
    /// </summary>
    /// <exception cref="ProblemException">They were not invited.</exception>
    public async Task<SignedIn> SignInAsync(
        IdentityProvider provider,
        ProviderWord word,
        Visitor visitor,
        CancellationToken stop
    )
    {
        var account = new ProviderAccount(provider.Name, word.Subject);
        var grants = provider.Groups.Where(one => word.Groups.Contains(one.Group)).Select(one => one.Grant).ToArray();
        var email = WaysIn.TryEmail(word.Email);
        var person =
            await parts.People.ByAccountAsync(account, stop)
            ?? await LinkAsync(account, email, stop)
            ?? await MakeAsync(account, word, email, grants, stop);
        if (person is null or { IsDisabled: true })
        {
            await parts.RefusedAsync($"a sign-in by {provider.Name} was refused, from {visitor.Address}", stop);
            throw new ProblemException(NotInvited(provider, word));
        }
        return new(await parts.OpenSessionAsync(person, (provider.Name, false), grants, visitor, stop), person);
    }

    internal static string PurposeOf(string name) => $"client of {name}";

    internal static Problem None(string name) =>
        new(
            "identity.no-provider",
            What: $"There is no identity provider '{name}'.",
            Why: "None was set under that name.",
            Fix: "See which there are: fairlead idp list"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private async Task<Person?> LinkAsync(ProviderAccount account, string? email, CancellationToken stop) =>
        email is not null && await parts.People.ByEmailAsync(email, stop) is { } known
            ? await parts.People.ChangeAsync(
                known.Id,
                one => one with { Accounts = [.. one.Accounts, account] },
                one => $"{one} signs in by {account.Provider} too, which verified their address",
                stop
            )
            : null;

    private async Task<Person?> MakeAsync(
        ProviderAccount account,
        ProviderWord word,
        string? email,
        Grant[] grants,
        CancellationToken stop
    )
    {
        if (email is null || grants.Length == 0)
        {
            return null;
        }
        var person = new Person
        {
            Id = parts.World.NewId(),
            Name = WaysIn.IsName(word.Name) ? word.Name! : email, // A name is not null.
            Email = email,
            CreatedAt = parts.World.Now,
            SessionsFrom = parts.World.Now,
            Accounts = [account],
        };
        await parts.People.AddAsync(person, [], $"{person} came by {account.Provider}, whose groups let them in", stop);
        return person;
    }

    private static Problem NotInvited(IdentityProvider provider, ProviderWord word) =>
        new(
            "identity.not-invited",
            What: $"{provider.Name} signed you in, and you may not come here.",
            Why: word.Email is null
                ? "It does not say that it verified your address."
                : "You were not invited, and none of your groups may do anything here.",
            Fix: "Ask an owner: fairlead person invite, or fairlead idp set with --groups"
        )
        {
            Trouble = Trouble.NotAllowed,
        };
}
