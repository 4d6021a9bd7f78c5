using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>What all programs are told.</summary>
internal static class AwsWorkloads
{
    /// <summary>The name of a database's first user, whose password AWS makes and keeps.</summary>
    public const string DatabaseUser = "app";

    /// <summary>Variables with values that are no secret, by name.</summary>
    public static IEnumerable<(string Name, CodeValue Value)> Env(AwsDraft draft, Workload workload)
    {
        var all = new SortedDictionary<string, CodeValue>(StringComparer.Ordinal);
        foreach (var (name, value) in workload.Env)
        {
            all[name] = value;
        }
        foreach (var (name, fact) in workload.Facts.Where(static one => one.Value.Kind is not FactKind.Password))
        {
            all[name] = Fact(draft, fact);
        }
        return all.Select(static one => (one.Key, one.Value));
    }

    /// <summary>Where secrets are, by the variable that a program finds their value in.</summary>
    public static IEnumerable<(string Name, CodeValue Arn, bool IsPassword)> Secrets(
        AwsDraft draft,
        Workload workload
    ) =>
        workload
            .Secrets.Select(one => (one.Key, AwsAccess.Arn(draft, one.Value), false))
            .Concat(
                workload
                    .Facts.Where(static one => one.Value.Kind is FactKind.Password)
                    .Select(one => (one.Key, AwsStores.Password(draft, (Database)one.Value.Of), true))
            )
            .OrderBy(static one => one.Key, StringComparer.Ordinal);

    /// <summary>Variables of what fetches secrets itself: it is told where they are.</summary>
    public static IEnumerable<(string Name, CodeValue Value)> Places(AwsDraft draft, Workload workload, string service)
    {
        foreach (var (name, arn, _) in Secrets(draft, workload))
        {
            draft.Note(
                $"{service} is told in {name}_ARN where {name} is, and fetches it itself: nothing can hand it in without its being readable."
            );
            yield return ($"{name}_ARN", arn);
        }
    }

    private static CodeValue Fact(AwsDraft draft, Fact fact) =>
        (fact.Kind, fact.Of) switch
        {
            (FactKind.Host, Database database) => AwsStores.Host(draft, database),
            (FactKind.Host, Cache cache) => AwsStores.Host(draft, cache),
            (FactKind.User, _) => DatabaseUser,
            (FactKind.BucketName, Bucket bucket) => draft.At("aws_s3_bucket", bucket, "bucket"),
            (FactKind.QueueUrl, Messages queue) => draft.At("aws_sqs_queue", queue, "url"),
            (FactKind.Url, LoadBalancer balancer) => AwsTraffic.Url(draft, balancer),
            (FactKind.Url, Function function) => draft.At("aws_lambda_function_url", function, "function_url", "url"),
            _ => throw new ArgumentOutOfRangeException(nameof(fact), fact, "is nothing that AWS tells"),
        };
}
