using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Gives a person or a token a role. It holds from their next request on.</summary>
public static class AddGrant
{
    public sealed record Input : GrantInput
    {
        [Description("E-mail address or id of a person, or id of a token.")]
        [Positional]
        public required string Who { get; init; }
    }

    public sealed record Output(string Id, string Who, IReadOnlyList<string> Grants);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("grant.add", "Give a person or a token a role.", Effect.Changes, RunAsync)
        {
            Examples =
            [
                "fairlead grant add ben@example.com --role deployer --only-app shop --only-environment staging",
            ],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var policy = await AccessBook.PolicyAsync(engine.Server.Store, stop);
        var grant = input.Read(policy);
        GrantInput.CheckGiver(engine, policy, grant);
        var grantee = await Grantee.FindAsync(engine, input.Who, stop);
        if (grantee.Grants.Count >= AccessBook.GrantsMax)
        {
            throw new ProblemException(
                AccessProblems.Wrong(
                    "full",
                    $"{grantee.Name} has too many grants.",
                    $"{AccessBook.GrantsMax} are the most.",
                    $"fairlead grant remove {grantee.Id} --role ROLE"
                )
            );
        }
        return Of(
            await grantee.ChangeAsync(
                engine,
                before => [.. before.Append(grant).Distinct()],
                $"is now {AccessPolicy.Text(grant)}",
                stop
            )
        );
    }

    internal static Output Of(Grantee grantee) =>
        new(grantee.Id, grantee.Name, [.. grantee.Grants.Select(AccessPolicy.Text)]);
}
