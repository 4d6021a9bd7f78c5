using Fairlead.Model.Incidents;

namespace Fairlead.Model.Ports;

/// <summary>What drills need of the program itself: an app that can go wrong, and its own processes.</summary>
public interface IDrillGround
{
    /// <summary>Writes the folder of the scratch app, with its manifest.</summary>
    /// <returns>The folder, absolute.</returns>
    string Prepare();

    /// <summary>What the scratch app's visitor counted so far; null while it does not answer.</summary>
    Task<DrillTally?> TallyAsync(CancellationToken stop);

    /// <summary>The process that plays a role now, <c>server</c> or <c>node</c>, in words that another process never has; null for none.</summary>
    string? ProcessOf(string role);

    /// <summary>Kills that process without a word. For <c>server</c> this call does not come back.</summary>
    void Kill(string role);
}
