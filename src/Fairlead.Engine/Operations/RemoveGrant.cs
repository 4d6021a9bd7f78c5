using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Takes a role from a person or a token. It holds from their next request on.</summary>
public static class RemoveGrant
{
    public sealed record Input : GrantInput
    {
        [Description("Id of the person or token.")]
        [Positional]
        public required string Principal { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, AddGrant.Output>(
            "grant.remove",
            "Take a role from a person or a token.",
            Effect.Destroys,
            RunAsync
        )
        {
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<AddGrant.Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var granted = await AccessBook.GrantsAsync(engine.Server.Store, input.Principal, stop);
        var fitting = granted
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
                    $"grant of {input.Principal} for",
                    input.Role,
                    granted.Grants.Select(AccessPolicy.Text),
                    $"fairlead grant list {input.Principal}"
                )
            );
        }
        var now = granted with { Grants = [.. granted.Grants.Except(fitting)] };
        var text = string.Join("; ", fitting.Select(AccessPolicy.Text));
        await AddGrant.WriteAsync(engine, now, $"{input.Principal} is no longer {text}", stop);
        return AddGrant.Of(now);
    }
}
