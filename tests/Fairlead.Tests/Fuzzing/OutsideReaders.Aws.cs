using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml;
using Fairlead.Drivers.Aws;
using Fairlead.Engine.Aws;
using Fairlead.Engine.Aws.Lambda;
using Fairlead.Engine.Aws.Sites;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Tests.Aws;

namespace Fairlead.Tests.Fuzzing;

/// <summary>Readers of what AWS says.</summary>
internal static partial class OutsideReaders
{
    private static IEnumerable<OutsideReader> Aws()
    {
        yield return OutsideReader
            .OfText(
                "versions of a function",
                text => LambdaReading.Versions(Said(text).Json(), Ordered.Spot(Ordered.Function)),
                """{"Versions":[{"Version":"7","Description":"fairlead shop/production api@41","State":"Failed","StateReason":"x"}],"NextMarker":"m"}"""
            )
            .Refuses<JsonException>();
        yield return OutsideReader
            .OfText(
                "an alias of a function",
                text => LambdaReading.Alias(Said(text).Json()),
                """{"FunctionVersion":"7","Description":"fairlead fence=3 since=1795867200","RevisionId":"r","RoutingConfig":{"AdditionalVersionWeights":{"8":0.05}}}"""
            )
            .Refuses<JsonException>();
        yield return OutsideReader
            .OfText(
                "a distribution's settings",
                text =>
                    SiteReading.Showing(
                        Said(text).Xml(),
                        Ordered.Files.Bucket!,
                        $"{SiteReading.Shown(Said(text).Xml(), Ordered.Spot(Ordered.Files, "web"))}"
                    ),
                """<DistributionConfig><Origins><Items><Origin><DomainName>shop-web.s3.amazonaws.com</DomainName><OriginPath>/shop/production/web/releases/41</OriginPath></Origin></Items></Origins></DistributionConfig>"""
            )
            .Refuses<XmlException>()
            .Refuses<ProblemException>();
        yield return OutsideReader
            .OfText(
                "counts of CloudWatch",
                text => AwsMetrics.Sum(Said(text).Xml()),
                "<r><member><Sum>5.0</Sum></member></r>"
            )
            .Refuses<XmlException>();
        yield return OutsideReader.OfText(
            "refusals of AWS",
            text =>
            {
                using var response = new HttpResponseMessage(HttpStatusCode.BadRequest);
                AwsRefusals.Read(response, Encoding.UTF8.GetBytes(text));
            },
            """{"__type":"com.amazonaws.ecs#ClientException","message":"no"}""",
            "<ErrorResponse><Error><Code>Throttling</Code><Message>m</Message></Error></ErrorResponse>"
        );
    }

    private static AwsAnswer Said(string text) => new(200, Encoding.UTF8.GetBytes(text));
}
