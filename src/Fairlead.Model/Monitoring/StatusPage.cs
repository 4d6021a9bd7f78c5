using System.Text.Json.Serialization;
using Fairlead.Model.Apps;

namespace Fairlead.Model.Monitoring;

/// <summary>A page that tells everybody how things are.</summary>
/// <param name="Name">A part of its address; under the rule for names of apps.</param>
/// <param name="Groups">In the order in which they are shown.</param>
public sealed record StatusPage(string Name, string Title, IReadOnlyList<StatusGroup> Groups)
{
    /// <summary>The store's collection of them, each under its name.</summary>
    public const string Collection = "status-pages";

    /// <summary>A sentence below the title; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? About { get; init; }

    /// <summary>The receiver whose mail tells who subscribes; null where nobody can.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Receiver { get; init; }

    /// <summary>The host at which it is alone, in lower case; null where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Host { get; init; }

    /// <summary>Where the host's certificate comes from; null where there is no host.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TlsPolicy? Tls { get; init; }
}

/// <summary>Parts of a page that belong together.</summary>
/// <param name="Title">Empty where there is only one group.</param>
public sealed record StatusGroup(string Title, IReadOnlyList<StatusComponent> Components);

/// <summary>Something that people know by a name of their own.</summary>
/// <param name="Label">What they call it.</param>
/// <param name="Monitor">The key of the monitor that tells how it is; never shown.</param>
public sealed record StatusComponent(string Label, string Monitor);
