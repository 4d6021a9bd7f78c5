using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Releases;

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

    [Description(
        "Copies requests for the release being tried, whose answers nobody sees: a share, or a group of keys."
    )]
    [Elsewhere("shadow", "mirrorPercent", "mirrorPercentage")]
    public MirrorEntry? Mirror { get; init; }
}

/// <summary>Which requests are copied for the release being tried, as the manifest says it.</summary>
[Description("Which requests are copied for the release being tried. Nobody sees its answers to them.")]
public sealed record MirrorEntry
{
    [Description("The part of the requests that is copied, such as 10%.")]
    [Alone, Elsewhere("percent", "percentage")]
    public required Share Share { get; init; }

    [Description("Methods that are copied; GET and HEAD when left out. What others do would be done twice.")]
    [Shaped(Shape.Method)]
    public IReadOnlyList<string>? Methods { get; init; }

    [Description("The largest body that is copied, up to 1MiB; 64KiB when left out.")]
    [Elsewhere("body", "bodyLimit")]
    public ByteSize? MaxBody { get; init; }

    [Description("Copies under way at most; 64 when left out. Beyond, requests are not copied.")]
    [Range(1, 1_000), Elsewhere("concurrency", "maxConcurrent")]
    public int? AtOnce { get; init; }
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
