using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Tests.Guarding.Scanning;

/// <summary>What stops a deployment, what only is said, and for how long something is accepted.</summary>
public sealed class ScanGateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly ScanPolicy Policy = new() { Fail = Severity.High };

    [Theory]
    [InlineData(Severity.Medium, Verdict.Passed)]
    [InlineData(Severity.High, Verdict.Failed)]
    [InlineData(Severity.Critical, Verdict.Failed)]
    public void Only_what_is_bad_enough_stops_it(Severity severity, Verdict verdict) =>
        Assert.Equal(verdict, Judge(Policy, Weakness(severity, "1.0.1")).Status);

    [Fact]
    public void With_none_nothing_stops_it() =>
        Assert.Equal(Verdict.Passed, Judge(Policy with { Fail = null }, Weakness(Severity.Critical, "1.0.1")).Status);

    [Fact]
    public void What_nobody_has_mended_may_pass_but_is_said()
    {
        var verdict = Judge(Policy with { FixedOnly = true }, Weakness(Severity.Critical, null));
        Assert.Equal((Verdict.Passed, 1), (verdict.Status, verdict.Open.Count));
    }

    [Theory]
    [InlineData(6, false, Verdict.Passed)]
    [InlineData(8, false, Verdict.Failed)]
    [InlineData(6, true, Verdict.Failed)]
    public void What_is_new_may_pass_for_a_time_unless_it_was_made_to_harm(
        int days,
        bool isMalicious,
        Verdict verdict
    ) =>
        Assert.Equal(
            verdict,
            Judge(
                Policy with
                {
                    Grace = TimeSpan.FromDays(7),
                },
                Weakness(Severity.Critical, "1.0.1") with
                {
                    Published = Now.AddDays(-days),
                    IsMalicious = isMalicious,
                }
            ).Status
        );

    [Fact]
    public void Secrets_have_no_fixed_version_and_stop_it_all_the_same() =>
        Assert.Equal(
            Verdict.Failed,
            Judge(
                Policy with
                {
                    FixedOnly = true,
                },
                Weakness(Severity.High, null) with
                {
                    Kind = ScanKind.Secrets,
                    Component = null,
                }
            ).Status
        );

    [Theory]
    [InlineData("GHSA-1", 27, Verdict.Passed)]
    [InlineData("cve-2026-1", 27, Verdict.Passed)]
    [InlineData("GHSA-2", 27, Verdict.Failed)]
    [InlineData("GHSA-1", 26, Verdict.Failed)]
    public void A_waiver_holds_for_its_finding_until_its_day(string id, int day, Verdict verdict) =>
        Assert.Equal(
            verdict,
            Judge(
                Policy with
                {
                    Waivers = [new(id, "no user input reaches it", new(2026, 11, day))],
                },
                Weakness(Severity.High, "1.0.1")
            ).Status
        );

    [Theory]
    [InlineData("api", Verdict.Passed)]
    [InlineData("api/package-lock.json", Verdict.Passed)]
    [InlineData("ap", Verdict.Failed)]
    [InlineData("web", Verdict.Failed)]
    public void A_waiver_may_hold_in_one_place_alone(string where, Verdict verdict) =>
        Assert.Equal(
            verdict,
            Judge(
                Policy with
                {
                    Waivers = [new("GHSA-1", "no user input reaches it", new(2026, 12, 1), where)],
                },
                Weakness(Severity.High, "1.0.1")
            ).Status
        );

    [Fact]
    public void An_expired_waiver_is_a_finding_itself()
    {
        var verdict = Judge(Policy with { Waivers = [new("GHSA-9", "later", new(2026, 1, 1))] });
        Assert.Equal((Verdict.Failed, "waiver-expired"), (verdict.Status, Assert.Single(verdict.Open).Rule));
    }

    [Fact]
    public void What_is_unknown_is_said_and_stops_it_only_where_that_is_asked_for()
    {
        var result = new ScanResult([new(ScanKind.Dependencies, [], ["no advisories"], 3)], Inventory.Of([]));
        Assert.Equal(Verdict.Unknown, ScanGate.Judge(result, Policy, Now).Status);
        Assert.Equal(Verdict.Failed, ScanGate.Judge(result, Policy with { FailUnknown = true }, Now).Status);
    }

    [Theory]
    [InlineData("MIT", true)]
    [InlineData("AGPL-3.0-only", false)]
    [InlineData("GPL-3.0-or-later", false)]
    [InlineData("(MIT OR AGPL-3.0-only)", true)]
    [InlineData("MIT AND AGPL-3.0-only", false)]
    [InlineData("(MIT AND (Apache-2.0 OR GPL-3.0))", true)]
    [InlineData("GPL-2.0-only WITH Classpath-exception-2.0", true)]
    [InlineData("(((", false)]
    public void An_expression_of_licences_passes_when_it_leaves_a_way(string expression, bool passes) =>
        Assert.Equal(passes, LicenceScan.Allows(expression, new() { LicencesDenied = ["AGPL-*", "GPL-3.0"] }));

    private static ScanVerdict Judge(ScanPolicy policy, params Finding[] findings) =>
        ScanGate.Judge(new([new(ScanKind.Dependencies, findings, [], 1)], Inventory.Of([])), policy, Now);

    private static Finding Weakness(Severity severity, string? mended) =>
        new(ScanKind.Dependencies, "GHSA-1", severity, "api/package-lock.json:3", "what", "why", "fix")
        {
            Aliases = ["CVE-2026-1"],
            Component = "pkg:npm/a@1.0.0",
            FixedIn = mended,
        };
}
