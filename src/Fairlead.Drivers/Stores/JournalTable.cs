using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Http;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Stores;

/// <summary>Appends to the journal's table, reads it, and recomputes its chain.</summary>
internal static class JournalTable
{
    public const string Columns = "seq, at, app, environment, deployment, fence, kind, text, body, hash";

    public static JournalEntry Append(Sql sql, NewEntry entry, Fence fence, DateTimeOffset now)
    {
        var (last, before) = Head(sql);
        var row = Row(last + 1, entry, fence, now);
        var hash = JournalChain.Hash(before, row);
        sql.Run(
            $"INSERT INTO journal ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            row.Sequence,
            row.At,
            row.App,
            row.Environment,
            row.Deployment,
            row.Fence,
            row.Kind,
            row.Text,
            row.Body,
            hash
        );
        sql.Run("UPDATE head SET seq = $1, hash = $2", row.Sequence, hash);
        return Entry(row, hash);
    }

    public static IEnumerable<JournalEntry> Read(Sql sql, long after, JournalFilter? filter, int max)
    {
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
            where += filter.Site is null ? " AND deployment = $3" : " AND deployment = $5";
        }
        return sql.Rows($"SELECT {Columns} FROM journal WHERE {where} ORDER BY seq LIMIT $2", Entry, [.. values]);
    }

    /// <summary>Lines as they are hashed, with their hashes.</summary>
    public static IEnumerable<HashedLine> Lines(Sql sql, long after, int max) =>
        sql.Rows($"SELECT {Columns} FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2", Hashed, after, max);

    public static IEnumerable<Removal> Removals(Sql sql) =>
        sql.Rows(
            "SELECT body FROM removals ORDER BY last",
            reader => JsonSerializer.Deserialize<Removal>(reader.GetString(0), Wire.Json)!
        );

    /// <summary>Removes lines, and leaves in their place what stands for them.</summary>
    public static void Remove(Sql sql, Removal removal)
    {
        var chain = sql.Rows("SELECT hash FROM journal WHERE seq = $1", reader => reader.GetString(0), removal.Last())
            .FirstOrDefault();
        CheckRemoval(removal, Removed(sql), chain);
        sql.Run(
            "INSERT INTO removals (last, hash, body) VALUES ($1, $2, $3)",
            removal.Last(),
            removal.Head.Chain,
            JsonSerializer.Serialize(removal, Wire.Json)
        );
        sql.Run("DELETE FROM journal WHERE seq <= $1", removal.Last());
    }

    /// <summary>The first sequence number that is missing or does not fit; null when the chain is whole.</summary>
    public static long? FindBreak(Sql sql, CancellationToken stop)
    {
        var head = Head(sql);
        var walk = new ChainWalk(Removed(sql));
        foreach (var line in sql.Rows($"SELECT {Columns} FROM journal ORDER BY seq", Hashed))
        {
            stop.ThrowIfCancellationRequested();
            if (!walk.Takes(line))
            {
                return walk.Next;
            }
        }
        return walk.EndsAt(head) ? null : walk.Next;
    }

    public static HashedLine Hashed(DbDataReader reader) => new(Row(reader), reader.GetString(9));

    public static JournalEntry Entry(DbDataReader reader) => Entry(Row(reader), reader.GetString(9));

    /// <summary>What is hashed of an entry.</summary>
    public static JournalRow Row(long sequence, NewEntry entry, Fence fence, DateTimeOffset now) =>
        new(
            sequence,
            JournalChain.TimeText(now),
            entry.Site.App,
            entry.Site.Environment,
            entry.Deployment,
            fence.Number,
            entry.Kind,
            StoredText.Clean(entry.Text),
            StoredText.Of(entry.Body)
        );

    /// <exception cref="InvalidOperationException">The lines are not the journal's first.</exception>
    /// <param name="removed">What was removed so far: the last line, and its hash.</param>
    /// <param name="chain">The hash of the last line that is to be removed; null when it is not there.</param>
    public static void CheckRemoval(Removal removal, (long Last, string Hash) removed, string? chain)
    {
        if (removal.First != removed.Last + 1 || removal.Before != removed.Hash || removal.Head.Chain != chain)
        {
            throw new InvalidOperationException(
                $"The journal begins at line {removed.Last + 1}; lines {removal.First} to {removal.Last()} are not its first."
            );
        }
    }

    /// <summary>The last line that was removed, and its hash.</summary>
    private static (long Sequence, string Hash) Removed(Sql sql) =>
        sql.Rows(
                "SELECT last, hash FROM removals ORDER BY last DESC LIMIT 1",
                reader => (reader.GetInt64(0), reader.GetString(1))
            )
            .FirstOrDefault((0, JournalChain.Root));

    private static (long Sequence, string Hash) Head(Sql sql) =>
        sql.Rows("SELECT seq, hash FROM head", reader => (reader.GetInt64(0), reader.GetString(1))).First();

    private static JournalRow Row(DbDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetString(3),
            reader.IsDBNull(4) ? null : reader.GetString(4),
            reader.GetInt64(5),
            reader.GetString(6),
            reader.GetString(7),
            reader.IsDBNull(8) ? null : reader.GetString(8)
        );

    public static JournalEntry Entry(JournalRow row, string hash) =>
        new(
            row.Sequence,
            JournalChain.Time(row.At),
            new Site(row.App, row.Environment),
            row.Deployment,
            row.Kind,
            row.Text,
            row.Body is null ? null : JsonNode.Parse(row.Body),
            hash
        );
}
