using System.ComponentModel;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests;

/// <summary>How a service runs in a container, as the manifest says it.</summary>
[Description("How it runs in a container. It has no rights and writes nowhere but to /tmp, unless that is said here.")]
public sealed record ContainerEntry
{
    [Description("A ready image that is run as it is, such as postgres:16, instead of something that is built.")]
    [Alone, Shaped(Shape.Image)]
    public string? Image { get; init; }

    [Description(
        "Image that what was built is put on, such as python:3.13-slim; 'host' for this machine's own programs, read-only, when left out."
    )]
    [Shaped(Shape.Image), Elsewhere("from")]
    public string? Base { get; init; }

    [Description("User inside, by number: 10001 or 10001:10001; one without any rights when left out.")]
    [Shaped(Shape.User)]
    public string? User { get; init; }

    [Description("True when it may write everywhere inside, not only to /tmp and volumes.")]
    public bool? Writable { get; init; }

    [Description("Folders that outlive the container: { data: /var/lib/data }.")]
    [Shaped(Shape.Inside), Elsewhere("mounts", "persist")]
    public IReadOnlyDictionary<string, string>? Volumes { get; init; }

    [Description("Capabilities of Linux that it keeps, such as NET_BIND_SERVICE; none when left out.")]
    [Shaped(Shape.Capability), Elsewhere("cap_add")]
    public IReadOnlyList<string>? Capabilities { get; init; }

    internal ContainerSettings Settings =>
        new()
        {
            Image = Image,
            Base = Base ?? ContainerSettings.HostBase,
            User = User,
            IsWritable = Writable ?? false,
            Volumes = Volumes is { Count: > 0 } ? Volumes : null,
            Capabilities = Capabilities is { Count: > 0 } ? Capabilities : null,
        };
}
