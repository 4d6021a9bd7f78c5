namespace Fairlead.Model.Ports;

/// <summary>What the server does all the time beside its decisions, such as collecting numbers. None of it may hold a deployment up.</summary>
public interface IBackgroundWork
{
    /// <summary>For the log, such as <c>scrape</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Works until told to stop, or comes back when there is nothing to do. What it throws is logged and it is begun again after a
    /// pause, so it must be able to begin in the midst of what it did before.
    /// </summary>
    Task RunAsync(CancellationToken stop);
}
