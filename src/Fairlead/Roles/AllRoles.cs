using Fairlead.Roles.Drill;
using Fairlead.Roles.Edge;
using Fairlead.Roles.Node;
using Fairlead.Roles.Server;

namespace Fairlead.Roles;

/// <summary>The processes that the platform is made of. To add one: write its folder, add its line here and start it in Roles/Up;
/// that of drills is started as the services of their scratch app.</summary>
internal static class AllRoles
{
    public static IReadOnlyDictionary<string, Func<RoleContext, CancellationToken, Task<int>>> Entries =>
        new Dictionary<string, Func<RoleContext, CancellationToken, Task<int>>>
        {
            ["drill"] = DrillRole.RunAsync,
            ["edge"] = EdgeRole.RunAsync,
            ["node"] = NodeRole.RunAsync,
            ["server"] = ServerRole.RunAsync,
        };
}
