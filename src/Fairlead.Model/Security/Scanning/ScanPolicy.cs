namespace Fairlead.Model.Security.Scanning;

/// <summary>What a release must hold before it may be deployed.</summary>
public sealed record ScanPolicy
{
    /// <summary>Findings as bad as this or worse stop a deployment; null to only tell of them.</summary>
    public Severity? Fail { get; init; }

    /// <summary>Weaknesses of packages for which there is no fixed version stop nothing.</summary>
    public bool FixedOnly { get; init; }

    /// <summary>Weaknesses of packages stop nothing this long after they were published: time to mend them. Harmful packages always do.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>Advisories older than this say nothing any more.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>What is not known stops a deployment as a finding does.</summary>
    public bool FailUnknown { get; init; }

    /// <summary>Kinds that are looked for. Licences are of use only with <see cref="LicencesDenied"/> or <see cref="LicencesAllowed"/>.</summary>
    public IReadOnlyList<ScanKind> Kinds { get; init; } = [ScanKind.Dependencies, ScanKind.Secrets, ScanKind.Config];

    /// <summary>Whether packages that are only for developing count.</summary>
    public bool Development { get; init; }

    /// <summary>Licences that stop a deployment, such as <c>AGPL-3.0</c> or <c>AGPL-*</c>.</summary>
    public IReadOnlyList<string> LicencesDenied { get; init; } = [];

    /// <summary>When not empty, the only licences that packages may have.</summary>
    public IReadOnlyList<string> LicencesAllowed { get; init; } = [];

    /// <summary>Findings that are accepted for a time.</summary>
    public IReadOnlyList<Waiver> Waivers { get; init; } = [];

    /// <summary>Every artifact must carry a provenance that this Fairlead signed and that fits its bytes.</summary>
    public bool Provenance { get; init; }
}

/// <summary>A finding that somebody accepts until a day, and why.</summary>
/// <param name="Id">The finding's rule, or another name of it.</param>
/// <param name="Until">The last day, in UTC.</param>
/// <param name="Where">Only for findings in files under this path; null for all.</param>
public sealed record Waiver(string Id, string Reason, DateOnly Until, string? Where = null);
