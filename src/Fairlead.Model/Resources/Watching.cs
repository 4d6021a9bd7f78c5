using System.Text.Json.Serialization;

namespace Fairlead.Model.Resources;

/// <summary>Where a program's lines go.</summary>
/// <param name="Days">How long they are kept.</param>
public sealed record LogGroup(string Name, int Days) : Resource(Name)
{
    public override IReadOnlyList<Resource> Needs => [];

    public override string Word => "log group";
}

/// <summary>Whom alarms tell.</summary>
/// <param name="Mails">Addresses; each is asked by the cloud whether it wants that.</param>
public sealed record AlarmTopic(string Name, IReadOnlyList<string> Mails) : Resource(Name)
{
    public override IReadOnlyList<Resource> Needs => [];

    public override string Word => "alarm topic";
}

/// <summary>Tells people when something about a resource has been wrong for a while.</summary>
/// <param name="Threshold">In the measure's own unit.</param>
/// <param name="Minutes">How long it must have been so.</param>
public sealed record Alarm(string Name, AlarmKind Kind, Resource On, double Threshold, int Minutes, AlarmTopic Topic)
    : Resource(Name)
{
    /// <summary>The service behind a load balancer that it is about; null for the whole of it.</summary>
    public string? Service { get; init; }

    public override IReadOnlyList<Resource> Needs => [On, Topic];

    public override string Word => "alarm";
}

/// <summary>What an alarm is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlarmKind>))]
public enum AlarmKind
{
    /// <summary>Answers of 500 and more in a minute, of a load balancer's services.</summary>
    [JsonStringEnumMemberName("errors")]
    Errors,

    /// <summary>Copies behind a load balancer that do not answer.</summary>
    [JsonStringEnumMemberName("unhealthy")]
    Unhealthy,

    /// <summary>Percent of processor time of a database, a cache or a service.</summary>
    [JsonStringEnumMemberName("cpu")]
    Cpu,

    /// <summary>Free bytes of a database's disk: below the threshold.</summary>
    [JsonStringEnumMemberName("disk")]
    Disk,

    /// <summary>Messages of a queue that were put aside.</summary>
    [JsonStringEnumMemberName("put-aside")]
    PutAside,

    /// <summary>Seconds that a queue's oldest message waits.</summary>
    [JsonStringEnumMemberName("age")]
    Age,

    /// <summary>Calls of a function that failed.</summary>
    [JsonStringEnumMemberName("failures")]
    Failures,
}
