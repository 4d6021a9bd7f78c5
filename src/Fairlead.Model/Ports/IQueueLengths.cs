using Fairlead.Model.Apps;

namespace Fairlead.Model.Ports;

/// <summary>Asks queues how much waits in them. Nothing is taken out or changed.</summary>
public interface IQueueLengths
{
    /// <summary>How much waits, or is worked on and not finished where the queue can tell.</summary>
    /// <param name="address">As the service itself is given it, with user and password; never shown.</param>
    /// <exception cref="Problems.ProblemException">It does not answer, refuses, or has no such queue.</exception>
    Task<double> CountAsync(string address, QueueRule queue, CancellationToken stop);
}
