using System.ComponentModel;
using Fairlead.Engine.Manifests.Forms;

namespace Fairlead.Engine.Manifests;

/// <summary>Which release a request reaches while there are two, as the manifest says it.</summary>
[Description("Which release a request reaches while there are two.")]
public sealed record TrafficEntry
{
    [Description(
        "Keeps each user on one release: by 'cookie' (one of the edge's own), 'cookie:NAME', 'header:NAME' or 'ip'."
    )]
    [Shaped(Shape.Sticky), Elsewhere("session", "affinity", "sessionAffinity", "stickiness")]
    public string? Sticky { get; init; }

    [Description("Requests that reach a certain release whatever the shares are; the first that fits counts.")]
    [Elsewhere("rules", "matches")]
    public IReadOnlyList<TrafficMatchEntry>? Match { get; init; }
}

/// <summary>Requests that reach a certain release, as the manifest says it.</summary>
[Description("Requests with a certain header or cookie, which reach a certain release.")]
public sealed record TrafficMatchEntry
{
    [Description("The header that they carry.")]
    [Shaped(Shape.Header)]
    public string? Header { get; init; }

    [Description("The cookie that they carry.")]
    [Shaped(Shape.Header)]
    public string? Cookie { get; init; }

    [Description("What it says, letter by letter; anything when left out.")]
    [Elsewhere("value", "equals", "exact")]
    public string? Is { get; init; }

    [Description(
        "The release they reach: 'next' for the one being tried, or the number of one that takes traffic; next when left out."
    )]
    [Shaped(Shape.Release), Elsewhere("release", "version")]
    public string? To { get; init; }
}
