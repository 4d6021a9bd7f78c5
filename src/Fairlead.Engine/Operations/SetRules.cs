using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Evaluates a file of rules as Prometheus has it from now on.</summary>
public static class SetRules
{
    public sealed record Input
    {
        [Description("What to call the file. One of this name is replaced.")]
        [Positional]
        public required string Name { get; init; }

        [Description("The file of rules, as Prometheus has it.")]
        [Confidential]
        public required string Text { get; init; }
    }

    public sealed record Output(string Name, int Groups, int Rules);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "rule.set",
            "Evaluate a file of Prometheus rules from now on.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead rule set databases --file databases.rules.yaml"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        if (!Site.IsName(input.Name))
        {
            throw new ProblemException(
                new Problem(
                    "rules.bad-name",
                    What: $"A file of rules cannot be called '{input.Name}'.",
                    Why: "A name has lower-case letters, digits and dashes.",
                    Fix: "Write for example: fairlead rule set databases --file databases.rules.yaml"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        var groups = RuleFile.Read(input.Name, input.Text);
        var kept = new RuleSources.KeptFile(input.Name, input.Text, $"{engine.Caller}", engine.World.Now);
        await engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Entries =
                [
                    new NewEntry(
                        AccessBook.Platform,
                        Deployment: null,
                        "alerting",
                        $"The rules {input.Name} were set by {engine.Caller}"
                    ),
                ],
                Writes = [new Write(RuleSources.Collection, input.Name, Records.Body(kept))],
            },
            stop
        );
        return new(input.Name, groups.Count, groups.Sum(static one => one.Rules.Count));
    }
}
