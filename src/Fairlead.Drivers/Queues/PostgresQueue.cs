using System.Globalization;
using Fairlead.Drivers.Probes;
using Fairlead.Model.Apps;

namespace Fairlead.Drivers.Queues;

/// <summary>Tables of PostgreSQL that are used as queues: what a query counts, in a transaction that may only read.</summary>
internal static class PostgresQueue
{
    public static Task<double> CountAsync(Uri address, QueueRule queue, CancellationToken stop) =>
        PostgresProbe.VisitAsync(
            address,
            "-c default_transaction_read_only=on",
            async connection =>
            {
                await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // It is the manifest's own query, to the manifest's own database.
                command.CommandText = queue.Name;
#pragma warning restore CA2100
                return NumberOf(await command.ExecuteScalarAsync(stop));
            },
            stop
        );

    private static double NumberOf(object? value) =>
        value switch
        {
            null or DBNull => throw new NotUnderstoodException("The query gives nothing."),
            long or int or short or decimal or double or float => Convert.ToDouble(value, CultureInfo.InvariantCulture),
            _ => throw new NotUnderstoodException("The query does not give a number."),
        };
}
