using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;

namespace Fairlead.Tests.Rules;

/// <summary>What an operation needs is said by each; one that says nothing fails here.</summary>
public sealed class AccessRules
{
    [Fact]
    public void Every_operation_says_what_it_needs() => Assert.Empty(Silent(AllOperations.Entries));

    [Fact]
    public void An_operation_whose_need_is_removed_is_found()
    {
        var operations = AllOperations.Entries.ToList();
        operations[3] = operations[3] with { Needs = null };
        Assert.Equal([operations[3].Name], Silent(operations));
    }

    [Fact]
    public void Whoever_may_only_look_changes_nothing()
    {
        Permission[] looking = [Permission.See, Permission.Watch, Permission.Audit];
        Assert.Empty(
            AllOperations
                .Entries.Where(one =>
                    one is { Effect: not Effect.Reads, Runs: Runs.InServer }
                    && one.Needs is { Reaches: not Reaches.Anybody } need
                    && looking.Contains(need.Permission)
                )
                .Select(one => one.Name)
        );
    }

    [Fact]
    public void What_is_for_anybody_who_is_known_is_a_short_list() =>
        // Each of these shows or changes only what is the caller's own, or nobody's.
        Assert.Equal(
            [
                "access.check",
                "certificate.root",
                "role.list",
                "session.list",
                "session.revoke",
                "token.create",
                "token.list",
                "token.revoke",
            ],
            AllOperations
                .Entries.Where(one => one is { Runs: Runs.InServer, Needs.Reaches: Reaches.Anybody })
                .Select(one => one.Name)
        );

    [Fact]
    public void The_guide_shows_the_roles_as_they_are()
    {
        var guide = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/guides/access.md"));
        Assert.Contains(Table(), guide, StringComparison.Ordinal);
    }

    private static string Table() =>
        string.Join(
            '\n',
            [
                $"| role | {string.Join(" | ", Permissions.All.Select(one => one.Word))} |",
                $"| --- |{string.Concat(Enumerable.Repeat(" --- |", Permissions.All.Count))}",
                .. Role.BuiltIn.Select(role =>
                    $"| {role.Name} | {string.Join(" | ", Permissions.All.Select(one => role.Permissions.Contains(one) ? "x" : " "))} |"
                ),
            ]
        );

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

    private static IEnumerable<string> Silent(IEnumerable<Operation> operations) =>
        operations.Where(one => one.Needs is null).Select(one => one.Name);
}
