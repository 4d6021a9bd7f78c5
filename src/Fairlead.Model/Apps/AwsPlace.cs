using System.Text.Json.Serialization;

namespace Fairlead.Model.Apps;

/// <summary>Where and as what a service runs at AWS. Exactly one of Function, Bucket and Tasks is there.</summary>
public sealed record AwsPlace
{
    /// <summary>Such as <c>eu-central-1</c>; null for the one that the server's own variables and files say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Region { get; init; }

    /// <summary>A function of Lambda.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AwsFunction? Function { get; init; }

    /// <summary>Files in a bucket of S3 behind a distribution of CloudFront.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AwsBucket? Bucket { get; init; }

    /// <summary>Tasks of ECS behind a load balancer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AwsTasks? Tasks { get; init; }

    /// <summary>One thing at AWS, whatever else is said of it: two that are equal here are the same function, tasks, or folder of a bucket.</summary>
    [JsonIgnore]
    public string Identity =>
        Function is not null ? $"{Region}/lambda/{Function.Name}"
        : Tasks is not null ? $"{Region}/ecs/{Tasks.Cluster}/{Tasks.Name}/{Tasks.Listener ?? Tasks.LoadBalancer}"
        : $"{Region}/s3/{Bucket?.Name}/{Bucket?.Folder}";

    /// <summary>How a person would call it, such as <c>the function shop-production-api</c>.</summary>
    [JsonIgnore]
    public string Words =>
        Function is not null ? $"the function {Function.Name}"
        : Tasks is not null ? $"the tasks {Tasks.Name} in the cluster {Tasks.Cluster}"
        : $"the bucket {Bucket?.Name}";
}

/// <summary>How a function of Lambda runs. Each part of the service is one of its published versions, and an alias says who answers.</summary>
public sealed record AwsFunction
{
    /// <summary>As Lambda calls it, at most 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The role that it runs as: an ARN.</summary>
    public required string Role { get; init; }

    /// <summary>Such as <c>nodejs22.x</c>; null where it is an image.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Runtime { get; init; }

    /// <summary>Such as <c>index.handler</c>; null where it is an image.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Handler { get; init; }

    /// <summary>MiB, 128 to 10,240.</summary>
    public int Memory { get; init; } = 128;

    /// <summary>How long one invocation may take, at most 15 minutes, whole seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>x86_64</c> or <c>arm64</c>.</summary>
    public string Architecture { get; init; } = "x86_64";

    /// <summary>How many environments are kept started for each version, 1 to 1,000; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Warm { get; init; }

    /// <summary>What callers name: it leads to the versions that have a share.</summary>
    public string Alias { get; init; } = "live";
}

/// <summary>Files of a site in a bucket. Each part is a folder there, and the distribution's origin path says which one is shown.</summary>
public sealed record AwsBucket
{
    public required string Name { get; init; }

    /// <summary>All of it is below this folder of the bucket.</summary>
    public required string Folder { get; init; }

    /// <summary>The distribution's id; null to take the one that has one of <see cref="Hosts"/> as another name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Distribution { get; init; }

    /// <summary>Host names of the environment.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
}
