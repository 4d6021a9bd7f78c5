using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Access;

/// <summary>Roles, teams and tokens as the store keeps them.</summary>
public static class AccessBook
{
    public const string Roles = "roles";
    public const string Teams = "teams";
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

    public static async Task<Standing> StandingAsync(IStore store, Principal caller, CancellationToken stop) =>
        new(
            caller,
            await PolicyAsync(store, stop),
            [.. (await store.ListAsync(Records.Sites, "", stop)).Select(one => Site.TryParse(one.Key)).OfType<Site>()]
        );
}
