using System.Text.Json.Serialization;

namespace Fairlead.Model.Agents;

/// <summary>What a plan would change.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlanKind>))]
public enum PlanKind
{
    /// <summary>A folder becomes the next release.</summary>
    [JsonStringEnumMemberName("deploy")]
    Deploy,

    /// <summary>Variables of what is live.</summary>
    [JsonStringEnumMemberName("configuration")]
    Configuration,

    /// <summary>How many replicas of a service run.</summary>
    [JsonStringEnumMemberName("scale")]
    Scale,

    /// <summary>An earlier release becomes live again.</summary>
    [JsonStringEnumMemberName("rollback")]
    Rollback,

    /// <summary>What the app needs of a cloud.</summary>
    [JsonStringEnumMemberName("infrastructure")]
    Infrastructure,

    /// <summary>Data is brought back, into a new place beside what is in use.</summary>
    [JsonStringEnumMemberName("restore")]
    Restore,

    /// <summary>A preview of a branch ends; nothing else can be deleted by a plan.</summary>
    [JsonStringEnumMemberName("delete")]
    Delete,
}

/// <summary>Where a plan stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlanState>))]
public enum PlanState
{
    /// <summary>It may be applied as it is.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>A person has to say yes first.</summary>
    [JsonStringEnumMemberName("awaiting-approval")]
    AwaitingApproval,

    /// <summary>A person said yes.</summary>
    [JsonStringEnumMemberName("approved")]
    Approved,

    /// <summary>A person said no.</summary>
    [JsonStringEnumMemberName("rejected")]
    Rejected,

    /// <summary>It was applied: never again.</summary>
    [JsonStringEnumMemberName("applied")]
    Applied,

    /// <summary>It was applied, and what was asked for was refused.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The world changed since: it would do something else now.</summary>
    [JsonStringEnumMemberName("stale")]
    Stale,

    /// <summary>Nobody applied it in time.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,
}

/// <summary>How much may go wrong.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlanRisk>))]
public enum PlanRisk
{
    [JsonStringEnumMemberName("low")]
    Low,

    [JsonStringEnumMemberName("medium")]
    Medium,

    [JsonStringEnumMemberName("high")]
    High,
}
