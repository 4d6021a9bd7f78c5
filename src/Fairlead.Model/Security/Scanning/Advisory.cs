using System.Text.Json.Serialization;

namespace Fairlead.Model.Security.Scanning;

/// <summary>How bad it is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    [JsonStringEnumMemberName("low")]
    Low,

    [JsonStringEnumMemberName("medium")]
    Medium,

    /// <summary>Also where nobody has said how bad it is: what is not known is not called harmless.</summary>
    [JsonStringEnumMemberName("high")]
    High,

    [JsonStringEnumMemberName("critical")]
    Critical,
}

/// <summary>A known weakness of a package, as the Open Source Vulnerability format writes it.</summary>
/// <param name="Id">Such as <c>GHSA-35jh-r3h4-6jhm</c>.</param>
public sealed record Advisory(string Id, string Summary)
{
    /// <summary>Other names of the same, such as its CVE.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public Severity Severity { get; init; } = Severity.High;

    /// <summary>Somebody has said how bad it is.</summary>
    public bool IsRated { get; init; }

    public DateTimeOffset? Published { get; init; }

    /// <summary>It is of a package that was made to do harm.</summary>
    public bool IsMalicious { get; init; }

    public IReadOnlyList<Affected> Affected { get; init; } = [];

    public bool IsCalled(string id) =>
        string.Equals(Id, id, StringComparison.OrdinalIgnoreCase)
        || Aliases.Contains(id, StringComparer.OrdinalIgnoreCase);
}

/// <summary>Which versions of a package an advisory is about.</summary>
/// <param name="Release">Of the distribution, such as <c>12</c>; null for all.</param>
/// <param name="Versions">Versions that are named one by one.</param>
public sealed record Affected(
    Ecosystem Ecosystem,
    string Name,
    string? Release,
    IReadOnlyList<AffectedRange> Ranges,
    IReadOnlyList<string> Versions
);

/// <summary>Versions from one on, up to another. Both ends as text: their order is the ecosystem's.</summary>
/// <param name="Introduced">The first that has it; <c>0</c> for all from the beginning.</param>
/// <param name="Fixed">The first that has it no more; null while there is none.</param>
/// <param name="LastAffected">The last that has it, where no fixed one is named.</param>
public sealed record AffectedRange(string Introduced, string? Fixed, string? LastAffected);
