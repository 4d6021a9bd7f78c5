using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Removes a team; its apps are of the team 'default' then, and grants of it give nothing any more.</summary>
public static class RemoveTeam
{
    public sealed record Input
    {
        [Description("The team's name.")]
        [Positional]
        public required string Name { get; init; }
    }

    public sealed record Output(string Name);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("team.remove", "Remove a team; its apps stay.", Effect.Destroys, RunAsync)
        {
            Examples = ["fairlead team remove checkout"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var known = await engine.Server.Store.ListAsync(AccessBook.Teams, "", stop);
        if (known.All(one => one.Key != input.Name))
        {
            throw new ProblemException(
                AccessProblems.Unknown("team", input.Name, known.Select(one => one.Key), "fairlead team list")
            );
        }
        await AccessWrites.CommitAsync(
            engine,
            $"team {input.Name} was removed",
            new Write(AccessBook.Teams, input.Name, Body: null),
            stop
        );
        return new(input.Name);
    }
}
