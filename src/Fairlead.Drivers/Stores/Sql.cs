using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Fairlead.Drivers.Stores;

/// <summary>Runs statements on a connection. Values go in as <c>$1</c>, <c>$2</c>, ... and never become a part of the text.</summary>
internal sealed class Sql(SqliteConnection connection, SqliteTransaction? transaction = null)
{
    /// <returns>How many rows it changed.</returns>
    public int Run(string text, params ReadOnlySpan<object?> values)
    {
        using var command = Command(text, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The number in the first column of the first row; null when there is none.</summary>
    public long? Number(string text, params ReadOnlySpan<object?> values)
    {
        using var command = Command(text, values);
        return command.ExecuteScalar() is { } number and not DBNull
            ? Convert.ToInt64(number, CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>Rows as they are asked for, so that who has enough reads no more.</summary>
    public IEnumerable<T> Rows<T>(string text, Func<SqliteDataReader, T> read, params object?[] values)
    {
        using var command = Command(text, values);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return read(reader);
        }
    }

    private SqliteCommand Command(string text, ReadOnlySpan<object?> values)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The text is ours; what comes from outside is bound below.
        command.CommandText = text;
#pragma warning restore CA2100
        for (var at = 0; at < values.Length; at++)
        {
            command.Parameters.AddWithValue(
                string.Create(CultureInfo.InvariantCulture, $"${at + 1}"),
                values[at] ?? DBNull.Value
            );
        }
        return command;
    }
}
