namespace Fairlead.Model.Agents;

/// <summary>What agents may do in a day, and where a person has to say yes.</summary>
public sealed record AgentLimits
{
    public const int ChangesUsual = 20;
    public const int ReplicasUsual = 100;

    /// <summary>Plans that one agent may apply in a day, by UTC; 0 to 1,000.</summary>
    public int Changes { get; init; } = ChangesUsual;

    /// <summary>Replicas that the plans of one agent may touch in a day, together; 0 to 100,000.</summary>
    public int Replicas { get; init; } = ReplicasUsual;

    /// <summary>Environments in which a person has to say yes, beside those whose manifest asks for approvals.</summary>
    public IReadOnlyList<string> Protected { get; init; } = ["production"];
}

/// <summary>What an agent has done on a day.</summary>
public sealed record AgentDay
{
    public int Changes { get; init; }

    public int Replicas { get; init; }
}

/// <summary>Agents change nothing until somebody ends it.</summary>
public sealed record AgentFreeze(string By, string Reason, DateTimeOffset At);
