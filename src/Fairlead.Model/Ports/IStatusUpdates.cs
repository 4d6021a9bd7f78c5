using Fairlead.Model.Monitoring;

namespace Fairlead.Model.Ports;

/// <summary>What is told to the public of incidents.</summary>
public interface IStatusUpdates
{
    /// <summary>Updates that are meant for everybody, newest first.</summary>
    /// <param name="since">None that are older.</param>
    Task<IReadOnlyList<StatusUpdate>> UpdatesAsync(DateTimeOffset since, CancellationToken stop);
}
