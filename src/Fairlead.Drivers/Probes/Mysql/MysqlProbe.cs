using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Probes.Mysql;

/// <summary>Asks MySQL and MariaDB. <c>?tls=true</c> demands TLS.</summary>
public sealed class MysqlProbe : IServiceProbe
{
    private const int UsualPort = 3306;
    private const int DatabasesMax = 1_000;

    public IReadOnlyList<string> Schemes { get; } = ["mariadb", "mysql"];

    public Task<MetricPage> ProbeAsync(Uri address, CancellationToken stop) =>
        ServiceConnection.AskAsync(address, UsualPort, connection => AskAsync(address, connection, stop), stop);

    private static async Task<MetricPage> AskAsync(Uri address, ServiceConnection connection, CancellationToken stop)
    {
        var session = await MysqlSession.OpenAsync(address, connection, stop);
        var status = await PairsAsync(session, "SHOW GLOBAL STATUS", stop);
        var settings = await PairsAsync(session, "SHOW GLOBAL VARIABLES", stop);
        double Number(Dictionary<string, string> pairs, string name) =>
            double.TryParse(pairs.GetValueOrDefault(name), CultureInfo.InvariantCulture, out var number) ? number : 0;
        var page = new MetricPage();
        var version = settings.GetValueOrDefault("version", session.Version);
        var replica = await ReplicaAsync(session, stop);
        page.About(
            version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase) ? "mariadb" : "mysql",
            version,
            replica is null ? "primary" : "replica"
        );
        page.Connections(Number(status, "Threads_connected"), Number(settings, "max_connections"));
        var (asked, missed) = (
            Number(status, "Innodb_buffer_pool_read_requests"),
            Number(status, "Innodb_buffer_pool_reads")
        );
        page.Cache(Math.Max(0, asked - missed), missed);
        page.Memory(Number(status, "Innodb_buffer_pool_bytes_data"));
        page.Uptime(Number(status, "Uptime"));
        page.Counter(
            "fairlead_service_slow_queries_total",
            "Queries over the service's own limit.",
            Number(status, "Slow_queries")
        );
        if (replica is { } lag)
        {
            page.Gauge(
                "fairlead_service_replication_up",
                "1 while the replica hears its primary, else 0.",
                lag >= 0 ? 1 : 0
            );
            if (lag >= 0)
            {
                page.Lag("self", lag);
            }
        }
        foreach (
            var row in (
                await session.QueryAsync(
                    "SELECT table_schema, SUM(data_length + index_length) FROM information_schema.tables GROUP BY table_schema",
                    stop
                )
            ).Rows.Take(DatabasesMax)
        )
        {
            if (row is [{ } database, { } size] && double.TryParse(size, CultureInfo.InvariantCulture, out var bytes))
            {
                page.Size(database, bytes);
            }
        }
        return page;
    }

    private static async Task<Dictionary<string, string>> PairsAsync(
        MysqlSession session,
        string query,
        CancellationToken stop
    ) =>
        (await session.QueryAsync(query, stop))
            .Rows.Where(row => row is [not null, not null])
            .DistinctBy(row => row[0])
            .ToDictionary(row => row[0]!, row => row[1]!, StringComparer.OrdinalIgnoreCase);

    /// <returns>Null where it replicates from nobody or the login may not see it, -1 while it hears nothing.</returns>
    private static async Task<double?> ReplicaAsync(MysqlSession session, CancellationToken stop)
    {
        // MySQL 8.4 knows only the first, MariaDB before 10.5 and MySQL before 8.0.22 only the second.
        foreach (var query in (string[])["SHOW REPLICA STATUS", "SHOW SLAVE STATUS"])
        {
            if (await session.TryQueryAsync(query, stop) is not { } answer)
            {
                continue;
            }
            var column = answer.Columns.FindIndex(name => name is "Seconds_Behind_Master" or "Seconds_Behind_Source");
            return answer.Rows.Count == 0 || column < 0 ? null
                : double.TryParse(answer.Rows[0][column], CultureInfo.InvariantCulture, out var seconds) ? seconds
                : -1;
        }
        return null;
    }
}
