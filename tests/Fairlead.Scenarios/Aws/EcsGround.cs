using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Fairlead.Model.Images;
using Fairlead.Scenarios.Images;

namespace Fairlead.Scenarios.Aws;

/// <summary>
/// ECS and a load balancer, played by moto, and a registry. moto starts no tasks, so this ground plays Fargate: it lets tasks run and answer
/// whose program has no variable FAULT, and only those, and takes them away when nobody wants them any more.
/// </summary>
internal sealed class EcsGround : IAsyncDisposable
{
    public const string Cluster = "shop";
    private const string Balancing = "elasticloadbalancing";
    private const string Version = "2015-12-01";
    private const string Ecs = "AmazonEC2ContainerServiceV20141113";

    private readonly CancellationTokenSource end = new();
    private readonly Task fargate;

    private EcsGround(MotoUnderTest moto, FakeRegistry registry)
    {
        (Moto, Registry) = (moto, registry);
        fargate = Task.Run(PlayAsync);
    }

    public MotoUnderTest Moto { get; }

    public FakeRegistry Registry { get; }

    public string Image => $"{Registry.Host}/orders/api:1";

    public required string Subnet { get; init; }

    public required string SecurityGroup { get; init; }

    public required string Listener { get; init; }

    public static async Task<EcsGround> StartAsync()
    {
        var moto = await MotoUnderTest.StartAsync();
        var registry = await FakeRegistry.StartAsync();
        var manifest = Encoding.UTF8.GetBytes(
            """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","size":2},"layers":[]}"""
        );
        var kept = ("application/vnd.oci.image.manifest.v1+json", manifest);
        registry.Manifests["1"] = registry.Manifests[Digest.Of(manifest).ToString()] = kept;
        await moto.TargetAsync("ecs", Ecs, "CreateCluster", new() { ["clusterName"] = Cluster });
        var subnets = await moto.QueryAsync("ec2", "2016-11-15", "DescribeSubnets");
        var some = subnets.Descendants().Where(one => one.Name.LocalName == "subnetId").Take(2).ToList();
        var groups = await moto.QueryAsync("ec2", "2016-11-15", "DescribeSecurityGroups");
        var balancer = await moto.QueryAsync(
            Balancing,
            Version,
            "CreateLoadBalancer",
            ("Name", "shop"),
            ("Subnets.member.1", some[0].Value),
            ("Subnets.member.2", some[1].Value)
        );
        var listener = await moto.QueryAsync(
            Balancing,
            Version,
            "CreateListener",
            ("LoadBalancerArn", First(balancer, "LoadBalancerArn")),
            ("Protocol", "HTTP"),
            ("Port", "80"),
            ("DefaultActions.member.1.Type", "fixed-response"),
            ("DefaultActions.member.1.FixedResponseConfig.StatusCode", "404"),
            ("DefaultActions.member.1.FixedResponseConfig.ContentType", "text/plain")
        );
        return new(moto, registry)
        {
            Subnet = some[0].Value,
            SecurityGroup = First(groups, "groupId"),
            Listener = First(listener, "ListenerArn"),
        };
    }

    /// <summary>Counts requests of a part, as a load balancer would.</summary>
    public async Task CountAsync(string part, string metric, int sum)
    {
        var group = (await GroupsAsync()).Single(one => PartOf(one) == part);
        var balancer = Listener[(Listener.IndexOf('/', StringComparison.Ordinal) + 1)..Listener.LastIndexOf('/')];
        await Moto.QueryAsync(
            "monitoring",
            "2010-08-01",
            "PutMetricData",
            ("Namespace", "AWS/ApplicationELB"),
            ("MetricData.member.1.MetricName", metric),
            ("MetricData.member.1.Value", sum.ToString(CultureInfo.InvariantCulture)),
            ("MetricData.member.1.Dimensions.member.1.Name", "LoadBalancer"),
            ("MetricData.member.1.Dimensions.member.1.Value", balancer),
            ("MetricData.member.1.Dimensions.member.2.Name", "TargetGroup"),
            ("MetricData.member.1.Dimensions.member.2.Value", group.Split(':')[^1])
        );
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await fargate;
        end.Dispose();
        await Registry.DisposeAsync();
        await Moto.DisposeAsync();
    }

    /// <summary>Who has which weight, such as <c>1=90 2=10</c>; empty where no rule leads anywhere by weights.</summary>
    public async Task<string> SharesAsync() =>
        string.Join(
            ' ',
            (await RulesAsync())
                .Where(static one => !IsDoor(one))
                .SelectMany(static one =>
                    one.Descendants().Where(static word => word.Name.LocalName == "ForwardConfig")
                )
                .SelectMany(static one => one.Descendants().Where(static word => word.Name.LocalName == "member"))
                .Select(static one => $"{PartOf(First(one, "TargetGroupArn"))}={First(one, "Weight")}")
                .Order(StringComparer.Ordinal)
        );

