using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Model.Ports;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Tests.Guarding.Scanning;

/// <summary>Findings need an advisory, a version in its range and data that are fresh; else the answer is unknown, never clean.</summary>
public sealed class MatchingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 0, 0, 0, TimeSpan.Zero);

    private static readonly Advisory Lodash = new("GHSA-35jh-r3h4-6jhm", "Command injection in lodash")
    {
        Aliases = ["CVE-2021-23337"],
        Severity = Severity.High,
        IsRated = true,
        Affected = [new(Ecosystem.Npm, "lodash", null, [new("0", "4.17.21", null)], [])],
    };

    [Theory]
    [InlineData("4.17.20", "4.17.21")]
    [InlineData("4.17.21-rc.1", "4.17.21")]
    [InlineData("4.17.21", null)]
    [InlineData("10.0.0", null)]
    public void A_version_before_the_fixed_one_is_affected(string version, string? mended) =>
        Assert.Equal(mended, Matching.Of(Lodash, new(Ecosystem.Npm, "lodash", version))?.FixedIn);

    [Fact]
    public void A_package_of_the_same_name_elsewhere_is_another() =>
        Assert.Null(Matching.Of(Lodash, new(Ecosystem.PyPI, "lodash", "4.17.20")));

    [Theory]
    [InlineData("1.4.9", false)]
    [InlineData("1.5.0", true)]
    [InlineData("1.9.9", true)]
    [InlineData("2.0.0", false)]
    [InlineData("3.1.4", true)]
    [InlineData("3.1.5", false)]
    public void Ranges_may_be_several_and_end_with_their_last(string version, bool isAffected)
    {
        var advisory = new Advisory("X-1", "")
        {
            Affected =
            [
                new(Ecosystem.Crates, "a", null, [new("1.5.0", "2.0.0", null), new("3.0.0", null, "3.1.4")], []),
            ],
        };
        Assert.Equal(isAffected, Matching.Of(advisory, new(Ecosystem.Crates, "a", version)) is { IsSure: true });
    }

    [Fact]
    public void Debian_speaks_of_source_packages_and_releases()
    {
        var advisory = new Advisory("DSA-1", "")
        {
            Affected = [new(Ecosystem.Debian, "openssl", "12", [new("0", "3.0.11-1~deb12u2", null)], [])],
        };
        var library = new Component(Ecosystem.Debian, "libssl3", "3.0.9-1")
        {
            SourceName = "openssl",
            Distribution = "12",
        };
        Assert.Equal("3.0.11-1~deb12u2", Matching.Of(advisory, library)?.FixedIn);
        Assert.Null(Matching.Of(advisory, library with { Distribution = "11" }));
        Assert.Null(Matching.Of(advisory, library with { Version = "3.0.11-1~deb12u2" }));
    }

    [Fact]
    public void Without_advisories_the_answer_is_unknown() =>
        Assert.Equal(Coverage.Unknown, Judge(AdvisoryStatus.None, [], "4.17.21").Coverage);

    [Fact]
    public void With_old_advisories_the_answer_is_unknown() =>
        Assert.Equal(Coverage.Unknown, Judge(Status(Now.AddDays(-8)), [], "4.17.21").Coverage);

    [Fact]
    public void With_fresh_ones_of_other_packages_alone_it_is_unknown_too() =>
        Assert.Equal(
            Coverage.Unknown,
            Judge(new(Now, "m", new Dictionary<Ecosystem, int> { [Ecosystem.PyPI] = 5 }), [], "4.17.21").Coverage
        );

    [Fact]
    public void Only_with_fresh_ones_it_is_clean() =>
        Assert.Equal(Coverage.Clean, Judge(Status(Now.AddDays(-1)), [Lodash], "4.17.21").Coverage);

    [Fact]
    public void A_finding_says_what_where_and_how_to_mend_it()
    {
        var finding = Assert.Single(Judge(Status(Now), [Lodash], "4.17.20").Findings);
        Assert.Equal("package-lock.json:7", finding.Where);
        Assert.Equal("lodash 4.17.20 has a known weakness: Command injection in lodash.", finding.What);
        Assert.Equal("GHSA-35jh-r3h4-6jhm (CVE-2021-23337) calls it high.", finding.Why);
        Assert.Equal("Update lodash to 4.17.21 or later.", finding.Fix);
        Assert.Equal("pkg:npm/lodash@4.17.20", finding.Component);
    }

    [Fact]
    public void Versions_that_cannot_be_compared_make_it_unknown_not_clean()
    {
        var part = Judge(Status(Now), [Lodash], "github:lodash/lodash");
        Assert.Equal(Coverage.Unknown, part.Coverage);
    }

    [Theory]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1)]
    [InlineData("CVSS:3.0/AV:L/AC:H/PR:L/UI:N/S:U/C:H/I:N/A:N", 4.7)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 9.9)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0)]
    [InlineData("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:L", 5.6)]
    public void Scores_are_those_of_the_specification(string vector, double score) =>
        Assert.Equal(score, CvssScore.TryRead(vector));

    [Theory]
    [InlineData("CVSS:4.0/AV:N")]
    [InlineData("CVSS:3.1/AV:N/AC:L")]
    [InlineData("CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")]
    [InlineData("")]
    public void What_is_no_vector_has_no_score(string vector) => Assert.Null(CvssScore.TryRead(vector));

    private static AdvisoryStatus Status(DateTimeOffset date) =>
        new(date, "m", new Dictionary<Ecosystem, int> { [Ecosystem.Npm] = 1 });

    private static ScanPart Judge(AdvisoryStatus status, IReadOnlyList<Advisory> about, string version) =>
        DependencyScan.Judge(
            Inventory.Of([new(Ecosystem.Npm, "lodash", version) { File = "package-lock.json", Line = 7 }]),
            status,
            about,
            Now,
            TimeSpan.FromDays(7)
        );
}
