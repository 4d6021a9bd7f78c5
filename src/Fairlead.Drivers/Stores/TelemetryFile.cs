using Fairlead.Model.Problems;
using Microsoft.Data.Sqlite;

namespace Fairlead.Drivers.Stores;

/// <summary>A SQLite file of telemetry: one connection writes, one reads; apart from the server's memory, so that neither fills the other.</summary>
internal sealed class TelemetryFile : IDisposable
{
    private readonly SqliteFile file;
    private readonly SqliteConnection writer;
    private readonly SqliteConnection reader;
    private readonly SemaphoreSlim reading = new(1);

    private TelemetryFile(SqliteFile file, SqliteConnection writer, SqliteConnection reader) =>
        (this.file, this.writer, this.reader) = (file, writer, reader);

    public SemaphoreSlim Writing { get; } = new(1);

    /// <param name="schema">Makes each table that is missing.</param>
    /// <exception cref="ProblemException">It cannot be opened or is damaged.</exception>
    public static TelemetryFile Open(string path, string schema)
    {
        var opened = new SqliteFile(path);
        return opened.Do(() =>
        {
            opened.Create();
            var first = opened.Connect();
            try
            {
                using var transaction = first.BeginTransaction();
                new Sql(first, transaction).Run(schema);
                transaction.Commit();
                return new TelemetryFile(opened, first, opened.Connect());
            }
            catch
            {
                first.Dispose();
                throw;
            }
        });
    }

    /// <summary>For who holds <see cref="Writing"/>.</summary>
    public T Write<T>(Func<Sql, T> work) =>
        file.Do(() =>
        {
            using var transaction = writer.BeginTransaction();
            var result = work(new Sql(writer, transaction));
            transaction.Commit();
            return result;
        });

    public async Task<T> WriteAsync<T>(Func<Sql, T> work, CancellationToken stop)
    {
        await Writing.WaitAsync(stop);
        try
        {
            return await Task.Run(() => Write(work), CancellationToken.None);
        }
        finally
        {
            Writing.Release();
        }
    }

    /// <summary>Overwrites what was let go of: pages that are free, and the log of writes.</summary>
    public async Task CleanAsync(CancellationToken stop)
    {
        await Writing.WaitAsync(stop);
        try
        {
            await Task.Run(
                () =>
                    file.Do(() =>
                    {
                        var sql = new Sql(writer);
                        sql.Run("VACUUM");
                        return sql.Number("PRAGMA wal_checkpoint(TRUNCATE)");
                    }),
                CancellationToken.None
            );
        }
        finally
        {
            Writing.Release();
        }
    }

    public async Task<T> ReadAsync<T>(Func<Sql, T> work, CancellationToken stop)
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

    /// <summary>What its pages hold that are in use.</summary>
    public static long BytesUsed(Sql sql) =>
        (sql.Number("PRAGMA page_count")!.Value - sql.Number("PRAGMA freelist_count")!.Value)
        * sql.Number("PRAGMA page_size")!.Value;

    public void Dispose()
    {
        reader.Dispose();
        writer.Dispose();
        reading.Dispose();
        Writing.Dispose();
    }
}
