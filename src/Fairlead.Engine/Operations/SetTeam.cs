using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Says which apps a team has.</summary>
public static class SetTeam
{
    public sealed record Input
    {
        [Description("The team's name.")]
        [Positional]
        public required string Name { get; init; }

        [Description(
            "An app of the team; say it for each, also before it is first deployed. These are all it has then."
        )]
        public IReadOnlyList<string> App { get; init; } = [];
    }

    public static Operation Operation { get; } =
        new Operation<Input, ListTeams.TeamView>("team.set", "Say which apps a team has.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead team set checkout --app shop --app basket"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<ListTeams.TeamView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var apps = input.App.Distinct().ToList();
        var wrong = apps.Prepend(input.Name).FirstOrDefault(name => !Site.IsName(name));
        if (wrong is not null)
        {
            throw new ProblemException(
                AccessProblems.Wrong(
                    "name",
                    $"No team and no app can be called '{wrong}'.",
                    Names.Why,
                    "Write for example: fairlead team set web --app shop --app blog"
                )
            );
        }
        var teams = (await AccessBook.PolicyAsync(engine.Server.Store, stop)).Teams;
        var others = teams.Where(team => team.Name != input.Name).ToList();
        var taken = others
            .SelectMany(team => team.Apps.Intersect(apps).Select(app => (app, team.Name)))
            .FirstOrDefault();
        if (taken.app is not null)
        {
            throw new ProblemException(
                new Problem(
                    "access.app-taken",
                    What: $"{taken.app} cannot be an app of {input.Name}.",
                    Why: $"It is one of {taken.Name}, and an app is of one team.",
                    Fix: $"Say first what {taken.Name} has without it: fairlead team set {taken.Name} --app ..."
                )
                {
                    Trouble = Trouble.Conflict,
                }
            );
        }
        if (others.Count >= AccessBook.TeamsMax || apps.Count > AccessBook.AppsMax)
        {
            throw new ProblemException(
                AccessProblems.Wrong(
                    "full",
                    "There are too many teams or apps.",
                    $"{AccessBook.TeamsMax} teams and {AccessBook.AppsMax} apps in each are the most.",
                    "fairlead team remove NAME"
                )
            );
        }
        await AccessWrites.CommitAsync(
            engine,
            $"team {input.Name} has {(apps.Count == 0 ? "no app" : string.Join(", ", apps))}",
            new Write(AccessBook.Teams, input.Name, Records.Body(new Team(input.Name, apps))),
            stop
        );
        return new(input.Name, string.Join(", ", apps));
    }
}
