using System.Text.Json.Nodes;
using Fairlead.Engine.Agents;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using static Fairlead.Engine.Operations.Agents.ToolJson;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Does what other agents ask for, as tasks that they can come back to. Free of any protocol.</summary>
/// <param name="owner">The principal's id.</param>
/// <param name="ask">Does operations in that one's name.</param>
public sealed class AgentTaskDesk(EngineContext engine, string owner, AskOperation ask)
{
    private const int HistoryMax = 40;
    private const int ResultsMax = 20;
    private const int ChangesMax = 100;
    private const int TriesMax = 5;

    private TaskBook Book => new(engine.Server.Store, () => engine.Server.Conductor.Fence, engine.World);

    public Task<IReadOnlyList<AgentTask>> AllAsync(CancellationToken stop) => Book.OfAsync(owner, stop);

    /// <summary>A task as it stands now; null when its owner has none of this id.</summary>
    public async Task<AgentTask?> FindAsync(string id, CancellationToken stop) =>
        await Book.FindAsync(owner, id, stop) is { } task ? await RefreshAsync(task, stop) : null;

    /// <summary>Takes a message: begins a task, or goes on with one that waits.</summary>
    /// <param name="about">The task that it is about, null for a new one; and the conversation that a new one is of.</param>
    /// <param name="message">As it was sent.</param>
    /// <param name="asked">The skill and its input; null when the message has none.</param>
    public async Task<AgentTask> TakeAsync(
        (AgentTask? Known, string? Context) about,
        JsonObject message,
        (string Skill, JsonObject Input)? asked,
        CancellationToken stop
    )
    {
        var now = engine.World.Now;
        var task =
            about.Known
            ?? new AgentTask
            {
                Id = engine.World.NewId(),
                ContextId = about.Context ?? engine.World.NewId(),
                Owner = owner,
                Note = "",
                CreatedAt = now,
                UpdatedAt = now,
            };
        message = message.DeepClone().AsObject();
        (message["taskId"], message["contextId"]) = (task.Id, task.ContextId);
        task = task with { History = [.. task.History.TakeLast(HistoryMax - 1), message] };
        task = asked is { } one
            ? await DoAsync(task, one.Skill, one.Input, stop)
            : Said(task, AgentTaskState.InputRequired, Help);
        await InsistAsync(task, stop);
        return task;
    }

    /// <summary>Ends a task: what is under way is taken back, what waits is given up.</summary>
    /// <exception cref="ProblemException">It cannot be taken back.</exception>
    public async Task<AgentTask> CancelAsync(AgentTask task, CancellationToken stop)
    {
        if (task.Deployment is { } id)
        {
            var news = await ask("follow", new() { ["deployment"] = id }, stop);
            await ask("abort", Pick(news["deployment"], "app", "environment"), stop);
        }
        var canceled = Said(task, AgentTaskState.Canceled, "Its caller ended it.");
        await InsistAsync(canceled, stop);
        return canceled;
    }

