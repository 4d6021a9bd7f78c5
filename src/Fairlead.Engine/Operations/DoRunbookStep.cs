using System.ComponentModel;
using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Agents;
using Fairlead.Model.Incidents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Does a step of a runbook: says that a person did it, or runs its operation as that person.</summary>
public static class DoRunbookStep
{
    // What an operation says of itself in one line; the rest of its answer may hold what no timeline should.
    private static readonly string[] Says = ["summary", "done", "answer", "headline", "outcome"];
    private const int OutcomeMax = 300;
    private const int AnswerMax = 20_000;

    public sealed record Input
    {
        [Description("Its number, as 'fairlead incident list' shows it.")]
        [Positional]
        public required int Incident { get; init; }

        [Description("The step's number; the next one that is to be done when left out.")]
        [Positional]
        public int? Step { get; init; }

        [Description("Of which runbook; the one that was started last when left out.")]
        public string? Runbook { get; init; }

        [Description("It is not needed.")]
        public bool Skip { get; init; }

        [Description("Once more, though it was done or may be under way.")]
        public bool Again { get; init; }

        [Description("What was seen.")]
        public string? Note { get; init; }
    }

    /// <param name="Answer">What the step's operation answered, as JSON; null where a person did it.</param>
    public sealed record Output(IncidentView Incident, int Step, string State, string? Answer);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "incident.step",
            "Do a step of a runbook, or skip it; one that is an operation runs with your rights.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead incident step 7", "fairlead incident step 7 3 --skip --note 'There is room.'"],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Always,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var note = input.Note is { } said ? IncidentChanges.Checked(said, "note") : null;
        var book = engine.Server.Incidents;
        var incident = await book.FindAsync(input.Incident, stop);
        var (run, place) = Find(incident, input);
        var step = run.Steps[place].Step;
        var runs = step.Run is not null && !input.Skip;
        var begun =
            input.Skip ? RunbookStepState.Skipped
            : runs ? RunbookStepState.Running
            : RunbookStepState.Done;
        // Written down before it is done: two people do not do it at once, and who did is known after a crash.
        incident = await book.ChangeAsync(
            incident,
            now => Begun(now, (run.Name, run.At, place), (begun, note, input.Again), engine),
            stop
        );
        string? answer = null;
        if (runs)
        {
            var (state, outcome, whole) = await AskAsync(step, incident, engine, stop);
            (begun, answer) = (state, whole);
            incident = await book.ChangeAsync(
                incident,
                now =>
                    Replaced(now, (run.Name, run.At, place), one => one with { State = state, Outcome = outcome })
                        .With(
                            engine.World.Now,
                            "command",
                            $"Step {place + 1} of {run.Name} ({step.Run}): {outcome}",
                            $"{engine.Caller}"
                        ),
                stop
            );
        }
        engine.Server.Response.Incidents.Ring();
        return new(IncidentView.Of(incident), place + 1, begun.ToString().ToLowerInvariant(), answer);
    }

    private static async Task<(RunbookStepState State, string Outcome, string? Answer)> AskAsync(
        RunbookStep step,
        Incident incident,
        EngineContext engine,
        CancellationToken stop
    )
    {
        // What was right when it was deployed may have no such operation after an update.
        if (RunbookInputs.Fault(step.Run!, step.With) is { } fault) // It was asked for.
        {
            return (RunbookStepState.Failed, $"{fault.What} {fault.Why}", null);
        }
        var operation = RunbookInputs.Find(step.Run!)!; // There is no fault.
        try
        {
            var answer = await engine.AskAsync(operation, RunbookInputs.Of(operation, step, incident), stop);
            var text = answer.ToJsonString();
            return (
                RunbookStepState.Done,
                Outcome(answer) ?? "done",
                text.Length <= AnswerMax ? text : $"{text[..AnswerMax]}..."
            );
        }
        catch (ProblemException caught)
        {
            return (
                RunbookStepState.Failed,
                PlainText.Of($"failed: {caught.Problem.What} {caught.Problem.Why}", OutcomeMax),
                null
            );
        }
    }

    private static string? Outcome(JsonNode answer) =>
        Says.Select(name =>
                (answer as JsonObject)?[name] is JsonValue value && value.TryGetValue<string>(out var text)
                    ? text
                    : null
            )
            .FirstOrDefault(static one => one is { Length: > 0 })
            is { } said
            ? PlainText.Of(said, OutcomeMax)
            : null;

    private static (RunbookRun Run, int Place) Find(Incident incident, Input input)
    {
        var run = incident.Runbooks.LastOrDefault(one => input.Runbook is null || one.Name == input.Runbook);
        if (run is null)
        {
            throw Wrong(
                incident,
                $"Incident {incident.Number} has no runbook{(input.Runbook is null ? "" : $" '{input.Runbook}'")} under way.",
                incident.Runbooks.Count == 0
                    ? "None was started."
                    : $"There are {string.Join(", ", incident.Runbooks.Select(static one => one.Name))}.",
                $"Start one: fairlead incident runbook {incident.Number} NAME"
            );
        }
        var place = input.Step is { } number
            ? number - 1
            : run.Steps.ToList().FindIndex(static one => one.State is RunbookStepState.ToDo or RunbookStepState.Failed);
        return place >= 0 && place < run.Steps.Count
            ? (run, place)
            : throw Wrong(
                incident,
                input.Step is null ? $"All of {run.Name} is done." : $"{run.Name} has no step {input.Step}.",
                $"It has {run.Steps.Count} steps.",
                $"See them: fairlead incident show {incident.Number}"
            );
    }

    private static Incident Begun(
        Incident now,
        (string Name, DateTimeOffset At, int Place) where,
        (RunbookStepState State, string? Note, bool Again) what,
        EngineContext engine
    )
    {
        var before = now.Runbooks.First(one => one.Name == where.Name && one.At == where.At).Steps[where.Place];
        var isTaken = before.State is RunbookStepState.Done or RunbookStepState.Skipped or RunbookStepState.Running;
        if (isTaken && !what.Again)
        {
            throw Wrong(
                now,
                $"Step {where.Place + 1} of {where.Name} is {before.State.ToString().ToLowerInvariant()}.",
                $"{before.By} said so at {before.At:yyyy-MM-dd HH:mm}Z.",
                "Once more: --again"
            );
        }
        var word = what.State switch
        {
            RunbookStepState.Skipped => "was skipped",
            RunbookStepState.Running => "begins",
            _ => "is done",
        };
        return Replaced(
                now,
                where,
                one =>
                    one with
                    {
                        State = what.State,
                        By = $"{engine.Caller}",
                        At = engine.World.Now,
                        Outcome = what.Note,
                    }
            )
            .With(
                engine.World.Now,
                "command",
                $"Step {where.Place + 1} of {where.Name} {word}: {before.Step.Text}{(what.Note is null ? "" : $" ({what.Note})")}",
                $"{engine.Caller}"
            );
    }

    private static Incident Replaced(
        Incident now,
        (string Name, DateTimeOffset At, int Place) where,
        Func<RunbookStepRun, RunbookStepRun> change
    ) =>
        now with
        {
            Runbooks =
            [
                .. now.Runbooks.Select(run =>
                    run.Name == where.Name && run.At == where.At
                        ? run with
                        {
                            Steps = [.. run.Steps.Select((one, at) => at == where.Place ? change(one) : one)],
                        }
                        : run
                ),
            ],
        };

    private static ProblemException Wrong(Incident incident, string what, string why, string fix) =>
        new(
            new Problem("incident.no-step", what, why, fix)
            {
                Trouble = incident.Runbooks.Count == 0 ? Trouble.NotFound : Trouble.Conflict,
            }
        );
}
