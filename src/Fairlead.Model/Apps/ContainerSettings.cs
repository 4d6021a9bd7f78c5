using System.Text.Json.Serialization;

namespace Fairlead.Model.Apps;

/// <summary>How a service's program runs in a container: with no more than it needs, unless the manifest says otherwise.</summary>
public sealed record ContainerSettings
{
    /// <summary>A base that is this machine's own programs and libraries, read-only: what was built here runs there, and nothing is downloaded.</summary>
    public const string HostBase = "host";

    /// <summary>The port inside a container when the program obeys the variable PORT.</summary>
    public const int UsualPort = 8080;

    /// <summary>A ready image that is run as it is, such as <c>postgres:16</c>; null where something is built.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Image { get; init; }

    /// <summary>Image that the built program is put on, such as <c>python:3.13-slim</c>; or <see cref="HostBase"/>.</summary>
    public string Base { get; init; } = HostBase;

    /// <summary>User, or user and group as <c>10001:10001</c>; null for one without any rights, and for a ready image's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }

    /// <summary>It may write everywhere inside, not only to /tmp and its volumes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsWritable { get; init; }

    /// <summary>Folders that outlive every container, by name; the value is where they are inside.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Volumes { get; init; }

    /// <summary>Capabilities of Linux that it keeps, such as NET_BIND_SERVICE; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>The cluster that runs it; null for this machine's engine.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClusterPlace? Cluster { get; init; }
}
