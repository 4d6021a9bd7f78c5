using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml;
using Fairlead.Drivers.Aws;
using Fairlead.Engine.Aws;
using Fairlead.Engine.Aws.Ecs;
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
        foreach (var reader in Ecs())
        {
            yield return reader;
        }
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

    private static IEnumerable<OutsideReader> Ecs()
    {
        var spot = Ordered.Spot(Ordered.Tasks);
        var group = EcsMarks.GroupNameOf(spot.Place.Tasks!, new("api", 42));
        yield return OutsideReader
            .OfText(
                "services of ECS",
                text =>
                    _ = EcsReading
                        .Parts(Said(text).Json(), spot, "me")
                        .Select(one => EcsReading.InstanceOf(spot, one, (null, TargetHealth.Unknown, one.Why)))
                        .ToList(),
                """{"services":[{"serviceName":"shop-production-api-42","serviceArn":"a","status":"ACTIVE","desiredCount":2,"runningCount":1,"pendingCount":1,"deployments":[{"status":"PRIMARY","rolloutState":"FAILED","rolloutStateReason":"x","failedTasks":3}],"events":[{"message":"m"}],"loadBalancers":[{"targetGroupArn":"t"}],"tags":[{"key":"fairlead:app","value":"shop"},{"key":"fairlead:environment","value":"production"},{"key":"fairlead:service","value":"api"},{"key":"fairlead:owner","value":"me"},{"key":"fairlead:since","value":"42"},{"key":"fairlead:fence","value":"3"}]}]}"""
            )
            .Refuses<JsonException>();
        yield return OutsideReader
            .OfText(
                "names and ended tasks of ECS",
                text =>
                    _ = EcsReading
                        .Reasons(Said(text).Json())
                        .Concat(EcsReading.Names(Said(text).Json(), spot))
                        .ToList(),
                """{"serviceArns":["arn:aws:ecs:eu-central-1:1:service/shop/shop-production-api-42"],"tasks":[{"stoppedReason":"s","containers":[{"exitCode":1,"reason":"r"}]}]}"""
            )
            .Refuses<JsonException>();
        yield return OutsideReader
            .OfText(
                "rules, groups, tags and health of a load balancer",
                text =>
                {
                    var xml = Said(text).Xml();
                    var rules = BalancerReading.Rules(xml).ToList();
                    _ = rules.Select(one => BalancerReading.Shares(one, spot)).ToList();
                    BalancerReading.FreeRule(rules, spot.Place.Tasks!);
                    _ = BalancerReading.Groups(xml, spot).ToList();
                    BalancerReading.ChangedIn(BalancerReading.Tags(xml, "r"));
                    BalancerReading.Health(xml);
                    _ = BalancerReading.Listener(xml) is { } one ? BalancerReading.Front(one, one, host: null) : null;
                },
                $"""<R><Rules><member><RuleArn>r</RuleArn><Priority>1</Priority><Actions><member><ForwardConfig><TargetGroups><member><TargetGroupArn>a:targetgroup/{group}/x</TargetGroupArn><Weight>5</Weight></member></TargetGroups></ForwardConfig></member></Actions></member></Rules></R>""",
                $"""<R><TargetGroups><member><TargetGroupArn>a:targetgroup/{group}/x</TargetGroupArn></member></TargetGroups><TagDescriptions><member><ResourceArn>r</ResourceArn><Tags><member><Key>fairlead:changed</Key><Value>1795867200</Value></member></Tags></member></TagDescriptions></R>""",
                """<R><Listeners><member><ListenerArn>l</ListenerArn><LoadBalancerArn>b</LoadBalancerArn><Type>application</Type><VpcId>v</VpcId><DNSName>h</DNSName><Protocol>HTTP</Protocol><Port>80</Port></member></Listeners><TargetHealthDescriptions><member><TargetHealth><State>initial</State><Reason>x</Reason></TargetHealth></member></TargetHealthDescriptions></R>"""
            )
            .Refuses<XmlException>();
    }

    private static AwsAnswer Said(string text) => new(200, Encoding.UTF8.GetBytes(text));
}
