using Npgsql;

namespace Fairlead.Drivers.Data;

/// <summary>Statements whose text is ours, or a migration's that somebody wrote to be run as it is.</summary>
internal static class PostgresCalls
{
    /// <returns>How many rows it changed; -1 where that cannot be said.</returns>
    public static async Task<int> RunAsync(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
#pragma warning disable CA2100 // See the summary.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>The first value of the first row.</summary>
    public static async Task<T> AskAsync<T>(NpgsqlConnection connection, string sql, CancellationToken stop) =>
        await AskAsync<T>(connection, sql, [], stop);

    /// <summary>The same with values, each by its name.</summary>
    public static async Task<T> AskAsync<T>(
        NpgsqlConnection connection,
        string sql,
        IEnumerable<(string Name, object Value)> values,
        CancellationToken stop
    )
    {
#pragma warning disable CA2100 // See the summary.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }
        return (T)(await command.ExecuteScalarAsync(stop))!;
    }
}
