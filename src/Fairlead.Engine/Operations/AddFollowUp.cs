using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Incidents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Adds what is to be done so that an incident does not come again, or says that it is done or is not.</summary>
public static class AddFollowUp
{
    public sealed record Input
    {
        [Description("Its number, as 'fairlead incident list' shows it.")]
        [Positional]
        public required int Incident { get; init; }

        [Description("What is to be done.")]
        public string? Text { get; init; }

        [Description("Who does it.")]
        public string? Owner { get; init; }

        [Description("Until which day, such as 2027-03-31.")]
        public string? Due { get; init; }

        [Description("The number of a follow-up that is done.")]
        public int? Done { get; init; }

        [Description("The number of a follow-up that is not done after all.")]
        public int? Undone { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, IncidentView>(
            "incident.followup",
            "Add what is to be done so that it does not come again, or say that it is done.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead incident followup 7 --text 'Test the empty basket' --owner ana --due 2026-12-24",
                "fairlead incident followup 7 --done 1",
                "fairlead incident followup 7 --undone 1",
            ],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Always,
        };

    private static Task<IncidentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var text = (input.Done ?? input.Undone) is null ? IncidentChanges.Checked(input.Text ?? "", "text") : null;
        var owner = input.Owner is { } said ? IncidentChanges.Checked(said, "owner") : null;
        var due = InputTimes.Day(input.Due, "due");
        return IncidentChanges.ChangeAsync(
            engine,
            input.Incident,
            now =>
                text is null
                    ? Ended(now, (input.Done ?? input.Undone)!.Value, input.Done is not null, engine)
                    : Added(now, new(now.FollowUps.Count + 1, text, owner, due, IsDone: false), engine),
            stop
        );
    }

    private static Incident Added(Incident now, FollowUp next, EngineContext engine) =>
        (now with { FollowUps = [.. now.FollowUps, next] }).With(
            engine.World.Now,
            "note",
            $"To be done: {next.Text}",
            $"{engine.Caller}"
        );

    private static Incident Ended(Incident now, int number, bool isDone, EngineContext engine) =>
        now.FollowUps.FirstOrDefault(one => one.Number == number) is { } known
            ? (
                now with
                {
                    FollowUps =
                    [
                        .. now.FollowUps.Select(one => one.Number == number ? one with { IsDone = isDone } : one),
                    ],
                }
            ).With(
                engine.World.Now,
                "note",
                $"{(isDone ? "Done" : "Not done after all")}: {known.Text}",
                $"{engine.Caller}"
            )
            : throw new ProblemException(
                new Problem(
                    "incident.no-followup",
                    What: $"Incident {now.Number} has no follow-up {number}.",
                    Why: $"It has {now.FollowUps.Count}.",
                    Fix: $"See them: fairlead incident show {now.Number}"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
}
