using CsCheck;
using Fairlead.Drivers.Scanners;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Tests.Drivers.Scanners;

/// <summary>What ClamAV says, and that it is clean only when it says how old its signatures are.</summary>
public sealed class ClamAvTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_file_that_it_knows_is_a_finding_with_its_place()
    {
        var part = ClamAv.Read("/srv/app", 1, ["/srv/app/up: load/eicar.com: Eicar-Signature FOUND"]);
        var finding = Assert.Single(part.Findings);
        Assert.Equal(
            ("clamav-Eicar-Signature", "up: load/eicar.com", Severity.Critical),
            (finding.Rule, finding.Where, finding.Severity)
        );
        Assert.Empty(part.Unknown);
    }

    [Theory]
    [InlineData(0, "", 0)]
    [InlineData(1, "", 1)]
    [InlineData(2, "LibClamAV Error: no database", 1)]
    [InlineData(-1, "", 1)]
    public void What_it_could_not_do_is_unknown(int code, string line, int count) =>
        Assert.Equal(count, ClamAv.Read("/srv", code, [line]).Unknown.Count);

    [Theory]
    [InlineData("ClamAV 1.4.6/27830/Wed Nov 25 08:26:15 2026", null)]
    [InlineData(
        "ClamAV 1.4.6/27830/Mon Nov  2 08:26:15 2026",
        "ClamAV's signatures are 24 days old; at most 7 are good: freshclam"
    )]
    [InlineData(
        "ClamAV 1.4.6",
        "ClamAV does not say how old its signatures are, so it may not know what is new: freshclam"
    )]
    [InlineData("", "ClamAV does not say how old its signatures are, so it may not know what is new: freshclam")]
    public void Old_signatures_make_it_unknown(string version, string? doubt) =>
        Assert.Equal(doubt is null ? [] : [doubt], ClamAv.Doubts([version], Now));

    [Fact]
    public void Nothing_that_it_says_can_hurt() =>
        Gen.Select(Gen.String[Gen.Char["/: FOUNDClamAV1.0\n"], 0, 30], Gen.Int[-1, 3])
            .Sample(
                (line, code) =>
                {
                    _ = ClamAv.Read("/srv", code, [line, line + " FOUND"]);
                    _ = ClamAv.Doubts([line, "ClamAV " + line], Now).ToList();
                },
                iter: 20_000
            );
}
