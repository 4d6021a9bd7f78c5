using System.Xml.Linq;
using Fairlead.Engine.Aws.Sites;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Aws;

public sealed class SiteTests
{
    private const string Config = """
        <DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Origins><Quantity>2</Quantity><Items><Origin><Id>api</Id><DomainName>api.example.com</DomainName><OriginPath></OriginPath></Origin><Origin><Id>files</Id><DomainName>shop-web.s3.eu-central-1.amazonaws.com</DomainName><OriginPath>/shop/production/web/releases/41</OriginPath></Origin></Items></Origins><Comment>ours</Comment></DistributionConfig>
        """;

    [Fact]
    public void One_path_of_one_origin_is_all_that_a_switch_changes()
    {
        var spot = Ordered.Spot(Ordered.Files, "web");
        var config = XElement.Parse(Config);
        Assert.Equal("web@41", $"{SiteReading.Shown(config, spot)}");
        var changed = SiteReading.Showing(config, spot.Place.Bucket!, "shop/production/web/releases/42");
        Assert.Equal(Config.Replace("releases/41", "releases/42", StringComparison.Ordinal), Plain(changed));
        Assert.Equal(Config, Plain(config));
    }

    [Fact]
    public void A_distribution_that_does_not_come_from_the_bucket_is_refused() =>
        Assert.Equal(
            "aws.not-there",
            Assert
                .Throws<ProblemException>(() =>
                    SiteReading.Showing(XElement.Parse(Config), Ordered.Files.Bucket! with { Name = "other" }, "x")
                )
                .Problem.Code
        );

    [Fact]
    public void Only_pages_are_taken_out_of_the_caches_at_each_of_their_addresses()
    {
        Assert.Equal(
            [
                "/",
                "/about",
                "/about.html",
                "/docs/",
                "/docs/a%20b",
                "/docs/a%20b.html",
                "/docs/index.html",
                "/index.html",
            ],
            SiteReading.Stale(["index.html", "app.js", "about.html", "docs/index.html", "docs/a b.html"])
        );
        Assert.Equal(["/*"], SiteReading.Stale(Enumerable.Range(0, 40).Select(number => $"{number}.html")));
    }

    [Fact]
    public void A_part_is_there_when_the_list_of_its_files_is() =>
        Assert.Equal(
            ["web@2", "web@10"],
            SiteReading
                .Parts(
                    [
                        "shop/production/web/releases/10.json",
                        "shop/production/web/releases/2.json",
                        "shop/production/web/releases/x.json",
                        "shop/production/web/releases/3/index.html",
                        "elsewhere/4.json",
                    ],
                    Ordered.Spot(Ordered.Files, "web")
                )
                .Select(one => one.ToString())
        );

    [Fact]
    public void What_is_there_already_is_copied_inside_the_bucket() =>
        Assert.Equal(
            """
            PUT /shop/production/web/releases/42/a%20b.js
            x-amz-copy-source: /shop-web/shop/production/web/releases/41/a%20b.js
            x-amz-metadata-directive: COPY

            """,
            Ordered.Text(
                SiteCalls.Copy(
                    Ordered.Files.Bucket!,
                    "shop/production/web/releases/41/a b.js",
                    "shop/production/web/releases/42/a b.js"
                )
            )
        );

    [Fact]
    public void A_distribution_is_found_by_a_host_of_the_environment() =>
        Assert.Equal(
            "E2",
            SiteReading.WithHost(
                XElement.Parse(
                    "<L><Items><DistributionSummary><Id>E1</Id><Aliases><Items><CNAME>a.example.com</CNAME></Items></Aliases></DistributionSummary><DistributionSummary><Id>E2</Id><Aliases><Items><CNAME>SHOP.example.com</CNAME></Items></Aliases></DistributionSummary></Items></L>"
                ),
                ["shop.example.com"]
            )
        );

    private static string Plain(XElement xml) => xml.ToString(SaveOptions.DisableFormatting);
}
