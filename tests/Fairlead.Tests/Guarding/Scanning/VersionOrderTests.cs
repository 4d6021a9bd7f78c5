using CsCheck;
using Fairlead.Engine.Guarding.Scanning.Versions;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Tests.Guarding.Scanning;

/// <summary>Each row is in its ecosystem's order, from the oldest to the newest; <c>=</c> stands between equals.</summary>
public sealed class VersionOrderTests
{
    [Theory]
    [InlineData(
        Ecosystem.Npm,
        "0.0.9 0.9.0 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 = 1.0.0+build.5 1.0.1 1.10.0 2.0.0"
    )]
    [InlineData(Ecosystem.Crates, "0.1.0-alpha.1 0.1.0 0.1.1 0.2.0 1.0.0-rc.1 1.0.0 10.0.0")]
    [InlineData(
        Ecosystem.Go,
        "v0.0.0-20190101000000-aaaaaaaaaaaa v0.0.0-20200101000000-bbbbbbbbbbbb v0.0.0 v1.2.3 v1.2.4-0.20210101000000-cccccccccccc v1.2.4 v2.0.0+incompatible = v2.0.0 v10.0.0"
    )]
    [InlineData(Ecosystem.Go, "go1.20.5 go1.21rc2 go1.21.0 = 1.21.0 go1.21.1")]
    [InlineData(
        Ecosystem.NuGet,
        "1.0.0-alpha = 1.0.0-ALPHA 1.0.0-beta.2 1.0.0-beta.10 1.0 = 1.0.0 = 1.0.0.0 1.0.0.1 1.0.1 1.10"
    )]
    [InlineData(
        Ecosystem.PyPI,
        "1.0.dev1 1.0a1.dev1 1.0a1 = 1.0alpha1 1.0a2 1.0b1 1.0rc1 = 1.0c1 1.0 = 1.0.0 = v1.0 1.0+local.1 1.0+local.2 1.0.post1.dev1 1.0.post1 = 1.0-1 1.0.1 1.10 2!0.1"
    )]
    [InlineData(
        Ecosystem.Debian,
        "1.0~beta1 1.0~rc1 1.0 1.0-1 1.0-1+deb12u1 1.0-1+deb12u2 1.0-2 1.0a = 0:1.0a 1.0+dfsg-1 1.0.1 2.10 = 2.10-0 10.0 1:0.1"
    )]
    [InlineData(
        Ecosystem.RubyGems,
        "1.0.0.alpha 1.0.0.beta.2 1.0.0.beta.10 1.0.0.pre.1 = 1.0.0-1 1.0.0.rc1 1.0 = 1.0.0 1.0.1 1.10"
    )]
    [InlineData(
        Ecosystem.Packagist,
        "1.0.0-dev 1.0.0-alpha1 = 1.0.0a1 1.0.0-beta2 1.0.0-RC1 1.0.0 = v1.0 = 1.0.0.0 = 1.0.0-stable 1.0.0-patch1 = 1.0.0-p1 1.0.1 1.10.0"
    )]
    [InlineData(
        Ecosystem.Maven,
        "1.0-alpha-1 = 1.0-a1 1.0-beta-1 1.0-milestone-1 = 1.0-m1 1.0-rc-1 = 1.0-cr1 1.0-SNAPSHOT 1.0 = 1 = 1.0.0 = 1.0-ga = 1.0.Final 1.0-sp 1.0-xyz 1.0-1 1.0.1 1.10 2.0.0.RELEASE"
    )]
    public void Versions_have_their_ecosystems_order(Ecosystem ecosystem, string row)
    {
        var rank = 0;
        var isSame = true;
        var ranked = new List<(string Version, int Rank)>();
        foreach (var word in row.Split(' '))
        {
            if (word == "=")
            {
                isSame = true;
                continue;
            }
            rank += isSame ? 0 : 1;
            isSame = false;
            ranked.Add((word, rank));
        }
        Assert.All(
            from left in ranked
            from right in ranked
            select (left, right),
            pair =>
                Assert.Equal(
                    $"{pair.left.Version} {Math.Sign(pair.left.Rank.CompareTo(pair.right.Rank))} {pair.right.Version}",
                    $"{pair.left.Version} {VersionOrder.Compare(ecosystem, pair.left.Version, pair.right.Version)} {pair.right.Version}"
                )
        );
    }

    [Theory]
    [InlineData(Ecosystem.Npm, "latest")]
    [InlineData(Ecosystem.Npm, "1.2.3.4")]
    [InlineData(Ecosystem.PyPI, "1.0-banana")]
    [InlineData(Ecosystem.Debian, "1.0 2.0")]
    [InlineData(Ecosystem.Packagist, "dev-main")]
    [InlineData(Ecosystem.RubyGems, "x")]
    public void What_is_no_version_has_no_order(Ecosystem ecosystem, string text) =>
        Assert.Null(VersionOrder.Compare(ecosystem, text, "1.0.0"));

    [Fact]
    public void The_order_is_one_whatever_is_compared()
    {
        var words = Gen.String[Gen.Char["0123456789.-~+:abcrcdevpost!SP_ "], 0, 14];
        Gen.Select(Gen.Enum<Ecosystem>(), words, words, words)
            .Sample(
                (ecosystem, a, b, c) =>
                {
                    var (ab, ba) = (VersionOrder.Compare(ecosystem, a, b), VersionOrder.Compare(ecosystem, b, a));
                    Assert.Equal(ab, -ba);
                    // What cannot be compared with itself is no version.
                    Assert.True(VersionOrder.Compare(ecosystem, a, a) is null or 0);
                    var bc = VersionOrder.Compare(ecosystem, b, c);
                    if (ecosystem != Ecosystem.Maven && ab <= 0 && bc <= 0)
                    {
                        Assert.True(VersionOrder.Compare(ecosystem, a, c) <= 0, $"{ecosystem}: {a} <= {b} <= {c}");
                    }
                },
                iter: 200_000
            );
    }
}
