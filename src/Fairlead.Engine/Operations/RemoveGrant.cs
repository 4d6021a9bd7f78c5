using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Takes a role from a person or a token. It holds from their next request on.</summary>
public static class RemoveGrant
{
    public sealed record Input : GrantInput
    {
        [Description("E-mail address or id of a person, or id of a token.")]
        [Positional]
        public required string Who { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, AddGrant.Output>(
            "grant.remove",
            "Take a role from a person or a token.",
            Effect.Destroys,
            RunAsync
        )
        {
            Examples = ["fairlead grant remove ben@example.com --role deployer --only-app shop"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<AddGrant.Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var grantee = await Grantee.FindAsync(engine, input.Who, stop);
        var fitting = grantee
            .Grants.Where(one =>
                one.Role == input.Role
                && (input.Team ?? one.Team) == one.Team
                && (input.OnlyApp ?? one.App) == one.App
                && (input.OnlyEnvironment ?? one.Environment) == one.Environment
            )
            .ToList();
        if (fitting.Count == 0)
        {
            throw new ProblemException(
                AccessProblems.Unknown(
                    $"grant of {grantee.Name} for",
                    input.Role,
                    grantee.Grants.Select(AccessPolicy.Text),
                    $"fairlead grant list {grantee.Id}"
                )
            );
        }
        return AddGrant.Of(
            await grantee.ChangeAsync(
                engine,
                before => [.. before.Except(fitting)],
                $"is no longer {string.Join("; ", fitting.Select(AccessPolicy.Text))}",
                stop
            )
        );
    }
}
