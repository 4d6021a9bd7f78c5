namespace Fairlead.Roles;

/// <summary>The processes that the platform is made of. To add one: write its folder, add its line here and start it in Roles/Up.</summary>
internal static class AllRoles
{
    public static IReadOnlyDictionary<string, Func<RoleContext, CancellationToken, Task<int>>> Entries =>
        new Dictionary<string, Func<RoleContext, CancellationToken, Task<int>>> { ["node"] = Node.NodeRole.RunAsync };
}
