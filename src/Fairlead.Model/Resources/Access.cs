using System.Text.Json.Serialization;

namespace Fairlead.Model.Resources;

/// <summary>As whom a program runs, and what it may do: this, and nothing else.</summary>
/// <param name="Actor">What runs as it.</param>
public sealed record Identity(string Name, ActorKind Actor, IReadOnlyList<Grant> Grants) : Resource(Name)
{
    public override IReadOnlyList<Resource> Needs => [.. Grants.Select(static one => one.On).Distinct()];

    public override string Word => "identity";
}

/// <summary>What an identity may do with one resource.</summary>
public sealed record Grant(Access Access, Resource On);

/// <summary>How much of it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Access>))]
public enum Access
{
    /// <summary>Reads a bucket's files, a secret's value.</summary>
    [JsonStringEnumMemberName("read")]
    Read,

    /// <summary>Reads and writes a bucket's files.</summary>
    [JsonStringEnumMemberName("write")]
    Write,

    /// <summary>Puts messages into a queue.</summary>
    [JsonStringEnumMemberName("send")]
    Send,

    /// <summary>Takes messages from a queue.</summary>
    [JsonStringEnumMemberName("receive")]
    Receive,

    /// <summary>Brings images from a registry.</summary>
    [JsonStringEnumMemberName("pull")]
    Pull,

    /// <summary>Writes lines to a log.</summary>
    [JsonStringEnumMemberName("log")]
    Log,
}

/// <summary>What runs as an identity.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ActorKind>))]
public enum ActorKind
{
    /// <summary>A container service's programs.</summary>
    [JsonStringEnumMemberName("containers")]
    Containers,

    /// <summary>What starts a container service's programs: brings images, hands secrets in, writes logs.</summary>
    [JsonStringEnumMemberName("starter")]
    Starter,

    [JsonStringEnumMemberName("function")]
    Function,

    [JsonStringEnumMemberName("machines")]
    Machines,
}