    /// <summary>Which part is reached by which word, such as <c>1:9f86d081884c7d65</c>.</summary>
    public async Task<IReadOnlyList<string>> DoorsAsync() =>
        [
            .. (await RulesAsync())
                .Where(IsDoor)
                .Select(static one =>
                    $"{PartOf(First(one, "TargetGroupArn"))}:{one.Descendants().First(static word => word.Name.LocalName == "QueryStringConfig").Descendants().First(static word => word.Name.LocalName == "Value").Value}"
                )
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>All that is there of parts: services, target groups, rules of their own, task definitions, each by the numbers of its parts.</summary>
    public async Task<string> ThingsAsync()
    {
        var services = (await ServicesAsync()).Select(static one => PartOf(one["serviceName"]!.GetValue<string>()));
        var doors = (await DoorsAsync()).Select(static one => one.Split(':')[0]);
        var definitions = await AskAsync("ListTaskDefinitions", new() { ["status"] = "ACTIVE" });
        return $"services {Sorted(services)}; groups {Sorted((await GroupsAsync()).Select(PartOf))}; doors {Sorted(doors)}; definitions {definitions["taskDefinitionArns"]!.AsArray().Count}";
    }

    /// <summary>ECS services that are not gone.</summary>
    public async Task<IReadOnlyList<JsonObject>> ServicesAsync()
    {
        var list = await AskAsync("ListServices", new() { ["cluster"] = Cluster });
        var names = list["serviceArns"]!.AsArray();
        if (names.Count == 0)
        {
            return [];
        }
        var all = await AskAsync(
            "DescribeServices",
            new()
            {
                ["cluster"] = Cluster,
                ["services"] = names.DeepClone(),
                ["include"] = new JsonArray("TAGS"),
            }
        );
        return
        [
            .. all["services"]!
                .AsArray()
                .OfType<JsonObject>()
                .Where(static one => one["status"]!.GetValue<string>() == "ACTIVE"),
        ];
    }

    public Task<JsonObject> AskAsync(string action, JsonObject body) => Moto.TargetAsync("ecs", Ecs, action, body);

    // Part of a name, or of an ARN that ends with a name and an id.
    private static string PartOf(string text) =>
        (text.StartsWith("arn:", StringComparison.Ordinal) ? text.Split('/')[1] : text).Split('-')[^1];

    private static string Sorted(IEnumerable<string> words) => string.Join(',', words.Order(StringComparer.Ordinal));

    private static string First(XElement xml, string name) =>
        xml.Descendants().First(one => one.Name.LocalName == name).Value;

    private static bool IsDoor(XElement rule) =>
        rule.Descendants().Any(static one => one.Name.LocalName == "QueryStringConfig" && one.HasElements);

    private async Task<IReadOnlyList<XElement>> RulesAsync()
    {
        var list = await Moto.QueryAsync(Balancing, Version, "DescribeRules", ("ListenerArn", Listener));
        return
        [
            .. list.Descendants()
                .Where(static one => one.Name.LocalName == "RuleArn")
                .Select(static one => one.Parent!),
        ];
    }

    private async Task<IReadOnlyList<string>> GroupsAsync()
    {
        var list = await Moto.QueryAsync(Balancing, Version, "DescribeTargetGroups");
        return
        [
            .. list.Descendants()
                .Where(static one => one.Name.LocalName == "TargetGroupArn")
                .Select(static one => one.Value),
        ];
    }

    private async Task PlayAsync()
    {
        try
        {
            while (true)
            {
                foreach (var one in await ServicesAsync())
                {
                    await PlayAsync(one);
                }
                await Task.Delay(200, end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task PlayAsync(JsonObject service)
    {
        var desired = service["desiredCount"]!.GetValue<int>();
        if (
            service["runningCount"]!.GetValue<int>() == desired
            || service["loadBalancers"]!.AsArray() is not [var led, ..]
        )
        {
            return;
        }
        var definition = await AskAsync(
            "DescribeTaskDefinition",
            new() { ["taskDefinition"] = service["taskDefinition"]!.GetValue<string>() }
        );
        var container = definition["taskDefinition"]!["containerDefinitions"]![0]!;
        if (container["environment"]!.AsArray().Any(static one => one!["name"]!.GetValue<string>() == "FAULT"))
        {
            return;
        }
        // moto takes what is said anew as done.
        await AskAsync(
            "UpdateService",
            new()
            {
                ["cluster"] = Cluster,
                ["service"] = service["serviceName"]!.GetValue<string>(),
                ["desiredCount"] = desired,
            }
        );
        await Moto.QueryAsync(
            Balancing,
            Version,
            "RegisterTargets",
            [
                ("TargetGroupArn", led!["targetGroupArn"]!.GetValue<string>()),
                .. Enumerable.Range(1, desired).Select(static one => ($"Targets.member.{one}.Id", $"10.0.0.{one}")),
            ]
        );
    }
}
