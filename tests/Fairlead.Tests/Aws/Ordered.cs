using System.Text;
using Fairlead.Engine.Aws;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Aws;

/// <summary>Services at AWS to test with.</summary>
internal static class Ordered
{
    public static readonly Site Site = new("shop", "production");

    public static readonly AwsPlace Function = new()
    {
        Function = new()
        {
            Name = "shop-production-api",
            Role = "arn:aws:iam::123456789012:role/api",
            Runtime = "nodejs22.x",
            Handler = "index.handler",
            Memory = 256,
            Timeout = TimeSpan.FromSeconds(10),
        },
    };

    public static readonly AwsPlace Files = new()
    {
        Bucket = new()
        {
            Name = "shop-web",
            Folder = "shop/production/web",
            Hosts = ["shop.example.com"],
        },
    };

    public static readonly AwsPlace Tasks = new()
    {
        Tasks = new()
        {
            Name = "shop-production-api",
            Cluster = "shop",
            Cpu = 512,
            Memory = 1024,
            Subnets = ["subnet-a", "subnet-b"],
            SecurityGroups = ["sg-a"],
            ExecutionRole = "arn:aws:iam::123456789012:role/ecs",
            TaskRole = "arn:aws:iam::123456789012:role/api",
            LoadBalancer = "shop",
            Count = 2,
            Hosts = ["shop.example.com"],
            Routes = ["/api"],
        },
    };

    public static AwsSpot Spot(AwsPlace place, string service = "api") => new(Site, service, place);

    public static InstanceOrder Order(AwsPlace place, int since = 42, string service = "api") =>
        new()
        {
            Key = new(Site, new(service, since), 0),
            Artifact = new string('a', 64),
            Env = new Dictionary<string, string> { ["N"] = "2", ["COLOUR"] = "blue" },
            Service = new()
            {
                Name = service,
                Kind = Kind.Api,
                Path = ".",
                Recipe = new() { Stack = "custom" },
                Health = new(),
                Replicas = 1,
                Routes = ["/"],
                Aws = place,
            },
        };

    /// <summary>A request as a person reads it.</summary>
    public static string Text(AwsCall call) =>
        $"{call.Method} {call.Path}\n{string.Concat(call.Headers.Select(one => $"{one.Key}: {one.Value}\n"))}{Encoding.UTF8.GetString(call.Body.Span)}";

    public static Instance Seen(string service, int since, string endpoint) =>
        new()
        {
            Key = new(Site, new(service, since), 0),
            State = InstanceState.Ready,
            Endpoint = new(endpoint),
        };
}
