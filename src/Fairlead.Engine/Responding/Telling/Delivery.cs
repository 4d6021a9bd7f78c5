using System.Text.Json.Serialization;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Responding.Telling;

/// <summary>One channel that is to be told something. It is written down before it is sent, so nobody is forgotten.</summary>
/// <param name="Id">The notification's id and which channel of the receiver it is.</param>
/// <param name="Receiver">A receiver, or <c>person:ana</c>.</param>
/// <param name="Channel">Which of its channels, from 0.</param>
/// <param name="Kind">Of that channel.</param>
public sealed record Delivery(
    string Id,
    string Receiver,
    int Channel,
    string Kind,
    Notification Notification,
    DateTimeOffset At
)
{
    public const string Collection = "deliveries";

    /// <summary>What a receiver is called that is a person.</summary>
    public const string PersonPrefix = "person:";

    /// <summary>What keeps them, so that they go out whatever happens then.</summary>
    public static IReadOnlyList<Write> Writes(IReadOnlyList<Delivery> all) =>
        [.. all.Select(static one => new Write(Collection, one.Id, Records.Tree(one)))];

    public DeliveryState State { get; init; }

    public int Attempts { get; init; }

    /// <summary>Not sent before then.</summary>
    public DateTimeOffset NextAt { get; init; } = At;

    /// <summary>When it was taken or given up.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it was not taken the last time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Why { get; init; }

    /// <summary>Somebody else was told in its place.</summary>
    public bool IsPassedOn { get; init; }

    /// <summary>How many receivers failed before it was this one's turn.</summary>
    public int Passes { get; init; }

    /// <summary>What waits for what: news go out in their order on each channel.</summary>
    [JsonIgnore]
    public string Lane => $"{Receiver}\n{Channel}";
}

/// <summary>What became of telling somebody.</summary>
public enum DeliveryState
{
    /// <summary>It is sent as soon as it can be.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>The other side has it.</summary>
    [JsonStringEnumMemberName("sent")]
    Sent,

    /// <summary>It never will have it.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Newer news of the same alerts say all of it.</summary>
    [JsonStringEnumMemberName("superseded")]
    Superseded,
}
