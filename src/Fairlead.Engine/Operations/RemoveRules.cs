using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Evaluates a file of rules no more.</summary>
public static class RemoveRules
{
    public sealed record Input
    {
        [Description("What the file is called.")]
        [Positional]
        public required string Name { get; init; }
    }

    public sealed record Output(string Name);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("rule.remove", "Evaluate a file of rules no more.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead rule remove databases"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        if (await engine.Server.Store.ReadAsync(RuleSources.Collection, input.Name, stop) is null)
        {
            throw new ProblemException(
                new Problem(
                    "rules.unknown",
                    What: $"There is no file of rules '{input.Name}'.",
                    Why: "Nothing of this name was set; the usual rules and those of apps are turned off in fairlead.yaml.",
                    Fix: "See what there is: fairlead rule list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        }
        await engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Entries =
                [
                    new NewEntry(
                        AccessBook.Platform,
                        Deployment: null,
                        "alerting",
                        $"The rules {input.Name} were removed by {engine.Caller}"
                    ),
                ],
                Writes = [new Write(RuleSources.Collection, input.Name, Body: null)],
            },
            stop
        );
        return new(input.Name);
    }
}
