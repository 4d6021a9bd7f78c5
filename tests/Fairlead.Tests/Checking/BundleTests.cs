using System.Globalization;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Checking.Bundles;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Releases;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Checking;

/// <summary>Budgets of what a build makes.</summary>
public sealed class BundleTests
{
    private static readonly BundleFiles Site = BundleFiles.Of(
        new MemoryTree(
            new Dictionary<string, string>
            {
                ["dist/index.html"] =
                    "<script src=\"/assets/app.js\"></script><link href='style.css' rel=stylesheet><a href=about.html>",
                ["dist/about.html"] = "<img src=/assets/logo.svg>",
                ["dist/style.css"] = new('a', 1_000),
                ["dist/assets/app.js"] = string.Concat(
                    Enumerable.Range(0, 1_000).Select(static one => one.ToString(CultureInfo.InvariantCulture))
                ),
                ["dist/assets/vendor/big.js"] = new('b', 5_000),
                ["dist/assets/logo.svg"] = "<svg/>",
            }
        ),
        "dist"
    );

    [Theory]
    [InlineData("**/*.js", "assets/app.js assets/vendor/big.js")]
    [InlineData("*.css", "style.css")]
    [InlineData("assets/*", "assets/app.js assets/logo.svg")]
    [InlineData("assets/** !**/vendor/**", "assets/app.js assets/logo.svg")]
    [InlineData("**/**/**/*.svg", "assets/logo.svg")]
    [InlineData("none", "")]
    public void Globs_choose_files(string globs, string expected) =>
        Assert.Equal(expected, string.Join(' ', Site.Paths.Where(new FileGlobs(globs.Split(' ')).Fits)));

    [Fact]
    public void Sizes_are_those_on_the_disk_and_on_the_wire()
    {
        long?[] sizes =
        [
            Site.Size("style.css", Packing.Raw),
            Site.Size("style.css", Packing.Gzip),
            Site.Size("style.css", Packing.Brotli),
        ];
        Assert.Equal(1_000, sizes[0]);
        Assert.InRange(sizes[1]!.Value, 20, 60);
        Assert.InRange(sizes[2]!.Value, 5, sizes[1]!.Value - 1);
    }

    [Fact]
    public void A_page_is_it_and_what_it_asks_for() =>
        Assert.Equal(
            ["assets/app.js", "index.html", "style.css"],
            BundleJudge
                .Use(Site, new() { Page = "/", As = Packing.Raw })
                .Files.Select(static one => one.Path)
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("8kB", false, null, "")]
    [InlineData("7kB", false, null, "over-budget assets/vendor/big.js: It comes to 7.9 kB, 890 B too much.")]
    [InlineData("3kB", true, null, "over-budget assets/vendor/big.js: assets/vendor/big.js has 5.0 kB.")]
    [InlineData(null, false, 7_500, "")]
    [InlineData(null, false, 7_000, "grown assets/vendor/big.js: It was 7.0 kB and is 7.9 kB.")]
    public void What_is_over_its_budget_or_has_grown_is_told(string? most, bool each, int? before, string expected)
    {
        var budget = new BundleBudgetEntry
        {
            Files = ["**/*.js"],
            Max = most is null ? null : ByteSize.TryParse(most),
            Each = each,
            As = Packing.Raw,
            Growth = Percent.TryParse("10%"),
        };
        var findings = BundleJudge.Judge(BundleJudge.Use(Site, budget), before);
        Assert.Equal(expected, string.Join('\n', findings.Select(static one => $"{one.Rule} {one.File}: {one.What}")));
    }

    [Fact]
    public void A_budget_that_fits_nothing_does_not_hold() =>
        Assert.Equal(
            ["budget-empty"],
            BundleJudge
                .Judge(BundleJudge.Use(Site, new() { Files = ["**/*.wasm"], Max = ByteSize.TryParse("1kB") }), null)
                .Select(static one => one.Rule)
        );
}
