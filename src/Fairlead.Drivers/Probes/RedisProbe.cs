using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Probes;

/// <summary>Asks Redis and Valkey by RESP 2 (redis.io/docs/latest/develop/reference/protocol-spec) for what INFO says.</summary>
public sealed class RedisProbe : IServiceProbe
{
    internal const int UsualPort = 6379;

    /// <summary>The second is by TLS.</summary>
    public IReadOnlyList<string> Schemes { get; } = ["redis", "rediss"];

    public Task<MetricPage> ProbeAsync(Uri address, CancellationToken stop) =>
        ServiceConnection.AskAsync(address, UsualPort, connection => AskAsync(address, connection, stop), stop);

    private static async Task<MetricPage> AskAsync(Uri address, ServiceConnection connection, CancellationToken stop)
    {
        await RedisWire.SignInAsync(address, connection, stop);
        return await RedisWire.CallAsync(connection, ["INFO"], stop) is string info
            ? PageOf(info)
            : throw new NotUnderstoodException("Its answer to INFO is no text.");
    }

    /// <summary>Reads INFO: <c>redis_version:7.0.15</c>, <c>db0:keys=2,expires=0,avg_ttl=0</c>, under headings with #.</summary>
    internal static MetricPage PageOf(string info)
    {
        var fields = info.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':', 2))
            .Where(pair => pair.Length == 2)
            .DistinctBy(pair => pair[0])
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        double? Number(string name) =>
            fields.TryGetValue(name, out var text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : null;
        var page = new MetricPage();
        var role = fields.GetValueOrDefault("role", "") is "slave" ? "replica" : "primary";
        page.About(
            fields.ContainsKey("valkey_version") ? "valkey" : "redis",
            fields.GetValueOrDefault("valkey_version") ?? fields.GetValueOrDefault("redis_version", ""),
            role
        );
        page.Connections(Number("connected_clients") ?? 0, Number("maxclients"));
        page.Cache(Number("keyspace_hits") ?? 0, Number("keyspace_misses") ?? 0);
        page.Memory(Number("used_memory") ?? 0);
        page.Uptime(Number("uptime_in_seconds") ?? 0);
        page.Counter("fairlead_service_evicted_total", "Entries that gave way to others.", Number("evicted_keys") ?? 0);
        if (role is "replica")
        {
            page.Gauge(
                "fairlead_service_replication_up",
                "1 while the replica hears its primary, else 0.",
                fields.GetValueOrDefault("master_link_status") is "up" ? 1 : 0
            );
            page.Lag("self", Number("master_last_io_seconds_ago") ?? 0);
        }
        foreach (var (name, value) in fields.Where(one => one.Key.StartsWith("db", StringComparison.Ordinal)))
        {
            if (
                value.Split(',')[0].Split('=') is ["keys", var keys]
                && double.TryParse(keys, CultureInfo.InvariantCulture, out var count)
            )
            {
                page.Gauge("fairlead_service_database_entries", "Entries in a database.", count, ("database", name));
            }
        }
        return page;
    }
}
