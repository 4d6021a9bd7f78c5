using Fairlead.Engine.Guarding.Compliance;
using static Fairlead.Tests.Guarding.Compliance.ComplianceSample;

namespace Fairlead.Tests.Guarding.Compliance;

public sealed class EvidenceTests
{
    [Fact]
    public void Queries_have_names_of_their_own_in_order()
    {
        var names = AllEvidence.Entries.Select(query => query.Name).ToList();
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public void What_was_not_looked_at_is_unknown_whatever_is_asked() =>
        Assert.All(AllEvidence.Of(Nothing).Values, evidence => Assert.IsType<Measured.Unknown>(evidence.Answer));

    [Fact]
    public void Where_everything_is_as_it_should_be_every_question_is_answered_so() =>
        Assert.All(
            AllEvidence.Of(Good).Values,
            evidence =>
            {
                Assert.True(evidence.Answer is Measured.Holds, $"{evidence.Query}: {evidence.Answer.Text}");
                Assert.False(evidence.IsStale, evidence.Query);
            }
        );

    public static TheoryData<string, string> Faults =>
        new()
        {
            { "approvals", "Nobody must approve what goes to shop/production." },
            { "approvals", "Promoted without somebody else's approval: shop@2 (production)." },
            { "audit-chain", "Line 7 was changed." },
            { "certificates", "Without a good certificate: shop.example.com." },
            { "changes-recorded", "Nobody knows who asked for shop@2." },
            { "changes-tested", "Promoted without any verdict: shop@2." },
            { "emergencies", "Rules were set aside without a reason: shop@2." },
            {
                "personal-data",
                "Not said: shop/production, api, health: whose data it is (subjects), how long it is kept (retention), what allows it (basis)."
            },
            { "restores", "Could not be restored: db." },
            { "scans", "Open: 3 in packages of shop@2." },
            { "source-scans", "Open: 1 in source of shop@2." },
            { "secrets-rotated", "Older than a year: shop/production/DATABASE_URL." },
            { "strong-sign-in", "A password alone lets these in: Anna." },
            { "tokens", "Nobody used these tokens for 90 days: pipeline (0123456789ab)." },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void One_fault_is_found_and_named(string query, string text)
    {
        var found = Changed(text);
        Assert.Equal(text, Assert.IsType<Measured.Fails>(Answer(query, found)).Text);
    }

    private static EvidenceSnapshot Changed(string fault) =>
        fault switch
        {
            _ when fault.StartsWith("Nobody must approve", StringComparison.Ordinal) => Good with
            {
                Live = [Live with { Protection = null }],
            },
            _ when fault.Contains("somebody else's", StringComparison.Ordinal) => Good with
            {
                // The one who asked is the one who said yes.
                Deployments = [Deployed with { RequestedBy = new("token", "pipeline", "anna") }],
            },
            _ when fault.StartsWith("Line 7", StringComparison.Ordinal) => Good with
            {
                Audit = Good.Audit! with { Break = "Line 7 was changed." },
            },
            _ when fault.Contains("certificate", StringComparison.Ordinal) => Good with
            {
                Certificates = [new("shop.example.com", Now, Trouble: null)],
            },
            _ when fault.StartsWith("Nobody knows", StringComparison.Ordinal) => Good with
            {
                Deployments = [Deployed with { RequestedBy = null }],
            },
            _ when fault.Contains("verdict", StringComparison.Ordinal) => Good with
            {
                Deployments = [Deployed with { Verdicts = [] }],
            },
            _ when fault.StartsWith("Rules", StringComparison.Ordinal) => Good with
            {
                Deployments = [Deployed with { BrokenGlass = new("anna", " ", Now) }],
            },
            _ when fault.StartsWith("Not said", StringComparison.Ordinal) => Good with
            {
                Live = [Live with { Data = [new("api", "health", "care")] }],
            },
            _ when fault.StartsWith("Could not", StringComparison.Ordinal) => Good with
            {
                Drills = [new("db", Now.AddDays(-9), IsGood: true), new("db", Now, IsGood: false)],
            },
            _ when fault.StartsWith("Open: 1", StringComparison.Ordinal) => Good with
            {
                Scans = [new("source of shop@2", Now, Open: 1) { IsOfSource = true }],
            },
            _ when fault.StartsWith("Open", StringComparison.Ordinal) => Good with
            {
                Scans = [new("packages of shop@2", Now, Open: 3)],
            },
            _ when fault.StartsWith("Older", StringComparison.Ordinal) => Good with
            {
                Secrets = [Good.Secrets![0] with { Since = Now.AddDays(-366) }],
            },
            _ when fault.StartsWith("A password", StringComparison.Ordinal) => Good with
            {
                People = [Anna with { Password = "$argon2id$" }],
            },
            _ => Good with { Tokens = [Token with { LastUsed = Now.AddDays(-91) }] },
        };

    [Fact]
    public void Evidence_that_is_too_old_is_stale()
    {
        var old = AllEvidence.Of(Good with { Scans = [new("packages of shop@2", Now.AddDays(-8), Open: 0)] })["scans"];
        Assert.True(old is { IsStale: true, Answer: Measured.Holds });
    }

    [Fact]
    public void What_a_scan_could_not_see_is_unknown_but_what_it_found_still_fails()
    {
        ScanSeen blind = new("packages of shop@2", Now, Open: 0) { Unknown = "There are no advisories here." };
        Assert.Equal(
            "Not all is known: packages of shop@2 (There are no advisories here.)",
            Assert.IsType<Measured.Unknown>(Answer("scans", Good with { Scans = [blind] })).Text
        );
        Assert.IsType<Measured.Fails>(Answer("scans", Good with { Scans = [blind with { Open = 1 }] }));
        // A source does not change: it stays scanned for longer than what is known of packages.
        Assert.False(AllEvidence.Of(Good)["source-scans"].IsStale);
    }

    [Fact]
    public void A_journal_that_grew_is_as_fresh_as_its_last_signature()
    {
        var grown = Good with { Audit = Good.Audit! with { Lines = 1_001, SignedAt = Now.AddDays(-2) } };
        Assert.True(AllEvidence.Of(grown)["audit-chain"].IsStale);
    }

    [Fact]
    public void A_digest_changes_with_any_part_of_the_answer()
    {
        var good = AllEvidence.Of(Good);
        var other = AllEvidence.Of(Good with { People = [Anna, Anna with { Id = "bob" }] });
        Assert.Equal(
            ["strong-sign-in"],
            good.Values.Where(one => one.Digest != other[one.Query].Digest).Select(one => one.Query)
        );
        Assert.All(good.Values, one => Assert.Matches("^[0-9a-f]{64}$", one.Digest));
    }

    [Fact]
    public void An_approval_is_not_asked_of_what_was_deployed_before_the_rule()
    {
        var before = Good with { Deployments = [Deployed with { Approvals = [], RequestedAt = Now.AddDays(-31) }] };
        Assert.IsType<Measured.Holds>(Answer("approvals", before));
    }
}
