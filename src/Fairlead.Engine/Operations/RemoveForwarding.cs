using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Logs;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Ends the passing on of logs to a system.</summary>
public static class RemoveForwarding
{
    public sealed record Input
    {
        [Description("Its name, as 'fairlead forwarding list' shows it.")]
        [Positional]
        public required string Name { get; init; }
    }

    public sealed record Output(string Name);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("forwarding.remove", "Pass no more logs on to a system.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead forwarding remove central"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        if (await engine.Server.Store.ReadAsync(LogForwarder.Collection, input.Name, stop) is null)
        {
            throw new ProblemException(
                new Problem(
                    "forwarding.unknown",
                    What: $"There is no forwarding '{input.Name}'.",
                    Why: "Nothing of this name was set.",
                    Fix: "See what there is: fairlead forwarding list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        }
        await engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Writes = [new Write(LogForwarder.Collection, input.Name, Body: null)],
            },
            stop
        );
        return new(input.Name);
    }
}
