using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Manifests;

public sealed class AwsTests
{
    [Fact]
    public void A_function_has_a_name_of_its_own_and_no_process()
    {
        var service = Load(
            "lambda: { runtime: nodejs22.x, handler: index.handler, role: \"arn:{app}:{environment}\", memory: 256MiB }"
        );
        Assert.Equal(
            new AwsFunction
            {
                Name = "shop-production-notes",
                Role = "arn:shop:production",
                Runtime = "nodejs22.x",
                Handler = "index.handler",
                Memory = 256,
            },
            service.Aws!.Function
        );
        Assert.Equal((false, 1, 0), (service.IsStatic, service.Replicas, service.Recipe.Run.Count));
    }

    [Fact]
    public void Elsewhere_the_same_word_changes_nothing_and_a_process_needs_its_command() =>
        Assert.Equal(
            "manifest.no-run",
            Assert
                .Throws<ProblemException>(() =>
                    Shop.Load(
                        Manifest("lambda: { runtime: nodejs22.x, handler: index.handler, role: r }")
                            .Replace("target: aws", "target: local", StringComparison.Ordinal)
                    )
                )
                .Problem.Code
        );

    [Theory]
    [InlineData("lambda: { role: r }", "", "manifest.aws-lambda")]
    [InlineData("lambda: { role: r, runtime: a, handler: b, memory: 64MiB }", "", "manifest.aws-lambda")]
    [InlineData("lambda: { role: r, runtime: a, handler: b, timeout: 16m }", "", "manifest.aws-lambda")]
    [InlineData("lambda: { role: r, runtime: a, handler: b, name: \"a b\" }", "", "manifest.aws-lambda")]
    [InlineData("region: x", "run: ./start.sh", "manifest.aws-kind")]
    [InlineData("lambda: { role: r, runtime: a, handler: b }, site: b", "", "manifest.aws-kind")]
    [InlineData("lambda: { role: r, runtime: a, handler: b }", "gateway: { maxBody: 1MiB }", "manifest.aws-unused")]
    [InlineData("lambda: { role: r, runtime: a, handler: b }", "secrets: [TOKEN]", "manifest.aws-unused")]
    [InlineData("lambda: { role: r, runtime: a, handler: b }", "routes: []", "manifest.aws-worker")]
    [InlineData("lambda: { role: r, runtime: a, handler: b }", "deploy: recreate", "manifest.aws-strategy")]
    [InlineData(
        "lambda: { role: r, runtime: a, handler: b }",
        "deploy: { strategy: blue-green, preview: 5m }",
        "manifest.aws-strategy"
    )]
    public void What_AWS_cannot_do_is_said_before_anything_is_done(string aws, string more, string code) =>
        Assert.Contains(
            code,
            Assert.Throws<ProblemException>(() => Shop.Load(Manifest(aws, more))).Problems.Select(one => one.Code)
        );

    [Fact]
    public void A_site_has_no_shares() =>
        Assert.Equal(
            ["manifest.aws-strategy"],
            Assert
                .Throws<ProblemException>(() =>
                    Shop.Load(
                        """
                        app: shop
                        services: { web: { aws: { site: shop-web }, deploy: canary } }
                        environments: { production: { target: aws } }
                        """
                    )
                )
                .Problems.Select(one => one.Code)
        );

    [Fact]
    public void A_site_is_below_a_folder_of_its_own()
    {
        var app = Shop.Load(
            """
            app: shop
            services: { web: { aws: { site: shop-web } } }
            environments: { production: { target: aws, hosts: [shop.example.com] } }
            """
        );
        var bucket = Assert.Single(app.Services).Service.Aws!.Bucket!;
        Assert.Equal(("shop-web", "shop/production/web"), (bucket.Name, bucket.Folder));
        Assert.Equal(["shop.example.com"], bucket.Hosts);
    }

    private static Service Load(string aws) => Assert.Single(Shop.Load(Manifest(aws)).Services).Service;

    private static string Manifest(string aws, string more = "") =>
        $$"""
            app: shop
            services:
              notes:
                kind: api
                aws: { {{aws}} }
                {{more}}
            environments: { production: { target: aws } }
            """;
}
