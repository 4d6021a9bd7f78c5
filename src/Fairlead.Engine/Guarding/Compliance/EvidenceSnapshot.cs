using Fairlead.Engine.Deploying;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Compliance;

/// <summary>
/// What Fairlead knew at a moment, for queries to be asked of. Null is always "this was not looked at", never "there is none": what was not
/// looked at is unknown.
/// </summary>
public sealed record EvidenceSnapshot(DateTimeOffset Now)
{
    public AuditSeen? Audit { get; init; }

    /// <summary>Live releases, by site.</summary>
    public IReadOnlyList<Release>? Live { get; init; }

    /// <summary>All that are kept, oldest first.</summary>
    public IReadOnlyList<Deployment>? Deployments { get; init; }

    public IReadOnlyList<Person>? People { get; init; }

    public IReadOnlyList<AccessToken>? Tokens { get; init; }

    public IReadOnlyList<CertificateSeen>? Certificates { get; init; }

    public IReadOnlyList<SecretSeen>? Secrets { get; init; }

    /// <summary>How what is live stands with scanners.</summary>
    public IReadOnlyList<ScanSeen>? Scans { get; init; }

    /// <summary>How the machine is set up, by the names of checks.</summary>
    public IReadOnlyDictionary<string, Measured>? Host { get; init; }

    /// <summary>Restores that were tried; null while nothing backs up.</summary>
    public IReadOnlyList<DrillSeen>? Drills { get; init; }
}

/// <summary>The journal, read from its first line and compared with all that was signed of it.</summary>
/// <param name="Break">Why it is not as it was written; null when it is.</param>
/// <param name="Heads">How many signed heads fit.</param>
public sealed record AuditSeen(long Lines, long Covered, int Heads, string? Break)
{
    /// <summary>When it was last signed; null for never.</summary>
    public DateTimeOffset? SignedAt { get; init; }

    /// <summary>Lines of a kind, and when the last of them was written.</summary>
    public IReadOnlyDictionary<string, (long Count, DateTimeOffset Last)> Kinds { get; init; } =
        new Dictionary<string, (long, DateTimeOffset)>();

    public DateTimeOffset? Since { get; init; }
}

/// <summary>A host's certificate.</summary>
/// <param name="Until">Null while there is none.</param>
public sealed record CertificateSeen(string Host, DateTimeOffset? Until, string? Trouble);

/// <summary>A secret by name; never a value.</summary>
/// <param name="Since">When its newest version was made; null for one that has no value.</param>
public sealed record SecretSeen(string Name, DateTimeOffset? Since, bool IsKeptElsewhere);

/// <summary>How one thing that runs stands with a scanner.</summary>
/// <param name="Scanner">What was looked at, such as <c>packages of shop@42</c>.</param>
/// <param name="At">Of when what is known is: for packages, the day of the advisories.</param>
/// <param name="Open">Findings that nobody mended or waived, and that a policy calls too grave.</param>
public sealed record ScanSeen(string Scanner, DateTimeOffset At, int Open)
{
    /// <summary>Why not all is known; null when it is.</summary>
    public string? Unknown { get; init; }

    /// <summary>Of what was deployed, which does not change, and not of its packages, of which more becomes known.</summary>
    public bool IsOfSource { get; init; }
}

/// <summary>A backup that somebody tried to restore.</summary>
public sealed record DrillSeen(string What, DateTimeOffset At, bool IsGood);
