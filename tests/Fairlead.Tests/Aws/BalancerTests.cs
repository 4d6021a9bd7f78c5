using System.Xml.Linq;
using Fairlead.Engine.Aws;
using Fairlead.Engine.Aws.Ecs;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Aws;

public sealed class BalancerTests
{
    private static readonly AwsTasks Tasks = Ordered.Tasks.Tasks!;
    private static readonly AwsSpot Spot = Ordered.Spot(Ordered.Tasks);
    private static readonly AwsCharge Me = new("me", new(3));

    // What comes before a part's number.
    private static readonly string Group =
        $"arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/{EcsMarks.GroupNameOf(Tasks, new("api", 1))[..^2]}";

    private static readonly string Rules = $"""
        <DescribeRulesResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeRulesResult><Rules>
          <member><RuleArn>r1</RuleArn><Priority>1000</Priority>
            <Conditions><member><Field>query-string</Field><QueryStringConfig><Values><member><Key>fairlead-part</Key><Value>w41</Value></member></Values></QueryStringConfig></member></Conditions>
            <Actions><member><Type>forward</Type><TargetGroupArn>{Group}-41/a</TargetGroupArn></member></Actions></member>
          <member><RuleArn>r2</RuleArn><Priority>19600</Priority>
            <Conditions><member><Field>host-header</Field></member></Conditions>
            <Actions><member><Type>forward</Type><ForwardConfig><TargetGroups>
              <member><TargetGroupArn>{Group}-41/a</TargetGroupArn><Weight>95</Weight></member>
              <member><TargetGroupArn>{Group}-42/b</TargetGroupArn><Weight>5</Weight></member>
              <member><TargetGroupArn>{Group}-43/c</TargetGroupArn><Weight>0</Weight></member>
            </TargetGroups></ForwardConfig></member></Actions></member>
          <member><RuleArn>r3</RuleArn><Priority>19601</Priority><Actions><member><Type>forward</Type><TargetGroupArn>arn:aws:x:targetgroup/other/d</TargetGroupArn></member></Actions></member>
          <member><RuleArn>r4</RuleArn><Priority>default</Priority><Actions><member><Type>fixed-response</Type></member></Actions></member>
        </Rules></DescribeRulesResult></DescribeRulesResponse>
        """;

    [Fact]
    public void A_target_group_asks_the_health_path_as_often_as_a_load_balancer_can() =>
        Assert.Equal(
            """
            Action CreateTargetGroup
            Version 2015-12-01
            Name GROUP
            TargetType ip
            Protocol HTTP
            Port 8080
            VpcId vpc-1
            HealthCheckPath /healthz
            Matcher.HttpCode 200-399
            HealthCheckIntervalSeconds 6
            HealthCheckTimeoutSeconds 5
            HealthyThresholdCount 2
            UnhealthyThresholdCount 2
            Tags.member.1.Key fairlead:app
            Tags.member.1.Value shop
            """,
            string.Join('\n', Form(BalancerCalls.CreateGroup(OrderOf("/healthz"), Tasks, "vpc-1", Me)).Take(15))
                .Replace(Group.Split('/')[1] + "-42", "GROUP", StringComparison.Ordinal)
        );

    [Fact]
    public void Where_nobody_said_a_path_whatever_is_no_failure_is_well() =>
        Assert.Equal(
            ["HealthCheckPath /", "Matcher.HttpCode 200-499"],
            Form(BalancerCalls.CreateGroup(OrderOf(path: null), Tasks, "vpc-1", Me)).Skip(7).Take(2)
        );

    [Fact]
    public void Requests_under_way_may_go_on_for_as_long_as_the_manifest_says() =>
        Assert.Equal(
            [
                "TargetGroupArn tg",
                "Attributes.member.1.Key deregistration_delay.timeout_seconds",
                "Attributes.member.1.Value 45",
            ],
            Form(BalancerCalls.Drain("tg", TimeSpan.FromSeconds(45))).Skip(2)
        );

