using System.Text.Json.Serialization;

namespace Fairlead.Model.Apps;

/// <summary>
/// How tasks of ECS run on Fargate. Each part of the service is an ECS service of its own with a target group of its own, and a rule of a load
/// balancer's listener says which of them get requests.
/// </summary>
public sealed record AwsTasks
{
    /// <summary>The family of task definitions; ECS services are called by it and their part.</summary>
    public required string Name { get; init; }

    /// <summary>The cluster, by its name.</summary>
    public required string Cluster { get; init; }

    /// <summary>Units of a processor, 1,024 for a whole one: 256, 512, 1024, 2048, 4096, 8192 or 16384.</summary>
    public int Cpu { get; init; } = 256;

    /// <summary>MiB; which ones are possible depends on <see cref="Cpu"/>.</summary>
    public int Memory { get; init; } = 512;

    /// <summary><c>x86_64</c> or <c>arm64</c>.</summary>
    public string Architecture { get; init; } = "x86_64";

    /// <summary>Where the image is sent that is made of what was built, such as <c>123456789012.dkr.ecr.eu-central-1.amazonaws.com</c>; null for a ready one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Registry { get; init; }

    /// <summary>Where tasks get their addresses: one or more of the load balancer's network.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>Who reaches them.</summary>
    public IReadOnlyList<string> SecurityGroups { get; init; } = [];

    /// <summary>They have public addresses, which they need to fetch images where the subnets have no other way out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsPublic { get; init; }

    /// <summary>The role by which ECS fetches the image and writes logs: an ARN.</summary>
    public required string ExecutionRole { get; init; }

    /// <summary>The role that the program has: an ARN; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TaskRole { get; init; }

    /// <summary>The listener's ARN; null to take one of <see cref="LoadBalancer"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Listener { get; init; }

    /// <summary>The load balancer's name; its listener on 443, else on 80, else its only one is taken.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LoadBalancer { get; init; }

    /// <summary>How many tasks of each part run, unless something at AWS changes that.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Host names of the environment; none to answer all.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Path prefixes, such as <c>/</c> and <c>/api</c>.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>CloudWatch's group of what they print.</summary>
    [JsonIgnore]
    public string LogGroup => $"/ecs/{Name}";
}
