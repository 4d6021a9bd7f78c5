using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Fairlead.Model.Agents;

/// <summary>Where a task of another agent stands, by the words of A2A 1.0.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AgentTaskState>))]
public enum AgentTaskState
{
    [JsonStringEnumMemberName("TASK_STATE_SUBMITTED")]
    Submitted,

    [JsonStringEnumMemberName("TASK_STATE_WORKING")]
    Working,

    [JsonStringEnumMemberName("TASK_STATE_COMPLETED")]
    Completed,

    [JsonStringEnumMemberName("TASK_STATE_FAILED")]
    Failed,

    [JsonStringEnumMemberName("TASK_STATE_CANCELED")]
    Canceled,

    /// <summary>It waits: for a person's approval, or for its caller's next message.</summary>
    [JsonStringEnumMemberName("TASK_STATE_INPUT_REQUIRED")]
    InputRequired,

    [JsonStringEnumMemberName("TASK_STATE_REJECTED")]
    Rejected,

    /// <summary>Somebody has to prove who they are.</summary>
    [JsonStringEnumMemberName("TASK_STATE_AUTH_REQUIRED")]
    AuthRequired,
}

/// <summary>Something that another agent asked for. Only who asked for it ever sees it.</summary>
public sealed record AgentTask
{
    public required string Id { get; init; }

    /// <summary>Tasks of one conversation have the same.</summary>
    public required string ContextId { get; init; }

    /// <summary>The principal's id.</summary>
    public required string Owner { get; init; }

    public AgentTaskState State { get; init; }

    /// <summary>What is said of the state.</summary>
    public required string Note { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What it is of: plan, deploy, rollback, status, incident, assess-risk or evidence; empty when nobody could tell.</summary>
    public string Skill { get; init; } = "";

    /// <summary>Id of the plan that waits.</summary>
    public string? Plan { get; init; }

    /// <summary>Digest of that plan.</summary>
    public string? Digest { get; init; }

    /// <summary>The deployment that goes on.</summary>
    public string? Deployment { get; init; }

    /// <summary>Results by their names, the newest last.</summary>
    public IReadOnlyList<AgentTaskResult> Results { get; init; } = [];

    /// <summary>Messages of both, oldest first, as they were sent.</summary>
    public IReadOnlyList<JsonObject> History { get; init; } = [];

    /// <summary>What became of it, oldest first: whoever looks on is told each of them in this order.</summary>
    public IReadOnlyList<AgentTaskChange> Changes { get; init; } = [];

    /// <summary>Number of the latest change; 0 before the first.</summary>
    [JsonIgnore]
    public int Latest => Changes is [.., var last] ? last.Number : 0;

    /// <summary>Of its document as it was read; 0 for a new one.</summary>
    [JsonIgnore]
    public int Version { get; init; }

    [JsonIgnore]
    public bool IsOver =>
        State
            is AgentTaskState.Completed
                or AgentTaskState.Failed
                or AgentTaskState.Canceled
                or AgentTaskState.Rejected;
}

/// <param name="Name">The skill that made it.</param>
public sealed record AgentTaskResult(string Name, JsonObject Data)
{
    /// <summary>Within its task, from 1; never used for another one.</summary>
    public int Number { get; init; }
}

/// <summary>One step in the life of a task.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Note">What is said of the state.</param>
/// <param name="Results">Number of the latest result by then; 0 for none.</param>
public sealed record AgentTaskChange(int Number, AgentTaskState State, string Note, DateTimeOffset At, int Results);
