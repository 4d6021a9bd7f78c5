using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Says who is told of what from now on.</summary>
public static class SetRouting
{
    public sealed record Input
    {
        [Description("Who is told of what: a file of Alertmanager, with people, schedules and escalations beside it.")]
        [Confidential]
        public required string Text { get; init; }
    }

    /// <param name="Gaps">Times of the next 30 days in which nobody is on call, a line each.</param>
    public sealed record Output(int Receivers, int Routes, int People, IReadOnlyList<string> Gaps);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("routing.set", "Say who is told of what from now on.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead routing set --file fairlead.alerting.yaml"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        if (input.Text.Length > RoutingBook.LettersMax)
        {
            throw new ProblemException(
                new Problem(
                    "alerting.too-large",
                    What: "The file is too large.",
                    Why: $"It has {input.Text.Length} letters; at most {RoutingBook.LettersMax} are kept.",
                    Fix: "Leave out what no route needs."
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        var plan = await engine.Server.Response.Routing.SetAsync(
            AlertingFile.Name,
            input.Text,
            $"{engine.Caller}",
            stop
        );
        return new(
            plan.Receivers.Count,
            plan.Root.All.Count(),
            plan.Roster.People.Count,
            ShowOnCall.GapsOf(plan.Roster, engine.World.Now)
        );
    }
}
