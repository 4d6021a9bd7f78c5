using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Takes a status page away.</summary>
public static class RemoveStatusPage
{
    public sealed record Input
    {
        [Description("Its name.")]
        [Positional]
        public required string Name { get; init; }
    }

    public sealed record Output(string Name);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("status.page.remove", "Take a status page away.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead status page remove public"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var store = engine.Server.Store;
        if (await store.ReadAsync(StatusPage.Collection, input.Name, stop) is null)
        {
            throw new ProblemException(
                new Problem(
                    "status.unknown-page",
                    What: $"There is no status page '{input.Name}'.",
                    Why: "None of this name was made.",
                    Fix: "See all: fairlead status page list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        }
        await store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Entries =
                [
                    new NewEntry(
                        AccessBook.Platform,
                        Deployment: null,
                        "status-page",
                        $"the status page {input.Name} was removed, by {engine.Caller}"
                    ),
                ],
                Writes = [new Write(StatusPage.Collection, input.Name, Body: null)],
            },
            stop
        );
        await engine.Server.Address.SettleAsync(stop);
        return new(input.Name);
    }
}
