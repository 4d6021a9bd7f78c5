using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Engine.Guarding.Compliance.Host;

namespace Fairlead.Engine.Guarding.Compliance;

/// <summary>All questions that can be asked of a snapshot. To add one: write its function, add its line, sorted by name.</summary>
public static class AllEvidence
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static readonly EvidenceQuery[] OfFairlead =
    [
        new("approvals", "Changes of production are approved by somebody else.", Day, DeploymentEvidence.Approvals),
        new(
            "audit-chain",
            "No line of the journal was changed or removed since it was signed.",
            Day,
            AuditEvidence.Chain
        ),
        new(
            "certificates",
            "What passes between users and apps is encrypted, under certificates that are good.",
            Day,
            GuardEvidence.Certificates
        ),
        new(
            "changes-recorded",
            "Each change of an app says who asked for it, and how it ended.",
            Day,
            DeploymentEvidence.Recorded
        ),
        new(
            "changes-tested",
            "A change is tried on a part of the traffic and judged before it is everybody's.",
            Day,
            DeploymentEvidence.Tested
        ),
        new("emergencies", "Rules are set aside with a reason only.", Day, DeploymentEvidence.Emergencies),
        new(
            "personal-data",
            "Each kind of personal data is declared with its purpose, whose it is, what allows it and how long it is kept.",
            Day,
            PrivacyEvidence.Declared
        ),
        new("processors", "Others who get personal data are known.", Day, PrivacyEvidence.Processors),
        new("refusals", "What was refused is written down.", Day, AuditEvidence.Refusals),
        new(
            "restores",
            "Backups can be restored, because it was tried.",
            TimeSpan.FromDays(31),
            GuardEvidence.Restores
        ),
        new(
            "rollbacks",
            "A bad release can be taken back, because it was done.",
            TimeSpan.FromDays(180),
            DeploymentEvidence.Rollbacks
        ),
        new(
            "scans",
            "Packages of what runs have no grave weakness that is known.",
            TimeSpan.FromDays(7),
            ScanEvidence.Packages
        ),
        new("secrets-rotated", "Secrets are renewed at least once a year.", Day, GuardEvidence.Rotated),
        new(
            "source-scans",
            "What runs was scanned for secrets and open settings before it was deployed.",
            TimeSpan.FromDays(180),
            ScanEvidence.Sources
        ),
        new("strong-sign-in", "Nobody signs in with a password alone.", Day, GuardEvidence.SignIn),
        new("tokens", "Tokens of programs expire, and those that nobody uses are gone.", Day, GuardEvidence.Tokens),
    ];

    public static IReadOnlyList<EvidenceQuery> Entries { get; } =
    [
        .. OfFairlead
            .Concat(AllHostChecks.Entries.Select(OfHost))
            .OrderBy(static one => one.Name, StringComparer.Ordinal),
    ];

    /// <summary>Asks everything.</summary>
    public static IReadOnlyDictionary<string, Evidence> Of(EvidenceSnapshot snapshot) =>
        Entries.ToDictionary(query => query.Name, query => Of(query, snapshot));

    private static EvidenceQuery OfHost(HostCheck check) =>
        new(
            check.Name,
            check.About,
            Day,
            snapshot =>
                snapshot.Host?.GetValueOrDefault(check.Name)
                ?? new Measured.Unknown("The machine was not looked at.", "fairlead host check")
        );

    private static Evidence Of(EvidenceQuery query, EvidenceSnapshot snapshot)
    {
        var answer = query.Measure(snapshot);
        var isStale = answer is Measured.Holds holds && holds.At + query.Fresh < snapshot.Now;
        return new(query.Name, query.About, answer, isStale, DigestOf(query, answer, snapshot.Now));
    }

    // One line for each part, so that none can be read as another's.
    private static string DigestOf(EvidenceQuery query, Measured answer, DateTimeOffset now)
    {
        var (state, at, fix) = answer switch
        {
            Measured.Holds holds => ("holds", holds.At, ""),
            Measured.Fails fails => ("fails", fails.At, fails.Fix),
            Measured.Unknown unknown => ("unknown", now, unknown.Fix),
            _ => throw new InvalidOperationException("The set is closed."),
        };
        string[] parts =
        [
            query.Name,
            state,
            at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            answer.Text,
            fix,
        ];
        var text = string.Join('\n', parts.Select(part => part.ReplaceLineEndings(" ")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
