using System.Buffers.Binary;
using System.Text.Json;
using Fairlead.Drivers.Stores;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Microsoft.Data.Sqlite;

namespace Fairlead.Drivers.Telemetry.Traces;

/// <summary>
/// A file of traces of some hours or days. Old traces are let go by deleting whole files, which frees the disk at once and needs no
/// room of its own.
/// </summary>
internal sealed class TraceSegment : IDisposable
{
    // Files are many, and each connection has a cache of its own.
    private const string SmallCache = "PRAGMA cache_size = -512";

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS traces (
            trace  BLOB PRIMARY KEY,
            start  INTEGER NOT NULL,
            finish INTEGER NOT NULL,
            spans  INTEGER NOT NULL,
            errors INTEGER NOT NULL,
            reason TEXT NOT NULL,
            kept   INTEGER NOT NULL,
            first  TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS traces_start ON traces (start);
        CREATE INDEX IF NOT EXISTS traces_kept ON traces (kept);
        CREATE TABLE IF NOT EXISTS parts (
            trace  BLOB NOT NULL,
            digest BLOB NOT NULL,
            body   BLOB NOT NULL,
            UNIQUE (trace, digest)
        ) STRICT;
        CREATE TABLE IF NOT EXISTS marks (
            mark  INTEGER NOT NULL,
            trace BLOB NOT NULL,
            PRIMARY KEY (mark, trace)
        ) STRICT, WITHOUT ROWID;
        """;

    private readonly SqliteFile file;
    private readonly SqliteConnection writer;
    private readonly SqliteConnection reader;
    private readonly Lock writing = new();
    private readonly Lock reading = new();

    private TraceSegment(SqliteFile file, SqliteConnection writer, SqliteConnection reader) =>
        (this.file, this.writer, this.reader) = (file, writer, reader);

    public string Path => file.Path;

    /// <summary>On the disk, what is not yet in its final place included.</summary>
    public long Bytes => Size(Path) + Size($"{Path}-wal");

    /// <exception cref="Model.Problems.ProblemException">It cannot be opened, or is damaged.</exception>
    public static TraceSegment Open(string path)
    {
        var opened = new SqliteFile(path);
        return opened.Do(() =>
        {
            opened.Create();
            var first = opened.Connect();
            try
            {
                new Sql(first).Run(SmallCache);
                new Sql(first).Run(Schema);
                var second = opened.Connect();
                new Sql(second).Run(SmallCache);
                return new TraceSegment(opened, first, second);
            }
            catch
            {
                first.Dispose();
                throw;
            }
        });
    }

    public void Keep(IReadOnlyList<KeptSpans> batch, DateTimeOffset now)
    {
        lock (writing)
        {
            file.Do(() =>
            {
                using var transaction = writer.BeginTransaction();
                var sql = new Sql(writer, transaction);
                foreach (var one in batch)
                {
                    Keep(sql, one, now);
                }
                transaction.Commit();
                return true;
            });
        }
    }

    /// <summary>Packed parts of a trace.</summary>
    public IReadOnlyList<byte[]> Parts(TraceId trace) =>
        Read<IReadOnlyList<byte[]>>(sql =>
            [
                .. sql.Rows(
                    "SELECT body FROM parts WHERE trace = $1 ORDER BY rowid",
                    row => row.GetFieldValue<byte[]>(0),
                    Key(trace)
                ),
            ]
        );

    /// <summary>Traces that may fit, the newest first.</summary>
    /// <param name="mark">One that they must have; null for any.</param>
    public IReadOnlyList<TraceSummary> Search(TraceQuery query, long? mark, int max) =>
        Read<IReadOnlyList<TraceSummary>>(sql =>
            [
                .. sql.Rows(
                    mark is null
                        ? """
                        SELECT trace, start, finish, spans, errors, reason, first FROM traces
                        WHERE start >= $1 AND start < $2 AND finish - start >= $3 AND errors >= $4
                        ORDER BY start DESC LIMIT $5
                        """
                        : """
                        SELECT trace, start, finish, spans, errors, reason, first FROM traces
                        WHERE trace IN (SELECT trace FROM marks WHERE mark = $6)
                            AND start >= $1 AND start < $2 AND finish - start >= $3 AND errors >= $4
                        ORDER BY start DESC LIMIT $5
                        """,
                    Summary,
                    Nanoseconds(query.From),
                    Nanoseconds(query.To),
                    query.MinDuration.Ticks * TimeSpan.NanosecondsPerTick,
                    query.OnlyErrors ? 1 : 0,
                    max,
                    mark
                ),
            ]
        );

    public long Count => Read(sql => sql.Number("SELECT count(*) FROM traces")) ?? 0;

    /// <summary>When the first of its traces was kept, in milliseconds since 1970; null without any.</summary>
    public long? FirstKept => Read(sql => sql.Number("SELECT min(kept) FROM traces"));

    /// <summary>When the last of its traces was kept, in milliseconds since 1970; null without any.</summary>
    public long? LastKept => Read(sql => sql.Number("SELECT max(kept) FROM traces"));

    /// <summary>Nothing more is written to it: what lies beside is put into its place.</summary>
    public void Finish()
    {
        lock (writing)
        {
            file.Do(() => new Sql(writer).Run("PRAGMA wal_checkpoint(TRUNCATE)"));
        }
    }

    public void Dispose()
    {
        lock (writing)
        {
            lock (reading)
            {
                reader.Dispose();
                writer.Dispose();
            }
        }
    }

    public void Delete()
    {
        Dispose();
        Delete(Path);
    }

    public static void Delete(string path)
    {
        foreach (var end in new[] { "", "-wal", "-shm" })
        {
            File.Delete(path + end);
        }
    }

    private static void Keep(Sql sql, KeptSpans one, DateTimeOffset now)
    {
        var (digest, packed) = TracePart.Pack(one.Spans);
        var key = Key(one.Trace);
        if (sql.Run("INSERT OR IGNORE INTO parts (trace, digest, body) VALUES ($1, $2, $3)", key, digest, packed) == 0)
        {
            return;
        }
        var (start, finish) = (one.Spans.Min(span => span.Start), one.Spans.Max(span => span.End));
        var first = one.Spans.MaxBy(span => (span.Parent.IsNone, -span.Start))!;
        sql.Run(
            """
            INSERT INTO traces (trace, start, finish, spans, errors, reason, kept, first)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (trace) DO UPDATE SET
                first  = iif(start <= excluded.start, first, excluded.first),
                start  = min(start, excluded.start),
                finish = max(finish, excluded.finish),
                spans  = spans + excluded.spans,
                errors = errors + excluded.errors
            """,
            key,
            start,
            finish,
            one.Spans.Count,
            one.Spans.Count(span => span.IsError),
            one.Reason,
            now.ToUnixTimeMilliseconds(),
            JsonSerializer.Serialize(new First(first.Sender with { Attributes = [] }, first.Name))
        );
        sql.Run(
            "INSERT OR IGNORE INTO marks (mark, trace) SELECT value, $2 FROM json_each($1)",
            $"[{string.Join(',', TraceMarks.Of(one.Spans))}]",
            key
        );
    }

    private T Read<T>(Func<Sql, T> work)
    {
        lock (reading)
        {
            return file.Do(() => work(new Sql(reader)));
        }
    }

    private static TraceSummary Summary(SqliteDataReader row)
    {
        var key = row.GetFieldValue<byte[]>(0);
        var (start, finish) = (row.GetInt64(1), row.GetInt64(2));
        var first = JsonSerializer.Deserialize<First>(row.GetString(6))!;
        return new(
            new(BinaryPrimitives.ReadUInt64BigEndian(key), BinaryPrimitives.ReadUInt64BigEndian(key.AsSpan(8))),
            DateTimeOffset.UnixEpoch.AddTicks(start / TimeSpan.NanosecondsPerTick),
            TimeSpan.FromTicks((finish - start) / TimeSpan.NanosecondsPerTick),
            first.Sender,
            first.Operation,
            row.GetInt32(3),
            row.GetInt32(4),
            row.GetString(5)
        );
    }

    private static byte[] Key(TraceId trace)
    {
        var key = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(key, trace.High);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(8), trace.Low);
        return key;
    }

    private static long Nanoseconds(DateTimeOffset time)
    {
        var ticks = (time - DateTimeOffset.UnixEpoch).Ticks;
        const long most = long.MaxValue / TimeSpan.NanosecondsPerTick;
        return Math.Clamp(ticks, -most, most) * TimeSpan.NanosecondsPerTick;
    }

    private static long Size(string path) => new FileInfo(path) is { Exists: true } found ? found.Length : 0;

    private sealed record First(SpanSender Sender, string Operation);
}