    [Fact]
    public void Shares_are_weights_of_one_rule_for_the_services_hosts_and_paths_changed_in_one_call() =>
        Assert.Equal(
            """
            Action ModifyRule
            Version 2015-12-01
            RuleArn r2
            Conditions.member.1.Field host-header
            Conditions.member.1.HostHeaderConfig.Values.member.1 shop.example.com
            Conditions.member.2.Field path-pattern
            Conditions.member.2.PathPatternConfig.Values.member.1 /api
            Conditions.member.2.PathPatternConfig.Values.member.2 /api/*
            Actions.member.1.Type forward
            Actions.member.1.ForwardConfig.TargetGroups.member.1.TargetGroupArn tg:41
            Actions.member.1.ForwardConfig.TargetGroups.member.1.Weight 95
            Actions.member.1.ForwardConfig.TargetGroups.member.2.TargetGroupArn tg:42
            Actions.member.1.ForwardConfig.TargetGroups.member.2.Weight 5
            """,
            string.Join('\n', Form(BalancerCalls.ChangeRule("r2", Tasks, [("tg:41", new(95)), ("tg:42", new(5))])))
        );

    [Theory]
    [InlineData("", "/", "/*")]
    [InlineData("a.example.com,*.example.com", "/", "a.example.com *.example.com")]
    [InlineData("", "/api,/v2", "/api /api/* /v2 /v2/*")]
    public void A_rule_has_a_condition_whatever_is_said(string hosts, string routes, string values)
    {
        var found = BalancerCalls.ValuesOf(
            Tasks with
            {
                Hosts = hosts.Split(',', StringSplitOptions.RemoveEmptyEntries),
                Routes = routes.Split(','),
            }
        );
        Assert.Equal(values, string.Join(' ', found.Hosts.Concat(found.Paths)));
    }

    [Fact]
    public void A_part_alone_is_reached_by_a_word_in_the_query() =>
        Assert.Equal(
            """
            Action CreateRule
            Version 2015-12-01
            ListenerArn l
            Priority 1001
            Conditions.member.1.Field query-string
            Conditions.member.1.QueryStringConfig.Values.member.1.Key fairlead-part
            Conditions.member.1.QueryStringConfig.Values.member.1.Value w42
            Actions.member.1.Type forward
            Actions.member.1.ForwardConfig.TargetGroups.member.1.TargetGroupArn tg
            Actions.member.1.ForwardConfig.TargetGroups.member.1.Weight 100
            """,
            string.Join(
                '\n',
                Form(BalancerCalls.CreateDoor("l", (1001, "w42", "tg"), new Dictionary<string, string>()))
            )
        );

    [Fact]
    public void Rules_of_this_service_are_found_by_where_they_lead()
    {
        var rules = Read();
        var rule = Assert.Single(BalancerReading.RulesOf(rules, Spot));
        Assert.Equal("r2", rule.Arn);
        Assert.Equal(
            ["api@41 95%", "api@42 5%"],
            BalancerReading.Shares(rule, Spot).Select(static one => $"{one.Part} {one.Share}")
        );
        Assert.Equal(["r1"], BalancerReading.DoorsOf(rules, new("api", 41), Spot).Select(static one => one.Arn));
        Assert.Empty(BalancerReading.DoorsOf(rules, new("api", 42), Spot));
    }

    [Fact]
    public void A_longer_path_comes_first_and_a_place_that_is_taken_is_nobodys()
    {
        var rules = Read();
        Assert.Equal(
            (1001, 19602, 19900),
            (
                BalancerReading.FreeDoor(rules),
                BalancerReading.FreeRule(rules, Tasks),
                BalancerReading.FreeRule(rules, Tasks with { Routes = ["/"] })
            )
        );
        var full = Enumerable.Range(19600, 100).Select(static one => new BalancerRule("r", one, [], null));
        Assert.Null(BalancerReading.FreeRule(full, Tasks));
    }