    // Something was done: a look that somebody took meanwhile does not make it undone.
    private async Task InsistAsync(AgentTask task, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await Book.KeepAsync(task, stop);
                return;
            }
            catch (ConflictException) when (tries < TriesMax)
            {
                task = task with { Version = (await Book.FindAsync(owner, task.Id, stop))?.Version ?? 0 };
            }
        }
    }

    private static string Help =>
        "This agent takes typed requests: a data part { \"skill\": ..., \"input\": { ... } }, with one of the skills of its card.";

    private async Task<AgentTask> DoAsync(AgentTask task, string skill, JsonObject input, CancellationToken stop)
    {
        var known = AgentSkills.Entries.FirstOrDefault(one => one.Id == skill);
        if (known is null)
        {
            return Said(task, AgentTaskState.InputRequired, Help);
        }
        // The plan that waits in this task is what its next message is about.
        if (skill is "deploy" && task.Plan is not null && input.Count == 0)
        {
            input = new() { ["plan"] = task.Plan, ["digest"] = task.Digest };
        }
        task = task with { Skill = skill };
        JsonObject result;
        try
        {
            result = await AgentTools.RunAsync(known.Tool, input, ask, stop);
        }
        catch (ProblemException caught)
        {
            var failed = With(task, "problem", AgentTools.Told(caught.Problem));
            return caught.Problem is { Code: "agent.needs-person" }
                    ? Said(failed, AgentTaskState.AuthRequired, caught.Problem.What)
                : caught.Problem.Trouble is Trouble.NotAllowed
                    ? Said(failed, AgentTaskState.Rejected, $"{caught.Problem.What} {caught.Problem.Why}")
                : Said(failed, AgentTaskState.Failed, $"{caught.Problem.What} {caught.Problem.Why}");
        }
        task = With(task, skill, result);
        return skill switch
        {
            "plan" => Planned(task, result),
            "deploy" when result["done"]?.GetValue<bool>() is not true => Said(
                task,
                AgentTaskState.InputRequired,
                Text(result, "next") ?? "A person has to approve the plan."
            ),
            "deploy" or "rollback" when Text(result, "deployment") is { } id => Said(
                task with
                {
                    Deployment = id,
                },
                AgentTaskState.Working,
                $"Deployment {id} is under way."
            ),
            _ => Said(task, AgentTaskState.Completed, "Done."),
        };
    }

    private AgentTask Planned(AgentTask task, JsonObject plan)
    {
        task = task with { Plan = Text(plan, "plan"), Digest = Text(plan, "digest") };
        return Text(plan, "state") is "awaiting-approval"
            ? Said(task, AgentTaskState.InputRequired, Text(plan, "next") ?? "A person has to approve the plan.")
            : Said(task, AgentTaskState.Completed, Text(plan, "next") ?? "It can be applied.");
    }

    private async Task<AgentTask> RefreshAsync(AgentTask task, CancellationToken stop)
    {
        AgentTask after;
        try
        {
            after = task switch
            {
                { State: AgentTaskState.Working, Deployment: { } id } => await FollowedAsync(task, id, stop),
                { State: AgentTaskState.InputRequired, Plan: { } plan } => await AnsweredAsync(task, plan, stop),
                _ => task,
            };
        }
        catch (ProblemException caught) when (caught.Problem.Trouble is Trouble.NotFound or Trouble.NotAllowed)
        {
            after = Said(task, AgentTaskState.Failed, caught.Problem.What);
        }
        if (ReferenceEquals(after, task))
        {
            return task;
        }
        try
        {
            await Book.KeepAsync(after, stop);
            return after;
        }
        catch (ConflictException)
        {
            // Somebody else looked, or its caller said something; what they wrote counts.
            return await Book.FindAsync(owner, task.Id, stop) ?? after;
        }
    }

    private async Task<AgentTask> FollowedAsync(AgentTask task, string id, CancellationToken stop)
    {
        var view = (await ask("follow", new() { ["deployment"] = id }, stop))["deployment"];
        if (view?["isOver"]?.GetValue<bool>() is not true)
        {
            return task;
        }
        var result = AgentTools.Clean(LookTools.DeploymentOf(view));
        return Text(view, "phase") is "promoted"
            ? Said(With(task, "deployment", result), AgentTaskState.Completed, $"Release {view["release"]} is live.")
            : Said(
                With(task, "deployment", result),
                AgentTaskState.Failed,
                $"It ended as {Text(view, "phase")}: {Text(view["reason"], "why")}"
            );
    }

    private async Task<AgentTask> AnsweredAsync(AgentTask task, string plan, CancellationToken stop)
    {
        var view = await ask("agent.show", new() { ["plan"] = plan }, stop);
        var state = Text(view, "state");
        var note = state switch
        {
            "approved" => "A person approved it: send { \"skill\": \"deploy\", \"input\": {} } to this task.",
            "rejected" => Text(view, "outcome") ?? "A person said no.",
            "expired" or "stale" => $"The plan is {state}.",
            _ => task.Note,
        };
        return note == task.Note ? task
            : state is "rejected" ? Said(task, AgentTaskState.Rejected, note)
            : state is "expired" or "stale" ? Said(task, AgentTaskState.Failed, note)
            : Said(task, AgentTaskState.InputRequired, note);
    }

    private AgentTask Said(AgentTask task, AgentTaskState state, string note)
    {
        var (now, plain) = (engine.World.Now, PlainText.Of(note, 1_000));
        return task with
        {
            State = state,
            Note = plain,
            UpdatedAt = now,
            Changes =
            [
                .. task.Changes.TakeLast(ChangesMax - 1),
                new(task.Latest + 1, state, plain, now, LatestResult(task)),
            ],
        };
    }

    private static AgentTask With(AgentTask task, string name, JsonObject data) =>
        task with
        {
            Results = [.. task.Results.TakeLast(ResultsMax - 1), new(name, data) { Number = LatestResult(task) + 1 }],
        };

    private static int LatestResult(AgentTask task) => task.Results is [.., var last] ? last.Number : 0;
}
