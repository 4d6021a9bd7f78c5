using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Ecs;

/// <summary>What Elastic Load Balancing is asked (its query API of 2015-12-01). Pure.</summary>
internal static class BalancerCalls
{
    /// <summary>How many values the conditions of one rule have at most.</summary>
    public const int ValuesMax = 5;

    /// <summary>How long a load balancer waits at most for requests under way.</summary>
    public static readonly TimeSpan DrainMax = TimeSpan.FromHours(1);

    private const string Service = "elasticloadbalancing";
    private const int IntervalMin = 5;
    private const int IntervalMax = 300;
    private const int TimeoutMin = 2;
    private const int TimeoutMax = 120;
    private const string TimesToBelieve = "2";

    /// <param name="wanted">An ARN, or a name.</param>
    public static AwsCall Balancer(string wanted) =>
        Ask(
            "DescribeLoadBalancers",
            (
                wanted.StartsWith("arn:", StringComparison.Ordinal) ? "LoadBalancerArns.member.1" : "Names.member.1",
                wanted
            )
        );

    public static AwsCall Listener(string listener) => Ask("DescribeListeners", ("ListenerArns.member.1", listener));

    public static AwsCall Listeners(string balancer) => Ask("DescribeListeners", ("LoadBalancerArn", balancer));

    public static AwsCall Rules(string listener, string? marker) =>
        Ask("DescribeRules", [("ListenerArn", listener), .. Marker(marker)]);

    public static AwsCall Groups(string? marker) =>
        Ask("DescribeTargetGroups", [("PageSize", "400"), .. Marker(marker)]);

    public static AwsCall Tags(IEnumerable<string> arns) =>
        Ask("DescribeTags", arns.Select(static (arn, index) => ($"ResourceArns.member.{Number(index)}", arn)));

    public static AwsCall Tag(string arn, IReadOnlyDictionary<string, string> tags) =>
        Ask("AddTags", [("ResourceArns.member.1", arn), .. Fields(tags)]);

    public static AwsCall Health(string group) => Ask("DescribeTargetHealth", ("TargetGroupArn", group));

    /// <param name="network">The load balancer's.</param>
    public static AwsCall CreateGroup(InstanceOrder order, AwsTasks tasks, string network, AwsCharge charge)
    {
        var health = order.Service.Health;
        var timeout = Math.Clamp((int)health.Timeout.TotalSeconds, TimeoutMin, TimeoutMax);
        var interval = Math.Clamp(Math.Max((int)health.Every.TotalSeconds, timeout + 1), IntervalMin, IntervalMax);
        return Ask(
            "CreateTargetGroup",
            [
                ("Name", EcsMarks.GroupNameOf(tasks, order.Key.Part)),
                ("TargetType", "ip"),
                ("Protocol", "HTTP"),
                ("Port", AwsRest.Text(EcsContainers.PortOf(order))),
                ("VpcId", network),
                ("HealthCheckPath", health.Http ?? "/"),
                // It only asks by HTTP. Where nobody said a path, whatever is no failure of the program says that it is there.
                ("Matcher.HttpCode", health.Http is null ? "200-499" : "200-399"),
                ("HealthCheckIntervalSeconds", AwsRest.Text(interval)),
                ("HealthCheckTimeoutSeconds", AwsRest.Text(timeout)),
                ("HealthyThresholdCount", TimesToBelieve),
                ("UnhealthyThresholdCount", TimesToBelieve),
                .. Fields(EcsMarks.OfPart(order, charge)),
            ]
        );
    }

    /// <summary>How long requests under way may go on.</summary>
    public static AwsCall Drain(string group, TimeSpan drain) =>
        Ask(
            "ModifyTargetGroupAttributes",
            ("TargetGroupArn", group),
            ("Attributes.member.1.Key", "deregistration_delay.timeout_seconds"),
            ("Attributes.member.1.Value", AwsRest.Text((long)Math.Clamp(drain.TotalSeconds, 0, DrainMax.TotalSeconds)))
        );

    public static AwsCall RemoveGroup(string group) => Ask("DeleteTargetGroup", ("TargetGroupArn", group));

