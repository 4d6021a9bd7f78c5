using Fairlead.Model.Incidents;

namespace Fairlead.Model.Ports;

/// <summary>What drills need of the program itself: an app that can go wrong, and its own processes.</summary>
public interface IDrillGround
{
    /// <summary>Writes the folder of the scratch app, with its manifest.</summary>
    /// <param name="goesBack">Whether a bad release of it shall be taken back.</param>
    /// <returns>The folder, absolute.</returns>
    string Prepare(bool goesBack);

    /// <summary>Begins or ends a fault of what the scratch app needs.</summary>
    /// <param name="fault">As drills are called, such as <c>full-disk</c>.</param>
    /// <exception cref="Problems.ProblemException">It cannot be made here.</exception>
    Task FaultAsync(string fault, bool isOn, CancellationToken stop);

    /// <summary>What the scratch app's visitor counted so far; null while it does not answer.</summary>
    Task<DrillTally?> TallyAsync(CancellationToken stop);

    /// <summary>The process that plays a role now, <c>server</c> or <c>node</c>, in words that another process never has; null for none.</summary>
    string? ProcessOf(string role);

    /// <summary>Kills that process without a word. For <c>server</c> this call does not come back.</summary>
    void Kill(string role);
}
