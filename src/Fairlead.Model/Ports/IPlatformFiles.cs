using Fairlead.Model.Data;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>All that makes one Fairlead what it is: journal, keys, certificates, routes, artifacts. Not telemetry, nor what can be built again.</summary>
public interface IPlatformFiles
{
    /// <summary>The state folder.</summary>
    string Root { get; }

    /// <summary>Writes it as it is at this moment, also while it runs.</summary>
    /// <exception cref="ProblemException">There is nothing to save, or its journal is in a PostgreSQL.</exception>
    Task<DataFacts> SaveAsync(Stream into, CancellationToken stop);

    /// <summary>Reads one that was saved, to its end, and looks at its journal; nothing is kept of it.</summary>
    /// <exception cref="ProblemException">It is cut off, or its journal is not whole.</exception>
    Task<DataFacts> TryAsync(Stream from, CancellationToken stop);

    /// <summary>Makes the state folder of one that was saved.</summary>
    /// <exception cref="ProblemException">There is a Fairlead already, or what was saved is not whole: the folder is as it was then.</exception>
    Task<DataFacts> RestoreAsync(Stream from, CancellationToken stop);
}
