using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Teams and their apps; a caller sees the apps that it may know of.</summary>
public static class ListTeams
{
    public sealed record Input;

    public sealed record Output(IReadOnlyList<TeamView> Teams);

    public sealed record TeamView(string Name, string Apps);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("team.list", "List teams and their apps.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead team list"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var server = engine.Server;
        var policy = await AccessBook.PolicyAsync(server.Store, stop);
        var seen = (await Sites.AllAsync(server, stop)).Select(one => one.Site.App).ToHashSet(StringComparer.Ordinal);
        var teams = policy
            .Teams.Select(team =>
                team with
                {
                    Apps = [.. team.Apps.Where(app => server.Reach.IsAll || seen.Contains(app))],
                }
            )
            .Where(team => server.Reach.IsAll || team.Apps.Count > 0)
            .ToList();
        var rest = seen.Where(app => policy.TeamOf(app) == Team.Default && teams.All(team => !team.Apps.Contains(app)));
        return new([
            .. teams
                .Append(new Team(Team.Default, [.. rest.Order(StringComparer.Ordinal)]))
                .GroupBy(team => team.Name, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new TeamView(group.Key, string.Join(", ", group.SelectMany(team => team.Apps)))),
        ]);
    }
}
