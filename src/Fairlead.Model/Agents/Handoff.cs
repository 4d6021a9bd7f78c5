using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fairlead.Model.Apps;

namespace Fairlead.Model.Agents;

/// <summary>Who hands something over to whom.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HandoffRole>))]
public enum HandoffRole
{
    /// <summary>Whoever leads the work.</summary>
    [JsonStringEnumMemberName("main")]
    Main,

    [JsonStringEnumMemberName("design")]
    Design,

    [JsonStringEnumMemberName("implementation")]
    Implementation,

    [JsonStringEnumMemberName("quality")]
    Quality,

    /// <summary>This program.</summary>
    [JsonStringEnumMemberName("deployment")]
    Deployment,
}

/// <summary>Where a hand-off stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HandoffState>))]
public enum HandoffState
{
    /// <summary>Nobody has answered yet.</summary>
    [JsonStringEnumMemberName("offered")]
    Offered,

    /// <summary>It holds.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    [JsonStringEnumMemberName("rejected")]
    Rejected,

    /// <summary>Another one took its place.</summary>
    [JsonStringEnumMemberName("superseded")]
    Superseded,

    /// <summary>What it asked for is done; it holds no longer.</summary>
    [JsonStringEnumMemberName("fulfilled")]
    Fulfilled,
}

/// <summary>A typed document by which one role tells another what has to hold.</summary>
public sealed record Handoff
{
    /// <summary>The first 16 hex digits of the SHA-256 of its canonical text: another content has another id.</summary>
    public required string Id { get; init; }

    /// <summary>Such as <c>quality-gate</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Of its kind's shape; 1 so far.</summary>
    public int Version { get; init; } = 1;

    public required HandoffRole From { get; init; }

    public required HandoffRole To { get; init; }

    /// <summary>The app and the environment that it is about.</summary>
    public required Site Site { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; init; }

    /// <summary>Who sees to it.</summary>
    public required string Owner { get; init; }

    /// <summary>Until when; null for no such day.</summary>
    public DateOnly? Due { get; init; }

    /// <summary>What its kind says.</summary>
    public required JsonObject Body { get; init; }

    /// <summary>What holds while it is accepted, a line each.</summary>
    public required IReadOnlyList<string> Effects { get; init; }

    public required DateTimeOffset OfferedAt { get; init; }

    /// <summary>Who handed it over.</summary>
    public required string OfferedBy { get; init; }

    public HandoffState State { get; init; }

    /// <summary>Why it was rejected, or what fulfilled it.</summary>
    public string? Reason { get; init; }

    /// <summary>Of a gate's result: this Fairlead's signature over who handed which result over and when, in base 64. Null for the others.</summary>
    public string? Signature { get; init; }

    /// <summary>The id of the one whose place it takes once it is accepted.</summary>
    public string? Supersedes { get; init; }

    [JsonIgnore]
    public string Key => $"{Site}/{Id}";
}
