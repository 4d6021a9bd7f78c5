using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>What all programs are told.</summary>
internal static class AzureWorkloads
{
    /// <summary>Which of its identities a program uses: Azure's own libraries read it.</summary>
    private const string Client = "AZURE_CLIENT_ID";

    /// <summary>Variables with values that are no secret, by name.</summary>
    public static IReadOnlyList<(string Name, CodeValue Value)> Env(AzureDraft draft, Workload workload)
    {
        var all = new SortedDictionary<string, CodeValue>(StringComparer.Ordinal)
        {
            [Client] = draft.At(workload.Identity, "properties.clientId"),
        };
        foreach (var (name, value) in workload.Env)
        {
            all[name] = value;
        }
        foreach (var (name, fact) in workload.Facts.Where(static one => one.Value.Kind is not FactKind.Password))
        {
            all[name] = Fact(draft, fact);
        }
        foreach (var (name, value) in AzureCaches.Ports(workload))
        {
            all[name] = value;
        }
        return [.. all.Select(static one => (one.Key, one.Value))];
    }

    /// <summary>What secrets are called in the vault, by the variable that a program finds their value in.</summary>
    public static IReadOnlyList<(string Name, string Secret)> Secrets(Workload workload) =>
        [
            .. workload
                .Secrets.Select(static one => (one.Key, AzureVault.Called(one.Value)))
                .Concat(
                    workload
                        .Facts.Where(static one => one.Value.Kind is FactKind.Password)
                        .Select(static one => (one.Key, AzureVault.Called(one.Value.Of)))
                )
                .Concat(AzureCaches.Passwords(workload).Select(static one => (one.Variable, AzureVault.Called(one.Of))))
                .OrderBy(static one => one.Item1, StringComparer.Ordinal),
        ];

    private static CodeValue Fact(AzureDraft draft, Fact fact) =>
        (fact.Kind, fact.Of) switch
        {
            (FactKind.Host, Database database) => AzureDatabases.Host(draft, database),
            (FactKind.Host, Cache cache) => draft.At(cache, "properties.hostName"),
            (FactKind.User, _) => AzureDatabases.User,
            (FactKind.BucketName, Bucket bucket) => AzureBuckets.Address(draft, bucket),
            (FactKind.QueueUrl, Messages queue) => AzureQueues.Address(draft, queue),
            (FactKind.Url, Function function) => CodeValue.Join(
                "https://",
                draft.At(function, "properties.defaultHostName")
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(fact), fact, "is nothing that Azure tells"),
        };
}
