using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Microsoft.Data.Sqlite;

namespace Fairlead.Drivers.Stores;

/// <summary>Documents by collection and key. A version tells whoever read a document whether it is still the one they read.</summary>
internal static class DocumentTable
{
    private const string Select = "SELECT key, version, body FROM documents WHERE collection = $1 AND";

    public static Document? Read(Sql sql, string collection, string key) =>
        sql.Rows($"{Select} key = $2", Document, collection, key).FirstOrDefault();

    /// <summary>In the order of the keys' UTF-8 bytes.</summary>
    public static IEnumerable<Document> List(Sql sql, string collection, string prefix) =>
        sql.Rows($"{Select} key >= $2 ORDER BY key", Document, collection, prefix)
            .TakeWhile(one => one.Key.StartsWith(prefix, StringComparison.Ordinal));

    /// <exception cref="ConflictException">The document has another version than expected.</exception>
    public static void Write(Sql sql, Write write)
    {
        var version = sql.Number(
            "SELECT version FROM documents WHERE collection = $1 AND key = $2",
            write.Collection,
            write.Key
        );
        if (write.Expected is { } expected && expected != (version ?? 0))
        {
            throw new ConflictException(write.Collection, write.Key);
        }
        if (StoredText.Of(write.Body) is not { } body)
        {
            sql.Run("DELETE FROM documents WHERE collection = $1 AND key = $2", write.Collection, write.Key);
            return;
        }
        sql.Run(
            """
            INSERT INTO documents (collection, key, version, body) VALUES ($1, $2, 1, $3)
            ON CONFLICT (collection, key) DO UPDATE SET version = version + 1, body = excluded.body
            """,
            write.Collection,
            write.Key,
            body
        );
    }

    private static Document Document(SqliteDataReader reader) =>
        new(reader.GetString(0), reader.GetInt32(1), JsonNode.Parse(reader.GetString(2))!);
}
