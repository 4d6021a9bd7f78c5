using Fairlead.Engine.Guarding.Identity;
using Fairlead.Engine.Operations.Identity;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>A person as others may see them: nothing of how they prove who they are but that they can.</summary>
/// <param name="Ways">passkey, password, authenticator, and names of identity providers.</param>
/// <param name="Grants">Such as <c>operator</c> or <c>deployer@shop/storefront/staging</c>.</param>
public sealed record PersonView(
    string Id,
    string Name,
    string Email,
    IReadOnlyList<string> Grants,
    IReadOnlyList<string> Ways,
    bool Disabled
)
{
    internal static PersonView Of(Person person) =>
        new(
            person.Id,
            person.Name,
            person.Email,
            [.. person.Grants.Select(GrantText.Of)],
            [
                .. person.Passkeys.Select(one => $"passkey '{one.Name}'"),
                .. person.Password is null ? Array.Empty<string>() : ["password"],
                .. person.Authenticator is null ? Array.Empty<string>() : ["authenticator"],
                .. person.Accounts.Select(one => one.Provider),
            ],
            person.IsDisabled
        );
}

/// <summary>What operations about people share.</summary>
internal static class PeopleRules
{
    /// <summary>Only owners decide who else there is: whoever may hand out grants may do everything.</summary>
    /// <exception cref="ProblemException">The caller is none.</exception>
    public static IdentityDesk NeedOwner(EngineContext engine) =>
        IsOwner(engine.Caller) ? engine.Server.Identity : throw new ProblemException(NotOwner(engine.Caller));

    public static bool IsOwner(Principal caller) =>
        caller.Kind is PrincipalKind.Owner || caller.Grants.Contains(new Grant("owner"));

    public static bool IsOwner(Person person) => !person.IsDisabled && person.Grants.Contains(new Grant("owner"));

    /// <param name="who">An address or an id.</param>
    /// <exception cref="ProblemException">There is no such person.</exception>
    public static async Task<Person> FindAsync(IdentityDesk desk, string who, CancellationToken stop) =>
        await desk.Parts.People.FindAsync(who, stop)
        ?? await desk.Parts.People.ByEmailAsync(who.Trim().ToLowerInvariant(), stop)
        ?? throw new ProblemException(People.Unknown(who));

    /// <exception cref="ProblemException">One of them is no grant.</exception>
    public static Grant[] Grants(string roles) =>
        [
            .. roles
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(one => GrantText.TryParse(one) ?? throw new ProblemException(BadGrant(one)))
                .Distinct(),
        ];

    /// <summary>Refuses what would leave nobody to let others in.</summary>
    /// <param name="after">As they shall become.</param>
    public static async Task KeepAnOwnerAsync(IdentityDesk desk, Person after, CancellationToken stop)
    {
        var others = (await desk.Parts.People.AllAsync(stop)).Where(one => one.Id != after.Id);
        if (!IsOwner(after) && !others.Any(IsOwner))
        {
            throw new ProblemException(
                new Problem(
                    "identity.last-owner",
                    What: $"{after} stays an owner.",
                    Why: "There is no other, and somebody must be able to let people in.",
                    Fix: "Make another owner first: fairlead person grant EMAIL --role owner"
                )
                {
                    Trouble = Trouble.Conflict,
                }
            );
        }
    }

    private static Problem NotOwner(Principal caller) =>
        new(
            "identity.not-owner",
            What: $"{caller} may not do this.",
            Why: "Only owners decide who may sign in and what they may do.",
            Fix: "Ask an owner, or do it on Fairlead's own machine as the user who runs it."
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    private static Problem BadGrant(string text) =>
        new(
            "identity.bad-grant",
            What: $"'{text}' says not what somebody may do.",
            Why: "It is a role, and may say within which team, app and environment.",
            Fix: "Write for example: operator, or deployer@shop/storefront/staging"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
