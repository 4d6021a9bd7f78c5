using System.Globalization;
using Npgsql;

namespace Fairlead.Drivers.Stores;

/// <summary>Runs statements on a connection. Values go in as <c>$1</c>, <c>$2</c>, ... and never become a part of the text.</summary>
internal sealed class PostgresSql(NpgsqlConnection connection, NpgsqlTransaction? transaction = null)
{
    public async Task<int> RunAsync(string text, object?[] values, CancellationToken stop)
    {
        await using var command = Command(text, values);
        return await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>The number in the first column of the first row; null when there is none.</summary>
    public async Task<long?> NumberAsync(string text, object?[] values, CancellationToken stop)
    {
        await using var command = Command(text, values);
        return await command.ExecuteScalarAsync(stop) is { } number and not DBNull
            ? Convert.ToInt64(number, CultureInfo.InvariantCulture)
            : null;
    }

    public async Task<IReadOnlyList<T>> RowsAsync<T>(
        string text,
        object?[] values,
        Func<NpgsqlDataReader, T> read,
        CancellationToken stop
    )
    {
        await using var command = Command(text, values);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var rows = new List<T>();
        while (await reader.ReadAsync(stop))
        {
            rows.Add(read(reader));
        }
        return rows;
    }

    /// <summary>Runs statements in one exchange.</summary>
    public async Task RunAllAsync(IEnumerable<(string Text, object?[] Values)> statements, CancellationToken stop)
    {
        await using var batch = Batch(statements);
        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(stop);
        }
    }

    public NpgsqlBatch Batch(IEnumerable<(string Text, object?[] Values)> statements)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        foreach (var (text, values) in statements)
        {
            var command = new NpgsqlBatchCommand(text);
            Bind(command.Parameters, values);
            batch.BatchCommands.Add(command);
        }
        return batch;
    }

    /// <param name="text">Ours; what comes from outside is bound.</param>
    public NpgsqlCommand Command(string text, object?[] values)
    {
        var command = new NpgsqlCommand(text, connection, transaction);
        Bind(command.Parameters, values);
        return command;
    }

    private static void Bind(NpgsqlParameterCollection parameters, object?[] values)
    {
        foreach (var value in values)
        {
            parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
    }
}
