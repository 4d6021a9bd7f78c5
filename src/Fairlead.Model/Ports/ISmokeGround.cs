using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>Runs one instance of an app where nobody reaches it, to see whether it comes up.</summary>
public interface ISmokeGround
{
    /// <summary>Starts it, waits until it is well or, where it is a job, has ended, and ends it with all that it started.</summary>
    /// <returns>Why it is not well; null when it is.</returns>
    /// <exception cref="ProblemException">It cannot be tried at all.</exception>
    Task<Problem?> TryAsync(SmokeOrder order, CancellationToken stop);
}

/// <param name="Secrets">Values of the secrets that the instance is started with.</param>
/// <param name="TimeMax">How long it may take until it is well.</param>
public sealed record SmokeOrder(InstanceOrder Instance, IReadOnlyList<SecretValue> Secrets, TimeSpan TimeMax);
