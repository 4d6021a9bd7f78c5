using Fairlead.Drivers.Telemetry.Scraping;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Npgsql;

namespace Fairlead.Drivers.Probes;

/// <summary>Asks PostgreSQL through Npgsql. TLS is used where the server has it; <c>?sslmode=VerifyFull</c> demands it.</summary>
public sealed class PostgresProbe : IServiceProbe
{
    private const int UsualPort = 5432;

    private static readonly string[] RefusedStates = ["28000", "28P01", "3D000", "42501"];

    public IReadOnlyList<string> Schemes { get; } = ["postgres", "postgresql"];

    public Task<MetricPage> ProbeAsync(Uri address, CancellationToken stop) =>
        VisitAsync(address, options: null, connection => AskAsync(connection, stop), stop);

    /// <summary>Connects, has it asked, and turns what goes wrong into a problem.</summary>
    /// <param name="options">For the session, such as <c>-c default_transaction_read_only=on</c>; null for none.</param>
    internal static async Task<T> VisitAsync<T>(
        Uri address,
        string? options,
        Func<NpgsqlConnection, Task<T>> ask,
        CancellationToken stop
    )
    {
        try
        {
            var settings = Settings(address);
            settings.Options = options;
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(stop);
            return await ask(connection);
        }
        catch (NotUnderstoodException caught)
        {
            throw new ProblemException(ProbeProblems.NotUnderstood(address, caught.Message), caught);
        }
        catch (PostgresException caught) when (RefusedStates.Contains(caught.SqlState, StringComparer.Ordinal))
        {
            throw new ProblemException(ProbeProblems.NotAllowed(address, caught.MessageText), caught);
        }
        catch (PostgresException caught)
        {
            throw new ProblemException(ProbeProblems.NotUnderstood(address, caught.MessageText), caught);
        }
        catch (NpgsqlException caught)
        {
            throw new ProblemException(
                caught.Message.Contains("password", StringComparison.OrdinalIgnoreCase)
                    ? ProbeProblems.NotAllowed(address, caught.Message)
                    : ProbeProblems.Unreachable(address, caught.GetBaseException().Message),
                caught
            );
        }
    }

    internal static NpgsqlConnectionStringBuilder Settings(Uri address)
    {
        var (user, password) = TargetAddress.LoginOf(address);
        var mode = System.Web.HttpUtility.ParseQueryString(address.Query)["sslmode"];
        return new()
        {
            Host = address.Host,
            Port = address.Port > 0 ? address.Port : UsualPort,
            Username = user.Length > 0 ? user : "postgres",
            Password = password,
            Database = Uri.UnescapeDataString(address.AbsolutePath.Trim('/')) is { Length: > 0 } named
                ? named
                : "postgres",
            SslMode = Enum.TryParse<SslMode>(
                mode?.Replace("-", "", StringComparison.Ordinal),
                ignoreCase: true,
                out var said
            )
                ? said
                : SslMode.Prefer,
            ApplicationName = "fairlead",
            // Each probe is a visit of its own: it finds out whether one can still connect.
            Pooling = false,
            Timeout = 10,
            CommandTimeout = 10,
        };
    }

    private static async Task<MetricPage> AskAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        var page = new MetricPage();
        await EachAsync(
            connection,
            """
            select current_setting('server_version'), pg_is_in_recovery(), current_setting('max_connections')::float8,
                   (select count(*) from pg_stat_activity where backend_type = 'client backend')::float8,
                   extract(epoch from now() - pg_postmaster_start_time())::float8,
                   extract(epoch from now() - pg_last_xact_replay_timestamp())::float8
            """,
            row =>
            {
                var isReplica = row.GetBoolean(1);
                page.About("postgres", row.GetString(0), isReplica ? "replica" : "primary");
                page.Connections(row.GetDouble(3), row.GetDouble(2));
                page.Uptime(row.GetDouble(4));
                if (isReplica && !row.IsDBNull(5))
                {
                    page.Lag("self", row.GetDouble(5));
                }
            },
            stop
        );
        await EachAsync(
            connection,
            "select sum(blks_hit)::float8, sum(blks_read)::float8, sum(deadlocks)::float8 from pg_stat_database",
            row =>
            {
                page.Cache(row.GetDouble(0), row.GetDouble(1));
                page.Counter("fairlead_service_deadlocks_total", "Deadlocks that were found.", row.GetDouble(2));
            },
            stop
        );
        await EachAsync(
            connection,
            """
            select datname, pg_database_size(datname)::float8 from pg_database
            where datallowconn and has_database_privilege(datname, 'CONNECT') limit 1000
            """,
            row => page.Size(row.GetString(0), row.GetDouble(1)),
            stop
        );
        await EachAsync(
            connection,
            """
            select coalesce(nullif(application_name, ''), client_addr::text, pid::text), extract(epoch from replay_lag)::float8
            from pg_stat_replication where state is not null limit 1000
            """,
            row => page.Lag(row.GetString(0), row.IsDBNull(1) ? 0 : row.GetDouble(1)),
            stop
        );
        return page;
    }

    private static async Task EachAsync(
        NpgsqlConnection connection,
        string query,
        Action<NpgsqlDataReader> take,
        CancellationToken stop
    )
    {
        await using var command = new NpgsqlCommand(query, connection);
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
        {
            take(rows);
        }
    }
}
