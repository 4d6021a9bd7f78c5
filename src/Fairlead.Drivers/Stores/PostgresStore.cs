using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Npgsql;

namespace Fairlead.Drivers.Stores;

/// <summary>The server's memory in a PostgreSQL that several servers may share: who holds the lease is in charge.</summary>
/// <remarks>
/// Every commit first locks the lease's row, and reads its fence there: it comes whole before a successor takes charge, or is refused.
/// The lease's times are the database's own, so servers' clocks do not matter.
/// </remarks>
public sealed class PostgresStore : IStore, ILease, IDisposable
{
    private static readonly TimeSpan TermUsual = TimeSpan.FromSeconds(15);
    private readonly PostgresServer server;
    private readonly World world;
    private readonly string seat;
    private readonly SemaphoreSlim writing = new(1);

    /// <param name="seat">Whoever sits in the same seat succeeds at once: the one before is known to have ended.</param>
    public PostgresStore(PostgresAddress address, string seat, World world) =>
        (server, this.seat, this.world) = (new(address, world), seat, world);

    public TimeSpan Term { get; init; } = TermUsual;

    /// <summary>Finds out whether it can be the store, and makes its tables where there are none.</summary>
    /// <param name="patience">How long it may be tried again.</param>
    /// <exception cref="ProblemException">It cannot, or does not answer.</exception>
    public Task CheckAsync(TimeSpan patience, CancellationToken stop) =>
        server.DoAsync(_ => Task.FromResult(0), patience, stop);

    public Task<Fence> TakeChargeAsync(string owner, CancellationToken stop) =>
        server.DoAsync(
            async connection =>
            {
                var sql = new PostgresSql(connection);
                var taken = await sql.NumberAsync(
                    """
                    UPDATE fairlead.lease SET fence = fence + 1, owner = $1, seat = $2, until = clock_timestamp() + $3
                    WHERE until IS NULL OR until < clock_timestamp() OR seat = $2 RETURNING fence
                    """,
                    [owner, seat, Term],
                    stop
                );
                return taken is { } fence ? new Fence(fence) : throw await HeldAsync(sql, stop);
            },
            stop
        );

    public Task RenewAsync(Fence fence, CancellationToken stop) =>
        server.DoAsync(
            async connection =>
            {
                var sql = new PostgresSql(connection);
                return
                    await sql.RunAsync(
                        "UPDATE fairlead.lease SET until = clock_timestamp() + $2 WHERE fence = $1",
                        [fence.Number, Term],
                        stop
                    ) > 0
                    ? true
                    : throw new FencedException(fence, await NewestAsync(sql, stop));
            },
            stop
        );

    public Task EndAsync(Fence fence, CancellationToken stop) =>
        server.DoAsync(
            connection =>
                new PostgresSql(connection).RunAsync(
                    "UPDATE fairlead.lease SET until = NULL WHERE fence = $1",
                    [fence.Number],
                    stop
                ),
            stop
        );

    // A transaction that began is not cancelled: its caller could not tell whether it was done.
    public async Task<IReadOnlyList<JournalEntry>> CommitAsync(Change change, CancellationToken stop)
    {
        await writing.WaitAsync(stop);
        PostgresCommit? unsure = null;
        try
        {
            return await server.DoAsync(
                async connection =>
                {
                    // Its answer was lost: doing it again could be doing it twice.
                    if (unsure is { } before && await before.IsDoneAsync(connection, world, CancellationToken.None))
                    {
                        return before.Written;
                    }
                    unsure = null;
                    await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
                    var commit = await PostgresCommit.PrepareAsync(
                        new(connection, transaction),
                        change,
                        world.Now,
                        CancellationToken.None
                    );
                    unsure = commit;
                    try
                    {
                        await transaction.CommitAsync(CancellationToken.None);
                    }
                    catch (PostgresException refused) when (!PostgresProblems.IsPassing(refused))
                    {
                        unsure = null;
                        throw;
                    }
                    unsure = null;
                    return commit.Written;
                },
                CancellationToken.None
            );
        }
        catch (ProblemException caught) when (unsure is not null)
        {
            throw new ProblemException(PostgresProblems.OutcomeUnknown(server.Address, caught.Problem.Why), caught);
        }
        finally
        {
            writing.Release();
        }
    }

