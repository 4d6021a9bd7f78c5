using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Compliance;
using Fairlead.Engine.Guarding.Compliance.Host;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Tests.Guarding.Compliance;

/// <summary>A shop in which everything is as it should be, to be changed one thing at a time.</summary>
internal static class ComplianceSample
{
    public static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    public static readonly Site Shop = new("shop", "production");

    public static EvidenceSnapshot Nothing { get; } = new(Now);

    public static EvidenceSnapshot Good { get; } =
        new(Now)
        {
            Audit = new(1_000, 1_000, 12, Break: null) { SignedAt = Now },
            Live = [Live],
            Deployments = [Deployed, Deployed with { Id = "d2", IsRollback = true, Replaces = 2, Verdicts = [] }],
            People = [Anna],
            Tokens = [Token],
            Certificates = [new("shop.example.com", Now.AddDays(40), Trouble: null)],
            Secrets = [new("shop/production/DATABASE_URL", Now.AddDays(-100), IsKeptElsewhere: false)],
            Scans =
            [
                new("packages of shop@2", Now.AddDays(-1), Open: 0),
                new("source of shop@2", Now.AddDays(-30), Open: 0) { IsOfSource = true },
            ],
            Host = AllHostChecks.Entries.ToDictionary(
                check => check.Name,
                check => (Measured)new Measured.Holds(check.About, Now)
            ),
            Drills = [new("db", Now.AddDays(-9), IsGood: true)],
        };

    public static Release Live =>
        new()
        {
            Site = Shop,
            Number = 2,
            Services = [],
            Hosts = ["shop.example.com", "shop.localhost"],
            Protection = new Protection { Approvals = 1 },
            Data =
            [
                new("api", "contact details", "orders")
                {
                    Subjects = "customers",
                    Basis = LawfulBasis.Contract,
                    Retention = "10 years",
                    Processors = ["Stripe"],
                },
            ],
            Source = "/src",
            At = Now.AddDays(-30),
        };

    public static Deployment Deployed =>
        new()
        {
            Id = "d1",
            Site = Shop,
            Release = 2,
            Replaces = 1,
            RequestedAt = Now.AddDays(-10),
            RequestedBy = new("bob", "Bob", "bob"),
            Approvals = [new("anna", "Anna", "digest", ["operator"], Now.AddDays(-10), IsProved: true)],
            Phase = DeploymentPhase.Promoted,
            Verdicts = [Verdict],
            EndedAt = Now.AddDays(-10),
            Deadline = Now,
        };

    public static Person Anna =>
        new()
        {
            Id = "anna",
            Name = "Anna",
            Email = "anna@example.com",
            CreatedAt = Now.AddYears(-1),
        };

    public static AccessToken Token =>
        new()
        {
            Id = "0123456789ab",
            Name = "pipeline",
            Kind = PrincipalKind.Service,
            Hash = "",
            Maker = Principal.Owner,
            CreatedAt = Now.AddYears(-1),
            ExpiresAt = Now.AddDays(10),
            LastUsed = Now.AddHours(-5),
        };

    private static Verdict Verdict =>
        (Verdict)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(Verdict));

    public static Measured Answer(string query, EvidenceSnapshot snapshot) => AllEvidence.Of(snapshot)[query].Answer;
}
