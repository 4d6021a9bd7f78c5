using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Fairlead.Engine.Aws;
using Fairlead.Engine.Aws.Lambda;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Aws;

public sealed class LambdaTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_function_is_made_with_tags_that_say_whose_it_is() =>
        Assert.Equal(
            """
            POST /2015-03-31/functions
            {"Role":"arn:aws:iam::123456789012:role/api","MemorySize":256,"Timeout":10,"Environment":{"Variables":{"COLOUR":"blue","N":"2","FAIRLEAD_APP":"shop","FAIRLEAD_ENVIRONMENT":"production","FAIRLEAD_SERVICE":"api","FAIRLEAD_RELEASE":"42"}},"Runtime":"nodejs22.x","Handler":"index.handler","FunctionName":"shop-production-api","PackageType":"Zip","Architectures":["x86_64"],"Code":{"ZipFile":"AQI="},"Tags":{"fairlead:app":"shop","fairlead:environment":"production","fairlead:service":"api","fairlead:owner":"me"}}
            """,
            Ordered.Text(
                LambdaCalls.Create(Ordered.Order(Ordered.Function), Ordered.Function.Function!, new([1, 2], null), "me")
            )
        );

    [Fact]
    public void A_change_says_which_revision_it_was_made_of_so_that_two_servers_do_not_mix_theirs()
    {
        var (order, function) = (Ordered.Order(Ordered.Function), Ordered.Function.Function!);
        Assert.Equal(
            """
            POST /2015-03-31/functions/shop-production-api/versions
            {"Description":"fairlead shop/production api@42","CodeSha256":"abc=","RevisionId":"r1"}
            """,
            Ordered.Text(LambdaCalls.Publish(order, function, "abc=", "r1"))
        );
        Assert.Equal(
            """
            PUT /2015-03-31/functions/shop-production-api/code
            {"Architectures":["x86_64"],"ImageUri":"123456789012.dkr.ecr.eu-central-1.amazonaws.com/api:1","RevisionId":"r2"}
            """,
            Ordered.Text(
                LambdaCalls.Code(function, new(null, "123456789012.dkr.ecr.eu-central-1.amazonaws.com/api:1"), "r2")
            )
        );
    }

    [Fact]
    public void Shares_are_weights_of_the_alias_and_what_most_get_is_its_own_version() =>
        Assert.Equal(
            """
            PUT /2015-03-31/functions/shop-production-api/aliases/live
            {"FunctionVersion":"7","Description":"fairlead fence=3 since=1795867200","RoutingConfig":{"AdditionalVersionWeights":{"8":0.05}},"RevisionId":"r1"}
            """,
            Ordered.Text(
                LambdaCalls.UpdateAlias(
                    Ordered.Function.Function!,
                    [("8", new(5)), ("7", new(95))],
                    AwsMarks.ChangeOf(new(3), Now),
                    "r1"
                )
            )
        );

    [Fact]
    public void Environments_are_kept_started_for_the_very_version() =>
        Assert.Equal(
            """
            PUT /2019-09-30/functions/shop-production-api/provisioned-concurrency?Qualifier=8
            {"ProvisionedConcurrentExecutions":5}
            """,
            Ordered.Text(LambdaCalls.Warm(Ordered.Function.Function!, "8", 5))
        );

    [Fact]
    public void What_is_seen_are_versions_with_a_part_and_the_aliases_shares()
    {
        var versions = LambdaReading.Versions(
            Json(
                """
                {"Versions":[
                  {"Version":"$LATEST","Description":"fairlead shop/production api@42"},
                  {"Version":"1","Description":"by hand"},
                  {"Version":"2","Description":"fairlead shop/staging api@9"},
                  {"Version":"7","Description":"fairlead shop/production api@41","State":"Active"},
                  {"Version":"8","Description":"fairlead shop/production api@42","State":"Pending"},
                  {"Version":"9","Description":"fairlead shop/production api@43","State":"Failed","StateReason":"no memory"},
                  7
                ]}
                """
            ),
            Ordered.Spot(Ordered.Function)
        );
        var alias = LambdaReading.Alias(
            Json(
                """{"FunctionVersion":"7","Description":"fairlead fence=3 since=1795867200","RevisionId":"r","RoutingConfig":{"AdditionalVersionWeights":{"8":0.05}}}"""
            )
        );
        var sight = LambdaReading.Sight(
            Ordered.Spot(Ordered.Function),
            versions,
            alias,
            (version => new($"http://aws/{version}"), new Dictionary<string, string> { ["7"] = "IN_PROGRESS" })
        );

        Assert.Equal(
            [
                "api@41 Starting http://aws/7 ",
                "api@42 Starting http://aws/8 ",
                "api@43 Failed http://aws/9 Lambda says of version 9: no memory",
            ],
            sight.Parts.Select(one => $"{one.Key.Part} {one.State} {one.Endpoint} {one.Problem?.Why}")
        );
        Assert.Equal(["api@41 95%", "api@42 5%"], sight.Shares.Select(one => $"{one.Part} {one.Share}"));
        Assert.Equal((new Fence(3), Now), (alias.Fence, sight.Since));
        Assert.True(sight.IsMoving);
    }

    [Fact]
    public void The_same_files_are_the_same_zip_with_the_rights_of_programs()
    {
        (ArtifactFile, byte[])[] files =
        [
            (new("bootstrap", IsProgram: true, "x"), [1]),
            (new("lib/a.js", IsProgram: false, "y"), [2, 3]),
        ];
        var zip = LambdaZip.Of(files);
        Assert.Equal(zip, LambdaZip.Of(files));
        using var archive = new ZipArchive(new MemoryStream(zip));
        Assert.Equal(
            ["bootstrap 1 755", "lib/a.js 2 644"],
            archive.Entries.Select(one =>
                $"{one.FullName} {one.Length} {Convert.ToString((one.ExternalAttributes >> 16) & 0x1FF, 8)}"
            )
        );
    }

    [Fact]
    public void Counts_of_minutes_are_added_and_nonsense_counts_nothing() =>
        Assert.Equal(
            12,
            AwsMetrics.Sum(
                XElement.Parse(
                    "<r><member><Sum>5.0</Sum></member><member><Sum>7</Sum></member><member><Sum>NaN</Sum></member></r>"
                )
            )
        );

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