    public async Task<Document?> ReadAsync(string collection, string key, CancellationToken stop) =>
        await DocumentsAsync("key = $2", collection, key, stop) is [var found] ? found : null;

    public Task<IReadOnlyList<Document>> ListAsync(string collection, string keyPrefix, CancellationToken stop) =>
        DocumentsAsync("key ^@ $2", collection, keyPrefix, stop);

    public Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(
        long after,
        JournalFilter? filter,
        int max,
        CancellationToken stop
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, 10_000);
        List<object?> values = [after, max];
        var where = "seq > $1";
        if (filter?.Site is { } site)
        {
            where += " AND app = $3 AND environment = $4";
            values.AddRange([site.App, site.Environment]);
        }
        if (filter?.Deployment is { } deployment)
        {
            values.Add(deployment);
            where += string.Create(CultureInfo.InvariantCulture, $" AND deployment = ${values.Count}");
        }
        return RowsAsync(
            $"SELECT {JournalTable.Columns} FROM fairlead.journal WHERE {where} ORDER BY seq LIMIT $2",
            [.. values],
            JournalTable.Entry,
            stop
        );
    }

    public Task<IReadOnlyList<HashedLine>> ReadLinesAsync(long after, int max, CancellationToken stop) =>
        RowsAsync(
            $"SELECT {JournalTable.Columns} FROM fairlead.journal WHERE seq > $1 ORDER BY seq LIMIT $2",
            [after, max],
            JournalTable.Hashed,
            stop
        );

    public Task<IReadOnlyList<Removal>> ReadRemovalsAsync(CancellationToken stop) =>
        RowsAsync(
            "SELECT body FROM fairlead.removals ORDER BY last",
            [],
            row => JsonSerializer.Deserialize<Removal>(row.GetString(0), Wire.Json)!,
            stop
        );

    /// <remarks>Reads line by line, in one snapshot: the journal may be longer than the memory.</remarks>
    public Task<long?> FindBreakAsync(CancellationToken stop) =>
        server.DoAsync(
            async connection =>
            {
                await using var snapshot = await connection.BeginTransactionAsync(
                    System.Data.IsolationLevel.RepeatableRead,
                    stop
                );
                var sql = new PostgresSql(connection, snapshot);
                var head = await PostgresCommit.HeadAsync(sql, stop);
                var walk = new ChainWalk(await PostgresCommit.RemovedAsync(sql, stop));
                await using var command = sql.Command(
                    $"SELECT {JournalTable.Columns} FROM fairlead.journal ORDER BY seq",
                    []
                );
                command.CommandTimeout = 0;
                await using var lines = await command.ExecuteReaderAsync(stop);
                while (await lines.ReadAsync(stop))
                {
                    if (!walk.Takes(JournalTable.Hashed(lines)))
                    {
                        return walk.Next;
                    }
                }
                return walk.EndsAt(head) ? (long?)null : walk.Next;
            },
            stop
        );

    public void Dispose()
    {
        server.Dispose();
        writing.Dispose();
    }

    private Task<IReadOnlyList<Document>> DocumentsAsync(
        string where,
        string collection,
        string key,
        CancellationToken stop
    ) =>
        RowsAsync(
            $"SELECT key, version, body FROM fairlead.documents WHERE collection = $1 AND {where} ORDER BY key",
            [collection, key],
            row => new Document(row.GetString(0), row.GetInt32(1), JsonNode.Parse(row.GetString(2))!),
            stop
        );

    private Task<IReadOnlyList<T>> RowsAsync<T>(
        string text,
        object?[] values,
        Func<NpgsqlDataReader, T> read,
        CancellationToken stop
    ) => server.DoAsync(connection => new PostgresSql(connection).RowsAsync(text, values, read, stop), stop);

    private static async Task<ChargeHeldException> HeldAsync(PostgresSql sql, CancellationToken stop) =>
        (
            await sql.RowsAsync(
                "SELECT coalesce(owner, 'Another server'), coalesce(until - clock_timestamp(), interval '0') FROM fairlead.lease",
                [],
                row => new ChargeHeldException(row.GetString(0), row.GetTimeSpan(1)),
                stop
            )
        )[0];

    private static async Task<Fence> NewestAsync(PostgresSql sql, CancellationToken stop) =>
        new(await sql.NumberAsync("SELECT fence FROM fairlead.lease", [], stop) ?? 0);
}
