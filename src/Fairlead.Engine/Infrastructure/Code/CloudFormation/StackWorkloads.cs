using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>What all programs are told.</summary>
internal static class StackWorkloads
{
    /// <summary>Variables with values that are no secret.</summary>
    public static IEnumerable<(string Name, CodeValue Value)> Env(StackDraft draft, Workload workload)
    {
        var all = new SortedDictionary<string, CodeValue>(StringComparer.Ordinal);
        foreach (var (name, value) in workload.Env)
        {
            if (value.Contains("{{resolve:", StringComparison.Ordinal))
            {
                draft.Note(
                    $"{name} has '{{{{resolve:' in it: CloudFormation puts in what that names, and cannot be told not to."
                );
            }
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
        StackDraft draft,
        Workload workload
    ) =>
        workload
            .Secrets.Select(one => (one.Key, draft.Ref(one.Value), false))
            .Concat(
                workload
                    .Facts.Where(static one => one.Value.Kind is FactKind.Password)
                    .Select(one => (one.Key, draft.At(one.Value.Of, "MasterUserSecret.SecretArn"), true))
            )
            .OrderBy(static one => one.Key, StringComparer.Ordinal);

    /// <summary>Variables of what fetches secrets itself: it is told where they are.</summary>
    public static IEnumerable<(string Name, CodeValue Value)> Places(
        StackDraft draft,
        Workload workload,
        string service
    )
    {
        foreach (var (name, arn, _) in Secrets(draft, workload))
        {
            draft.Note(
                $"{service} is told in {name}_ARN where {name} is, and fetches it itself: nothing can hand it in without its being readable."
            );
            yield return ($"{name}_ARN", arn);
        }
    }

    private static CodeValue Fact(StackDraft draft, Fact fact) =>
        (fact.Kind, fact.Of) switch
        {
            (FactKind.Host, Database database) => draft.At(database, "Endpoint.Address"),
            (FactKind.Host, Cache cache) => draft.At(cache, "PrimaryEndPoint.Address"),
            (FactKind.User, _) => AwsWorkloads.DatabaseUser,
            (FactKind.BucketName, Bucket bucket) => draft.Ref(bucket),
            (FactKind.QueueUrl, Messages queue) => draft.Ref(queue),
            (FactKind.Url, LoadBalancer balancer) => Join(
                balancer.Certificate is null ? "http://" : "https://",
                draft.At(balancer, "DNSName")
            ),
            (FactKind.Url, Function function) => draft.At(function, "FunctionUrl", "Url"),
            _ => throw new ArgumentOutOfRangeException(nameof(fact), fact, "is nothing that AWS tells"),
        };
}
