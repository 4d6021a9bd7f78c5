using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fairlead.Engine.Manifests.Forms;

namespace Fairlead.Engine.Manifests;

/// <summary>How a service runs at AWS, as the manifest says it.</summary>
[Description(
    "How it runs at AWS, as exactly one of lambda and site. In texts, {app} and {environment} stand for their names."
)]
public sealed record AwsEntry
{
    [Description("Such as eu-central-1; the one of the server's own settings when left out.")]
    public string? Region { get; init; }

    [Description("A function of Lambda: its published versions, and an alias that callers name.")]
    [Elsewhere("function")]
    public LambdaEntry? Lambda { get; init; }

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
    public LambdaProcessor? Architecture { get; init; }

    [Description(
        "How many environments of each version are kept started (provisioned concurrency); none when left out."
    )]
    [Range(1, 1000), Elsewhere("provisionedConcurrency", "provisionedConcurrentExecutions")]
    public int? Warm { get; init; }

    [Description("The alias that callers name; live when left out.")]
    [Shaped(Shape.Name)]
    public string? Alias { get; init; }
}

/// <summary>What a function's program is made for.</summary>
public enum LambdaProcessor
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
