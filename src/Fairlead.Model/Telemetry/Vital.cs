using System.Text.Json.Serialization;
using Fairlead.Model.Apps;

namespace Fairlead.Model.Telemetry;

/// <summary>What is measured where users are.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VitalKind>))]
public enum VitalKind
{
    /// <summary>Largest contentful paint, in milliseconds.</summary>
    [JsonStringEnumMemberName("LCP")]
    Lcp,

    /// <summary>Interaction to next paint, in milliseconds.</summary>
    [JsonStringEnumMemberName("INP")]
    Inp,

    /// <summary>Cumulative layout shift, without a unit.</summary>
    [JsonStringEnumMemberName("CLS")]
    Cls,

    /// <summary>Time to first byte, in milliseconds.</summary>
    [JsonStringEnumMemberName("TTFB")]
    Ttfb,

    /// <summary>First contentful paint, in milliseconds.</summary>
    [JsonStringEnumMemberName("FCP")]
    Fcp,
}

/// <summary>What a user holds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Device>))]
public enum Device
{
    [JsonStringEnumMemberName("desktop")]
    Desktop,

    [JsonStringEnumMemberName("tablet")]
    Tablet,

    [JsonStringEnumMemberName("mobile")]
    Mobile,
}

/// <summary>What one page view told.</summary>
/// <param name="Release">Fairlead's number of the release that answered with the page; 0 when it is not known.</param>
/// <param name="Route">With ids taken out: <c>/orders/:id</c>.</param>
/// <param name="Values">Each kind once.</param>
/// <param name="Errors">Errors that nobody caught while the page was open.</param>
public sealed record PageView(
    Site Site,
    int Release,
    string Route,
    Device Device,
    IReadOnlyDictionary<VitalKind, double> Values,
    int Errors
);

/// <summary>Numbers of many page views, by what they have in common.</summary>
/// <param name="Release">0 when it is not known.</param>
/// <param name="Sketches">Of each kind that was measured.</param>
public sealed record VitalSummary(
    int Release,
    string Route,
    Device Device,
    long Views,
    long Errors,
    IReadOnlyDictionary<VitalKind, QuantileSketch> Sketches
);