    /// <summary>A rule by which one part is reached, whatever the shares are. ECS takes no target group that no load balancer knows.</summary>
    public static AwsCall CreateDoor(
        string listener,
        (int Priority, string Word, string Group) of,
        IReadOnlyDictionary<string, string> tags
    ) =>
        Ask(
            "CreateRule",
            [
                ("ListenerArn", listener),
                ("Priority", AwsRest.Text(of.Priority)),
                ("Conditions.member.1.Field", "query-string"),
                ("Conditions.member.1.QueryStringConfig.Values.member.1.Key", EcsMarks.Key),
                ("Conditions.member.1.QueryStringConfig.Values.member.1.Value", of.Word),
                .. Forward([(of.Group, Share.All)]),
                .. Fields(tags),
            ]
        );

    /// <summary>The rule whose weights are the shares.</summary>
    public static AwsCall CreateRule(
        string listener,
        AwsTasks tasks,
        (int Priority, IReadOnlyList<(string Group, Share Share)> Shares) of,
        IReadOnlyDictionary<string, string> tags
    ) =>
        Ask(
            "CreateRule",
            [
                ("ListenerArn", listener),
                ("Priority", AwsRest.Text(of.Priority)),
                .. Conditions(tasks),
                .. Forward(of.Shares),
                .. Fields(tags),
            ]
        );

    /// <summary>In one step.</summary>
    public static AwsCall ChangeRule(string rule, AwsTasks tasks, IReadOnlyList<(string Group, Share Share)> shares) =>
        Ask("ModifyRule", [("RuleArn", rule), .. Conditions(tasks), .. Forward(shares)]);

    public static AwsCall RemoveRule(string rule) => Ask("DeleteRule", ("RuleArn", rule));

    /// <summary>What a part was asked, or did wrong, since a time.</summary>
    /// <param name="metric">Such as <c>RequestCount</c>.</param>
    // arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188
    public static AwsCall Count(
        (string Balancer, string Group) of,
        string metric,
        DateTimeOffset since,
        DateTimeOffset now
    ) =>
        AwsMetrics.Count(
            ("AWS/ApplicationELB", metric),
            [
                ("LoadBalancer", of.Balancer[(of.Balancer.IndexOf('/', StringComparison.Ordinal) + 1)..]),
                ("TargetGroup", of.Group.Split(':')[^1]),
            ],
            since,
            now
        );

    /// <summary>Which values the conditions of a rule have: hosts, then paths.</summary>
    public static (IReadOnlyList<string> Hosts, IReadOnlyList<string> Paths) ValuesOf(AwsTasks tasks)
    {
        string[] paths = tasks.Routes.Contains("/")
            ? []
            : [.. tasks.Routes.SelectMany(static one => new[] { one, $"{one}/*" })];
        // A rule has at least one condition.
        return (tasks.Hosts, paths.Length == 0 && tasks.Hosts.Count == 0 ? ["/*"] : paths);
    }

    private static IEnumerable<(string, string)> Conditions(AwsTasks tasks)
    {
        var (hosts, paths) = ValuesOf(tasks);
        var number = 0;
        foreach (
            var (field, words, values) in new[]
            {
                ("host-header", "HostHeaderConfig", hosts),
                ("path-pattern", "PathPatternConfig", paths),
            }
        )
        {
            if (values.Count == 0)
            {
                continue;
            }
            var before = $"Conditions.member.{Number(number++)}";
            yield return ($"{before}.Field", field);
            foreach (var (value, index) in values.Select(static (one, index) => (one, index)))
            {
                yield return ($"{before}.{words}.Values.member.{Number(index)}", value);
            }
        }
    }

    private static IEnumerable<(string, string)> Forward(IReadOnlyList<(string Group, Share Share)> shares)
    {
        yield return ("Actions.member.1.Type", "forward");
        foreach (var ((group, share), index) in shares.Select(static (one, index) => (one, index)))
        {
            var before = $"Actions.member.1.ForwardConfig.TargetGroups.member.{Number(index)}";
            yield return ($"{before}.TargetGroupArn", group);
            yield return ($"{before}.Weight", AwsRest.Text(share.Percent));
        }
    }

    private static IEnumerable<(string, string)> Fields(IReadOnlyDictionary<string, string> tags) =>
        tags.SelectMany(
            static (one, index) =>
                new[]
                {
                    ($"Tags.member.{Number(index)}.Key", one.Key),
                    ($"Tags.member.{Number(index)}.Value", one.Value),
                }
        );

    private static IEnumerable<(string, string)> Marker(string? marker) =>
        string.IsNullOrEmpty(marker) ? [] : [("Marker", marker)];

    private static string Number(int index) => AwsRest.Text(index + 1);

    private static AwsCall Ask(string action, params IEnumerable<(string, string)> fields) =>
        AwsRest.Query(Service, "2015-12-01", action, fields);
}
