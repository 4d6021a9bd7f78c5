using Fairlead.Drivers.Probes.Amqp;
using Fairlead.Model.Apps;

namespace Fairlead.Drivers.Queues;

/// <summary>Queues of RabbitMQ: what is ready to be taken, as AMQP tells of a queue that is declared passively.</summary>
internal static class RabbitQueue
{
    public static async Task<double> CountAsync(Uri address, QueueRule queue, CancellationToken stop) =>
        await AmqpProbe.CountAsync(address, queue.Name, stop);
}
