using System.Globalization;
using System.Text;
using Fairlead.Drivers.Telemetry.Scraping;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Probes;

/// <summary>Asks Redis and Valkey by RESP 2 (redis.io/docs/latest/develop/reference/protocol-spec) for what INFO says.</summary>
public sealed class RedisProbe : IServiceProbe
{
    private const int UsualPort = 6379;
    private const int LineBytesMax = 8 * 1024;

    /// <summary>The second is by TLS.</summary>
    public IReadOnlyList<string> Schemes { get; } = ["redis", "rediss"];

    public Task<MetricPage> ProbeAsync(Uri address, CancellationToken stop) =>
        ServiceConnection.AskAsync(address, UsualPort, connection => AskAsync(address, connection, stop), stop);

    private static async Task<MetricPage> AskAsync(Uri address, ServiceConnection connection, CancellationToken stop)
    {
        if (address.Scheme == "rediss")
        {
            await connection.UseTlsAsync(address.Host, stop);
        }
        var (user, password) = TargetAddress.LoginOf(address);
        if (password.Length > 0)
        {
            string[] login = user.Length == 0 ? ["AUTH", password] : ["AUTH", user, password];
            await CallAsync(connection, login, stop);
        }
        return PageOf(await CallAsync(connection, ["INFO"], stop));
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

    /// <summary>A command as an array of texts, and its answer: <c>+OK</c>, <c>-ERR why</c> or <c>$5</c> with a text.</summary>
    private static async Task<string> CallAsync(ServiceConnection connection, string[] words, CancellationToken stop)
    {
        var sent = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (var word in words)
        {
            sent.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        }
        await connection.WriteAsync(Encoding.UTF8.GetBytes(sent.ToString()), stop);
        var line = await LineAsync(connection, stop);
        switch (line)
        {
            case ['+', .. var said]:
                return said;
            case ['-', .. var why]:
                throw why.StartsWith("NOAUTH", StringComparison.Ordinal)
                || why.StartsWith("WRONGPASS", StringComparison.Ordinal)
                || why.StartsWith("NOPERM", StringComparison.Ordinal)
                || words[0] is "AUTH"
                    ? new LoginRefusedException(why)
                    : new NotUnderstoodException(why);
            case ['$', .. var length]
                when long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var count):
                var text = await connection.ReadAsync(count + 2, stop);
                return Encoding.UTF8.GetString(text.AsSpan(0, text.Length - 2));
            default:
                throw new NotUnderstoodException("Its answer does not begin as Redis's do.");
        }
    }

    private static async Task<string> LineAsync(ServiceConnection connection, CancellationToken stop)
    {
        var line = new List<byte>();
        while (line is not [.., (byte)'\r', (byte)'\n'])
        {
            if (line.Count > LineBytesMax)
            {
                throw new NotUnderstoodException("A line of its answer does not end.");
            }
            line.AddRange(await connection.ReadAsync(1, stop));
        }
        return Encoding.UTF8.GetString([.. line]).TrimEnd('\r', '\n');
    }
}
