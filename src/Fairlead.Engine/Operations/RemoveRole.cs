using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Removes a role of one's own; grants of it give nothing any more.</summary>
public static class RemoveRole
{
    public sealed record Input
    {
        [Description("The role's name.")]
        [Positional]
        public required string Name { get; init; }
    }

    public sealed record Output(string Name);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("role.remove", "Remove a role of one's own.", Effect.Destroys, RunAsync)
        {
            Examples = ["fairlead role remove releaser"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var known = await engine.Server.Store.ListAsync(AccessBook.Roles, "", stop);
        if (known.All(one => one.Key != input.Name))
        {
            throw new ProblemException(
                AccessProblems.Unknown(
                    "role of one's own",
                    input.Name,
                    known.Select(one => one.Key),
                    "fairlead role list"
                )
            );
        }
        await AccessWrites.CommitAsync(
            engine,
            $"role {input.Name} was removed",
            new Write(AccessBook.Roles, input.Name, Body: null),
            stop
        );
        return new(input.Name);
    }
}
