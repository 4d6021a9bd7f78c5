using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Queues;

/// <summary>Asks each queue in its own language. Each question is a visit of its own: none holds a connection open.</summary>
public sealed class QueueLengths : IQueueLengths
{
    private static readonly string[] RedisSchemes = ["redis", "rediss"];
    private static readonly string[] AmqpSchemes = ["amqp", "amqps"];
    private static readonly string[] PostgresSchemes = ["postgres", "postgresql"];

    public Task<double> CountAsync(string address, QueueRule queue, CancellationToken stop) =>
        queue.Kind switch
        {
            QueueKind.List or QueueKind.Stream => RedisQueue.CountAsync(
                Read(address, queue, RedisSchemes),
                queue,
                stop
            ),
            QueueKind.Queue => RabbitQueue.CountAsync(Read(address, queue, AmqpSchemes), queue, stop),
            QueueKind.Query => PostgresQueue.CountAsync(Read(address, queue, PostgresSchemes), queue, stop),
            _ => throw new ArgumentOutOfRangeException(nameof(queue), queue.Kind, "is no queue"),
        };

    private static Uri Read(string address, QueueRule queue, string[] schemes) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && schemes.Contains(uri.Scheme, StringComparer.Ordinal)
        && uri.Host.Length > 0
            ? uri
            : throw new ProblemException(
                new Problem(
                    "scale.queue-address",
                    What: $"The address of the queue in {queue.Url} cannot be used.",
                    // Not the address: it may hold a password.
                    Why: $"It has no host, or does not begin with {string.Join(" or ", schemes.Select(scheme => $"{scheme}://"))}.",
                    Fix: $"Give {queue.Url} an address such as {schemes[0]}://user:password@host/"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
}
