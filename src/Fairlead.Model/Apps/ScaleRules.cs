using System.Text.Json.Serialization;

namespace Fairlead.Model.Apps;

/// <summary>
/// By what the number of a service's replicas follows its load. There are as many as the most demanding of what is said asks for, and
/// at least one thing is said.
/// </summary>
public sealed record ScaleRules
{
    /// <summary>At least so many while it is awake, 1 to 100.</summary>
    public required int Min { get; init; }

    /// <summary>At most so many, up to 100.</summary>
    public required int Max { get; init; }

    /// <summary>Processor time that one replica should use, as a part of its limit, or of one core where it has none: 0.7.</summary>
    public double? Cpu { get; init; }

    /// <summary>Memory that one replica should hold, as a part of its limit.</summary>
    public double? Memory { get; init; }

    /// <summary>Requests each second that one replica should answer.</summary>
    public double? Requests { get; init; }

    /// <summary>Requests and streams that one replica should have in flight.</summary>
    public double? Concurrency { get; init; }

    /// <summary>Work that waits in a queue.</summary>
    public QueueRule? Queue { get; init; }

    /// <summary>Fewer must have been enough for so long before any is stopped.</summary>
    public TimeSpan Stabilization { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After some were added none is added again for so long: they need time to take their part.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A cluster's own autoscaler can follow all of it: it knows processors and memory, and no more.</summary>
    [JsonIgnore]
    public bool IsOfResources => this is { Requests: null, Concurrency: null, Queue: null };

    /// <summary>The nearest number that is allowed.</summary>
    public int Within(int replicas) => Math.Clamp(replicas, Min, Max);
}

/// <summary>A queue whose length says how many replicas are needed.</summary>
/// <param name="Url">The service's own variable or secret that holds the address, such as <c>REDIS_URL</c>.</param>
/// <param name="Kind">What holds it.</param>
/// <param name="Name">The list, stream or queue; the query of a database.</param>
/// <param name="Length">How much should wait for each replica.</param>
public sealed record QueueRule(string Url, QueueKind Kind, string Name, double Length)
{
    /// <summary>Those who read a stream together; what none of them has finished counts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Group { get; init; }
}

/// <summary>What a queue is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QueueKind>))]
public enum QueueKind
{
    /// <summary>A list of Redis.</summary>
    List,

    /// <summary>A stream of Redis.</summary>
    Stream,

    /// <summary>A queue of RabbitMQ.</summary>
    Queue,

    /// <summary>A query of PostgreSQL that gives one number.</summary>
    Query,
}
