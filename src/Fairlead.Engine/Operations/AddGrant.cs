using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Gives a person or a token a role.</summary>
public static class AddGrant
{
    internal const int IdLettersMax = 100;

    public sealed record Input : GrantInput
    {
        [Description("Id of the person or token.")]
        [Positional]
        public required string Principal { get; init; }
    }

    public sealed record Output(string Principal, IReadOnlyList<string> Grants);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("grant.add", "Give a person or a token a role.", Effect.Changes, RunAsync)
        {
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var store = engine.Server.Store;
        var policy = await AccessBook.PolicyAsync(store, stop);
        var grant = input.Read(policy);
        CheckId(input.Principal);
        GrantInput.CheckGiver(engine, policy, grant);
        var granted = await AccessBook.GrantsAsync(store, input.Principal, stop);
        if (granted.Grants.Count >= AccessBook.GrantsMax)
        {
            throw new ProblemException(
                AccessProblems.Wrong(
                    "full",
                    $"{input.Principal} has too many grants.",
                    $"{AccessBook.GrantsMax} are the most.",
                    "fairlead grant remove ID --role ROLE"
                )
            );
        }
        var now = granted with { Grants = [.. granted.Grants.Append(grant).Distinct()] };
        await WriteAsync(engine, now, $"{input.Principal} is {AccessPolicy.Text(grant)}", stop);
        return Of(now);
    }

    internal static void CheckId(string id)
    {
        if (
            id.Length is 0 or > IdLettersMax
            || !id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '@' or ':')
        )
        {
            throw new ProblemException(
                AccessProblems.Wrong(
                    "id",
                    "This is nobody's id.",
                    "An id has letters, digits and a few signs, no spaces.",
                    "See ids: fairlead token list"
                )
            );
        }
    }

    internal static Output Of(Granted granted) => new(granted.Principal, [.. granted.Grants.Select(AccessPolicy.Text)]);

    internal static Task WriteAsync(EngineContext engine, Granted granted, string text, CancellationToken stop) =>
        AccessWrites.CommitAsync(
            engine,
            text,
            new Write(AccessBook.Grants, granted.Principal, Records.Body(granted), granted.Version),
            stop
        );
}
