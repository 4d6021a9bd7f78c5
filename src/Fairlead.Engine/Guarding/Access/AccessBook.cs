using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Access;

/// <summary>Roles, teams, grants and tokens as the store keeps them.</summary>
public static class AccessBook
{
    public const string Roles = "roles";
    public const string Teams = "teams";
    public const string Grants = "grants";
    public const string Tokens = "tokens";

    public const int RolesMax = 200;
    public const int TeamsMax = 1_000;
    public const int AppsMax = 1_000;
    public const int GrantsMax = 100;
    public const int TokensMax = 10_000;

    /// <summary>The journal's place for what is about no app.</summary>
    public static Site Platform { get; } = new("fairlead", "platform");

    public static async Task<AccessPolicy> PolicyAsync(IStore store, CancellationToken stop)
    {
        var roles = await store.ListAsync(Roles, "", stop);
        var teams = await store.ListAsync(Teams, "", stop);
        return new(
            [.. Role.BuiltIn, .. roles.Select(one => Records.Read<Role.Kept>(one).Read())],
            [.. teams.Select(Records.Read<Team>)]
        );
    }

    /// <summary>What was granted to somebody here, beside what they come with.</summary>
    public static async Task<Granted> GrantsAsync(IStore store, string principal, CancellationToken stop) =>
        await store.ReadAsync(Grants, principal, stop) is { } document
            ? Records.Read<Granted>(document) with
            {
                Version = document.Version,
            }
            : new(principal, []);

    /// <summary>A caller with all that was granted to it, and those behind it too.</summary>
    public static async Task<Principal> CompleteAsync(IStore store, Principal caller, CancellationToken stop)
    {
        if (caller.Kind is PrincipalKind.Owner)
        {
            return caller;
        }
        var granted = await GrantsAsync(store, caller.Id, stop);
        return caller with
        {
            Grants = [.. caller.Grants, .. granted.Grants],
            Behind = caller.Behind is { } behind ? await CompleteAsync(store, behind, stop) : null,
        };
    }

    public static async Task<Standing> StandingAsync(IStore store, Principal caller, CancellationToken stop) =>
        new(
            await CompleteAsync(store, caller, stop),
            await PolicyAsync(store, stop),
            [.. (await store.ListAsync(Records.Sites, "", stop)).Select(one => Site.TryParse(one.Key)).OfType<Site>()]
        );
}

/// <summary>Grants of one principal.</summary>
/// <param name="Principal">Its id.</param>
public sealed record Granted(string Principal, IReadOnlyList<Grant> Grants)
{
    /// <summary>The document's; 0 when there is none.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int Version { get; init; }
}
