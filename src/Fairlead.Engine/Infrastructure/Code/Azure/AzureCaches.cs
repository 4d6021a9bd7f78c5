using System.Globalization;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>Azure Managed Redis: Azure Cache for Redis takes no new ones since October 2026.</summary>
internal static class AzureCaches
{
    /// <summary>Where it listens, whatever others do.</summary>
    public const int Port = 10_000;

    private const string Part = AzureParts.Data;
    private const string Host = "_HOST";

    public static void Add(AzureDraft draft, Cache cache)
    {
        var itself = draft.Add(
            Part,
            AzureTypes.Redis,
            cache,
            [
                .. Head(draft.Unique(cache.Name, 60)),
                ("sku", Map(("name", AzureSizes.Cache(cache.Size)))),
                (
                    "properties",
                    Map(
                        ("minimumTlsVersion", "1.2"),
                        ("highAvailability", cache.Replicas > 0 ? "Enabled" : "Disabled"),
                        ("publicNetworkAccess", "Disabled")
                    )
                ),
            ]
        );
        var database = draft.Add(
            draft.New(
                Part,
                AzureTypes.RedisDatabase,
                (cache, "database"),
                ("name", "default"),
                (
                    "properties",
                    Map(
                        ("clientProtocol", "Encrypted"),
                        ("port", Port),
                        // One address for all of it, so that a client need not know of clusters.
                        ("clusteringPolicy", "EnterpriseCluster"),
                        ("evictionPolicy", "VolatileLRU"),
                        ("accessKeysAuthentication", "Enabled")
                    )
                )
            ) with
            {
                Parent = itself.Symbol,
            }
        );
        AzureNetwork.Door(draft, itself, "redisEnterprise", ("redis-names", "privatelink.redis.azure.net"));
        AzureVault.Keep(draft, cache, database.At("listKeys().primaryKey"));
        Notes(draft, cache);
        draft.Tell($"{itself.Symbol}Host", $"Where {cache.Name} answers", itself.At("properties.hostName"));
    }

    private static void Notes(AzureDraft draft, Cache cache)
    {
        draft.Note(
            $"Azure chooses the version of {cache.Name}, and it answers at port {Port} with TLS and a password: programs are told the port, and read the password in the variable beside it, such as REDIS_PASSWORD."
        );
        if (cache.Replicas > 1)
        {
            draft.Note($"{cache.Name} has one replica at Azure, and not {cache.Replicas}.");
        }
    }

    /// <summary>What is told of caches beside their hosts, which is Azure's own: the port, by variable.</summary>
    public static IEnumerable<(string Variable, CodeValue Value)> Ports(Workload workload) =>
        Hosts(workload)
            .Select(static one => ($"{one.Prefix}_PORT", (CodeValue)Port.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Passwords of caches, by variable.</summary>
    public static IEnumerable<(string Variable, Cache Of)> Passwords(Workload workload) =>
        Hosts(workload).Select(static one => ($"{one.Prefix}_PASSWORD", one.Of));

    private static IEnumerable<(string Prefix, Cache Of)> Hosts(Workload workload) =>
        workload
            .Facts.Where(static one => one.Value is { Kind: FactKind.Host, Of: Cache })
            .Select(static one =>
                (
                    one.Key.EndsWith(Host, StringComparison.Ordinal) ? one.Key[..^Host.Length] : one.Key,
                    (Cache)one.Value.Of
                )
            );
}
