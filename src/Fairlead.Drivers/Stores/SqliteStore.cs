using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Microsoft.Data.Sqlite;

namespace Fairlead.Drivers.Stores;

/// <summary>The server's memory in one SQLite file. One connection writes, one reads; a commit is on the disk when it returns.</summary>
public sealed class SqliteStore : IStore, IDisposable
{
    private readonly SqliteFile file;
    private readonly World world;
    private readonly SqliteConnection writer;
    private readonly SqliteConnection reader;
    private readonly SemaphoreSlim writing = new(1);
    private readonly SemaphoreSlim reading = new(1);

    private SqliteStore(SqliteFile file, World world, SqliteConnection writer, SqliteConnection reader) =>
        (this.file, this.world, this.writer, this.reader) = (file, world, writer, reader);

    /// <summary>Opens the file, or makes it; brings an older one up to date.</summary>
    /// <exception cref="ProblemException">It cannot be opened, is damaged, or a newer Fairlead wrote it.</exception>
    public static SqliteStore Open(string path, World world)
    {
        var opened = new SqliteFile(path);
        return opened.Do(() =>
        {
            opened.Create();
            var first = opened.Connect();
            try
            {
                SqliteSchema.Upgrade(first);
                return new SqliteStore(opened, world, first, opened.Connect());
            }
            catch
            {
                first.Dispose();
                throw;
            }
        });
    }

    public Task<Fence> TakeChargeAsync(string owner, CancellationToken stop) =>
        WriteAsync(
            sql => new Fence(
                sql.Number("UPDATE lease SET owner = $1, fence = fence + 1 RETURNING fence", owner)!.Value
            ),
            stop
        );

    public Task<IReadOnlyList<JournalEntry>> CommitAsync(Change change, CancellationToken stop) =>
        WriteAsync<IReadOnlyList<JournalEntry>>(
            sql =>
            {
                CheckFence(sql, change.Fence);
                foreach (var write in change.Writes)
                {
                    DocumentTable.Write(sql, write);
                }
                if (change.Removal is { } removal)
                {
                    JournalTable.Remove(sql, removal);
                }
                return [.. change.Entries.Select(entry => JournalTable.Append(sql, entry, change.Fence, world.Now))];
            },
            stop
        );

    public Task<Document?> ReadAsync(string collection, string key, CancellationToken stop) =>
        ReadAsync(sql => DocumentTable.Read(sql, collection, key), stop);

    public Task<IReadOnlyList<Document>> ListAsync(string collection, string keyPrefix, CancellationToken stop) =>
        ReadAsync<IReadOnlyList<Document>>(sql => [.. DocumentTable.List(sql, collection, keyPrefix)], stop);

    public Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(
        long after,
        JournalFilter? filter,
        int max,
        CancellationToken stop
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, 10_000);
        return ReadAsync<IReadOnlyList<JournalEntry>>(sql => [.. JournalTable.Read(sql, after, filter, max)], stop);
    }

    public Task<IReadOnlyList<HashedLine>> ReadLinesAsync(long after, int max, CancellationToken stop) =>
        ReadAsync<IReadOnlyList<HashedLine>>(sql => [.. JournalTable.Lines(sql, after, max)], stop);

    public Task<IReadOnlyList<Removal>> ReadRemovalsAsync(CancellationToken stop) =>
        ReadAsync<IReadOnlyList<Removal>>(sql => [.. JournalTable.Removals(sql)], stop);

    /// <remarks>Reads on a connection of its own: a long journal takes a while, and nobody should wait for it.</remarks>
    public Task<long?> FindBreakAsync(CancellationToken stop) =>
        Task.Run(
            () =>
                file.Do(() =>
                {
                    using var connection = file.Connect();
                    using var snapshot = connection.BeginTransaction(deferred: true);
                    return JournalTable.FindBreak(new Sql(connection, snapshot), stop);
                }),
            stop
        );

    public void Dispose()
    {
        reader.Dispose();
        writer.Dispose();
        reading.Dispose();
        writing.Dispose();
    }

    // Fence 0 is what a store holds that nobody took charge of; it lets no one in.
    private static void CheckFence(Sql sql, Fence mine)
    {
        var newest = new Fence(sql.Number("SELECT fence FROM lease")!.Value);
        if (mine != newest || newest.Number == 0)
        {
            throw new FencedException(mine, newest);
        }
    }

    // A transaction that began is not cancelled: its caller could not tell whether it was done.
    private async Task<T> WriteAsync<T>(Func<Sql, T> work, CancellationToken stop)
    {
        await writing.WaitAsync(stop);
        try
        {
            return await Task.Run(
                () =>
                    file.Do(() =>
                    {
                        using var transaction = writer.BeginTransaction();
                        var result = work(new Sql(writer, transaction));
                        transaction.Commit();
                        return result;
                    }),
                CancellationToken.None
            );
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task<T> ReadAsync<T>(Func<Sql, T> work, CancellationToken stop)
    {
        await reading.WaitAsync(stop);
        try
        {
            return await Task.Run(() => file.Do(() => work(new Sql(reader))), CancellationToken.None);
        }
        finally
        {
            reading.Release();
        }
    }
}
