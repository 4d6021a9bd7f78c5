using System.Text.Json.Serialization;
using Fairlead.Model.Apps;

namespace Fairlead.Model.Data;

/// <summary>A database server that Fairlead runs for an app, on the machine of the server.</summary>
public sealed record ProvidedServer
{
    /// <summary>Fewer would leave none for a restore beside the app.</summary>
    public const int ConnectionsMin = 10;

    /// <summary>More than a server of its usual size bears.</summary>
    public const int ConnectionsMost = 1_000;

    /// <summary>The port of loopback that it listens on; null for one that is free when it is made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Port { get; init; }

    /// <summary>How many connections it takes at once.</summary>
    public int ConnectionsMax { get; init; } = 100;

    /// <summary>Whether a second server follows it, to take its place.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasStandby { get; init; }
}

/// <summary>A database that Fairlead runs, from the moment it was made until its data is gone. No rollout changes it.</summary>
public sealed record ProvidedDatabase
{
    public required Site Site { get; init; }

    public required string Name { get; init; }

    public required DatabaseKind Kind { get; init; }

    /// <summary>The secret that holds its address.</summary>
    public required string Url { get; init; }

    public required int Port { get; init; }

    public required int ConnectionsMax { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>What it said of itself when it was last seen, such as <c>15.6</c>; null before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Version { get; init; }

    /// <summary>The port of the server that follows it; null where none does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? StandbyPort { get; init; }

    /// <summary>The one that follows takes its place since then, and has not done so yet; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? FailingOverSince { get; init; }

    /// <summary>Somebody wants it gone: it stands still, and its data goes when this time is over. Null for one that is kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? RemovedAfter { get; init; }

    /// <summary>Its key among the documents, and the path of its folder below that of all.</summary>
    [JsonIgnore]
    public string Key => KeyOf(Site, Name);

    public static string KeyOf(Site site, string name) => $"{site}/{name}";
}

/// <summary>How a server of a database stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServerState>))]
public enum ServerState
{
    /// <summary>Nobody has looked yet.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>It answers in its protocol.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>It does not answer; it is started again and again.</summary>
    [JsonStringEnumMemberName("down")]
    Down,

    /// <summary>It stands still until its data goes.</summary>
    [JsonStringEnumMemberName("removed")]
    Removed,
}
