using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Manifests;

/// <summary>What a release must hold before it may be deployed, as the manifest says it.</summary>
[Description("What a release must hold before it may be deployed. When left out, nothing is scanned.")]
public sealed record ScanEntry
{
    [Description(
        "Findings as bad as this or worse stop a deployment: low, medium, high, critical or none; high when left out."
    )]
    [Alone, Elsewhere("severity", "threshold", "failOn")]
    public FailEntry? Fail { get; init; }

    [Description("True lets weaknesses of packages pass for which there is no fixed version; false when left out.")]
    [Elsewhere("ignoreUnfixed", "ignore-unfixed")]
    public bool? FixedOnly { get; init; }

    [Description(
        "How long after its publication a weakness of a package stops nothing, so that there is time to mend it; 0 when left out."
    )]
    [Elsewhere("minAge", "gracePeriod")]
    public TimeSpan? Grace { get; init; }

    [Description("How old advisories may be before they say nothing any more; 7d when left out.")]
    public TimeSpan? MaxAge { get; init; }

    [Description(
        "Whether a deployment goes on when not all is known: allow (it is said) or fail; allow when left out."
    )]
    public UnknownEntry? Unknown { get; init; }

    [Description(
        "What is looked for: dependencies, secrets, config, licences, malware; when left out the first three, and licences where terms are given."
    )]
    [Elsewhere("scanners", "checks")]
    public IReadOnlyList<ScanKind>? Kinds { get; init; }

    [Description("True also looks at packages that are only for developing; false when left out.")]
    public bool? Development { get; init; }

    [Description("Terms that packages may or may not have.")]
    [Elsewhere("licenses")]
    public LicencesEntry? Licences { get; init; }

    [Description("True lets only artifacts start that carry a provenance of this Fairlead which fits their bytes.")]
    public bool? Provenance { get; init; }

    [Description("Findings that are accepted until a day.")]
    [Elsewhere("ignore", "exceptions", "allowlist")]
    public IReadOnlyList<WaiverEntry>? Waivers { get; init; }
}

/// <summary>From which severity on a finding stops a deployment.</summary>
public enum FailEntry
{
    [JsonStringEnumMemberName("none")]
    None,

    [JsonStringEnumMemberName("low")]
    Low,

    [JsonStringEnumMemberName("medium")]
    Medium,

    [JsonStringEnumMemberName("high")]
    High,

    [JsonStringEnumMemberName("critical")]
    Critical,
}

/// <summary>What becomes of a deployment of which not all is known.</summary>
public enum UnknownEntry
{
    [JsonStringEnumMemberName("allow")]
    Allow,

    [JsonStringEnumMemberName("fail")]
    Fail,
}

/// <summary>Terms of packages, by their SPDX names; <c>GPL-*</c> stands for all that begin so.</summary>
[Description("Terms of packages, by their SPDX names; 'GPL-*' stands for all that begin so.")]
public sealed record LicencesEntry
{
    [Description("Terms that no package may have.")]
    public IReadOnlyList<string>? Deny { get; init; }

    [Description("The only terms that packages may have.")]
    public IReadOnlyList<string>? Allow { get; init; }
}

/// <summary>A finding that somebody accepts until a day.</summary>
[Description("A finding that somebody accepts until a day.")]
public sealed record WaiverEntry
{
    [Description("The finding's rule, advisory or CVE, as 'fairlead scan' shows it.")]
    public required string Id { get; init; }

    [Description("Why it is accepted, for those who come later.")]
    public required string Reason { get; init; }

    [Description("The last day it is accepted, such as 2027-03-31; after it the waiver is a finding itself.")]
    [Shaped(Shape.Day)]
    public required string Until { get; init; }

    [Description("Only for findings in this file or folder.")]
    [Shaped(Shape.Folder)]
    public string? Where { get; init; }
}
