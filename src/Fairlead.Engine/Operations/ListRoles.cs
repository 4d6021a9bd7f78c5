using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>All roles and what each may do.</summary>
public static class ListRoles
{
    public sealed record Input;

    public sealed record Output(IReadOnlyList<RoleView> Roles);

    /// <param name="Kind">built-in or own.</param>
    public sealed record RoleView(string Name, string Kind, string Permissions, string About);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("role.list", "List roles and what each may do.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead role list"],
            Needs = Need.Anybody,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var policy = await AccessBook.PolicyAsync(engine.Server.Store, stop);
        return new([.. policy.Roles.Select(Of)]);
    }

    internal static RoleView Of(Role role) =>
        new(
            role.Name,
            Role.BuiltIn.Contains(role) ? "built-in" : "own",
            string.Join(", ", role.Permissions.Select(permission => permission.Word)),
            role.About
        );
}
