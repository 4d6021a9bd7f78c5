using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fairlead.Engine.Manifests.Forms;

namespace Fairlead.Engine.Manifests;

/// <summary>How a service runs at AWS, as the manifest says it.</summary>
[Description(
    "How it runs at AWS, as exactly one of lambda, ecs and site. In texts, {app} and {environment} stand for their names."
)]
public sealed record AwsEntry
{
    [Description("Such as eu-central-1; the one of the server's own settings when left out.")]
    public string? Region { get; init; }

    [Description("A function of Lambda: its published versions, and an alias that callers name.")]
    [Elsewhere("function")]
    public LambdaEntry? Lambda { get; init; }

    [Description("Tasks of ECS on Fargate, behind a load balancer whose rule says which version answers.")]
    [Elsewhere("fargate", "containers")]
    public EcsEntry? Ecs { get; init; }

    [Description("Files in a bucket of S3 behind a distribution of CloudFront.")]
    [Elsewhere("s3", "cloudfront", "static")]
    public AwsSiteEntry? Site { get; init; }
}

/// <summary>A function of Lambda, as the manifest says it.</summary>
[Description("A function of Lambda. What was built is its code, or a ready image of ECR in 'container'.")]
public sealed record LambdaEntry
{
    [Description("Its name; app-environment-service when left out. It is made when it is not there.")]
    [Elsewhere("functionName")]
    public string? Name { get; init; }

    [Description("Such as nodejs22.x, python3.13 or provided.al2023; not for an image.")]
    public string? Runtime { get; init; }

    [Description("What is called, such as index.handler; not for an image.")]
    public string? Handler { get; init; }

    [Description("The role that it runs as, such as arn:aws:iam::123456789012:role/shop-api.")]
    [Elsewhere("executionRole")]
    public required string Role { get; init; }

    [Description("128MiB to 10240MiB; 128MiB when left out.")]
    [Elsewhere("memorySize")]
    public ByteSize? Memory { get; init; }

    [Description("How long one invocation may take, 1s to 15m; 30s when left out.")]
    public TimeSpan? Timeout { get; init; }

    [Description("'x86_64' or 'arm64'; x86_64 when left out.")]
    [Elsewhere("architectures", "arch")]
    public AwsProcessor? Architecture { get; init; }

    [Description(
        "How many environments of each version are kept started (provisioned concurrency); none when left out."
    )]
    [Range(1, 1000), Elsewhere("provisionedConcurrency", "provisionedConcurrentExecutions")]
    public int? Warm { get; init; }

    [Description("The alias that callers name; live when left out.")]
    [Shaped(Shape.Name)]
    public string? Alias { get; init; }
}

/// <summary>Tasks of ECS, as the manifest says them.</summary>
[Description(
    "Tasks of ECS on Fargate, as many as 'replicas' says, of a ready image in 'container', or of one that is made and sent to 'registry'."
)]
public sealed record EcsEntry
{
    [Description("The cluster, by its name. It has to be there.")]
    public required string Cluster { get; init; }

    [Description(
        "How its task definitions are called, and what its ECS services begin with; app-environment-service when left out."
    )]
    [Elsewhere("family", "serviceName")]
    public string? Name { get; init; }

    [Description("Processors of a task: 0.25, 0.5, 1, 2, 4, 8 or 16; 0.25 when left out.")]
    public double? Cpu { get; init; }

    [Description("512MiB to 120GiB, as Fargate has it for that much cpu; the least of it when left out.")]
    public ByteSize? Memory { get; init; }

    [Description("'x86_64' or 'arm64'; x86_64 when left out.")]
    [Elsewhere("architectures", "arch", "cpuArchitecture")]
    public AwsProcessor? Architecture { get; init; }

    [Description(
        "Where the image is sent that is made of the folder, such as 123456789012.dkr.ecr.eu-central-1.amazonaws.com; not for a ready image in 'container'."
    )]
    public string? Registry { get; init; }

    [Description("Where tasks get their addresses, such as subnet-0a1b2c3d.")]
    [Elsewhere("subnetIds")]
    public required IReadOnlyList<string> Subnets { get; init; }

    [Description("Who reaches tasks, such as sg-0a1b2c3d; they let in the load balancer.")]
    [Elsewhere("securityGroupIds")]
    public required IReadOnlyList<string> SecurityGroups { get; init; }

    [Description("True when tasks need public addresses to fetch their image, as in subnets without NAT.")]
    [Elsewhere("assignPublicIp")]
    public bool? PublicIp { get; init; }

    [Description(
        "The role by which ECS fetches the image and writes logs, such as arn:aws:iam::123456789012:role/ecs."
    )]
    [Elsewhere("executionRoleArn")]
    public required string ExecutionRole { get; init; }

    [Description("The role that the program has; none when left out.")]
    [Elsewhere("role", "taskRoleArn")]
    public string? TaskRole { get; init; }

    [Description("The listener's ARN; or say 'loadBalancer'.")]
    [Elsewhere("listenerArn")]
    public string? Listener { get; init; }

    [Description("The load balancer's name; its listener on 443 is taken, else on 80.")]
    [Elsewhere("alb", "loadBalancerName")]
    public string? LoadBalancer { get; init; }
}

/// <summary>What a program is made for.</summary>
public enum AwsProcessor
{
    /// <summary>Intel and AMD.</summary>
    [JsonStringEnumMemberName("x86_64")]
    X86,

    /// <summary>Graviton.</summary>
    [JsonStringEnumMemberName("arm64")]
    Arm,
}

/// <summary>A bucket and what shows it, as the manifest says it.</summary>
[Description("A bucket of S3, and the distribution of CloudFront that shows it. Both have to be there.")]
public sealed record AwsSiteEntry
{
    [Description("The bucket's name.")]
    [Alone]
    public required string Bucket { get; init; }

    [Description("All of it is below this folder of the bucket; app/environment/service when left out.")]
    [Shaped(Shape.Folder), Elsewhere("prefix")]
    public string? Folder { get; init; }

    [Description(
        "The distribution's id, such as E1A2B3C4D5E6F7; when left out, the one that answers a host of the environment."
    )]
    [Elsewhere("distributionId")]
    public string? Distribution { get; init; }
}
