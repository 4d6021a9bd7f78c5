using System.Globalization;
using Fairlead.Drivers.Probes;
using Fairlead.Model.Apps;

namespace Fairlead.Drivers.Queues;

/// <summary>
/// Lists and streams of Redis and Valkey. Of a stream counts what its readers have not finished: what they were given, and what they have
/// not read yet where Redis knows it (since 7.0; redis.io/docs/latest/commands/xinfo-groups).
/// </summary>
internal static class RedisQueue
{
    public static Task<double> CountAsync(Uri address, QueueRule queue, CancellationToken stop) =>
        ServiceConnection.AskAsync(
            address,
            RedisProbe.UsualPort,
            connection => AskAsync(address, connection, queue, stop),
            stop
        );

    private static async Task<double> AskAsync(
        Uri address,
        ServiceConnection connection,
        QueueRule queue,
        CancellationToken stop
    )
    {
        await RedisWire.SignInAsync(address, connection, stop);
        var database = address.AbsolutePath.Trim('/');
        if (database.Length > 0)
        {
            await RedisWire.CallAsync(connection, ["SELECT", database], stop);
        }
        return queue.Kind is QueueKind.List
            ? Number(await RedisWire.CallAsync(connection, ["LLEN", queue.Name], stop))
            : UnfinishedOf(await RedisWire.CallAsync(connection, ["XINFO", "GROUPS", queue.Name], stop), queue);
    }

    /// <summary>Reads XINFO GROUPS: for each group a list of names and values, such as <c>name workers pending 2 lag 5</c>.</summary>
    internal static double UnfinishedOf(object? groups, QueueRule queue)
    {
        foreach (var group in (groups as IReadOnlyList<object?> ?? []).OfType<IReadOnlyList<object?>>())
        {
            var fields = group
                .Chunk(2)
                .Where(pair => pair is [string, _])
                .DistinctBy(pair => (string)pair[0]!)
                .ToDictionary(pair => (string)pair[0]!, pair => pair[1], StringComparer.Ordinal);
            if (fields.GetValueOrDefault("name") is string name && name == queue.Group)
            {
                // Where some were deleted, Redis does not know how many are left to read and says nothing.
                return fields.GetValueOrDefault("lag") is { } lag
                    ? Number(fields.GetValueOrDefault("pending")) + Number(lag)
                    : throw new NotUnderstoodException(
                        $"It does not know how much of '{queue.Name}' the group '{name}' has not read."
                    );
            }
        }
        throw new NotUnderstoodException($"The stream '{queue.Name}' has no group '{queue.Group}'.");
    }

    private static double Number(object? answer) =>
        answer switch
        {
            long number => number,
            string text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
                number,
            _ => throw new NotUnderstoodException("It does not answer with a number."),
        };
}