    [Fact]
    public void The_listener_is_the_one_with_certificates_else_the_plain_one_else_the_only_one()
    {
        static string? Port(string ports) =>
            BalancerReading
                .Listener(
                    XElement.Parse(
                        $"<R><Listeners>{string.Concat(ports.Split(' ').Select(static one => $"<member><Port>{one}</Port></member>"))}</Listeners></R>"
                    )
                )
                ?.Value;
        Assert.Equal(("443", "80", "8080", null), (Port("80 443"), Port("81 80"), Port("8080"), Port("8080 8081")));
    }

    [Theory]
    [InlineData("application", "HTTPS", "443", "https://shop.example.com/")]
    [InlineData("application", "HTTP", "8080", "http://shop-1.elb.amazonaws.com:8080/")]
    [InlineData("network", "TCP", "443", null)]
    public void Only_a_load_balancer_for_HTTP_will_do(string type, string protocol, string port, string? address) =>
        Assert.Equal(
            address,
            BalancerReading
                .Front(
                    XElement.Parse(
                        $"<m><LoadBalancerArn>b</LoadBalancerArn><Type>{type}</Type><VpcId>v</VpcId><DNSName>shop-1.elb.amazonaws.com</DNSName></m>"
                    ),
                    XElement.Parse(
                        $"<m><ListenerArn>l</ListenerArn><Protocol>{protocol}</Protocol><Port>{port}</Port></m>"
                    ),
                    "shop.example.com"
                )
                ?.Address.AbsoluteUri
        );

    [Fact]
    public void Those_that_leave_say_nothing_of_the_health_of_those_that_stay() =>
        Assert.Equal(
            new TargetHealth(
                2,
                1,
                "The load balancer finds a task unhealthy: Health checks failed with these codes: [500]"
            ),
            BalancerReading.Health(
                XElement.Parse(
                    """
                    <R><TargetHealthDescriptions>
                      <member><TargetHealth><State>draining</State></TargetHealth></member>
                      <member><TargetHealth><State>healthy</State></TargetHealth></member>
                      <member><TargetHealth><State>unhealthy</State><Description>Health checks failed with these codes: [500]</Description></TargetHealth></member>
                    </TargetHealthDescriptions></R>
                    """
                )
            )
        );

    [Fact]
    public void Tags_tell_when_shares_changed()
    {
        var tags = BalancerReading.Tags(
            XElement.Parse(
                "<R><TagDescriptions><member><ResourceArn>x</ResourceArn></member><member><ResourceArn>r2</ResourceArn><Tags><member><Key>fairlead:changed</Key><Value>1795867200</Value></member></Tags></member></TagDescriptions></R>"
            ),
            "r2"
        );
        Assert.Equal(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero), BalancerReading.ChangedIn(tags));
    }

    [Fact]
    public void Requests_are_counted_by_target_group() =>
        Assert.Equal(
            [
                "Namespace AWS/ApplicationELB",
                "MetricName RequestCount",
                "Dimensions.member.1.Name LoadBalancer",
                "Dimensions.member.1.Value app/shop/50dc",
                "Dimensions.member.2.Name TargetGroup",
                $"Dimensions.member.2.Value {Group.Split(':')[^1]}-42/b",
            ],
            Form(
                    BalancerCalls.Count(
                        (
                            "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/50dc",
                            $"{Group}-42/b"
                        ),
                        "RequestCount",
                        DateTimeOffset.UnixEpoch,
                        DateTimeOffset.UnixEpoch
                    )
                )
                .Skip(2)
                .Take(6)
        );

    private static IReadOnlyList<BalancerRule> Read() => [.. BalancerReading.Rules(XElement.Parse(Rules))];

    private static InstanceOrder OrderOf(string? path)
    {
        var order = Ordered.Order(Ordered.Tasks);
        return order with
        {
            Service = order.Service with
            {
                Health = new() { Http = path, Tcp = path is null },
            },
        };
    }

    /// <summary>The fields of a form as a person reads them.</summary>
    private static IEnumerable<string> Form(AwsCall call) =>
        Ordered
            .Text(call)
            .Split('\n')[^1]
            .Split('&')
            .Select(static one => Uri.UnescapeDataString(one.Replace('=', ' ')));
}
