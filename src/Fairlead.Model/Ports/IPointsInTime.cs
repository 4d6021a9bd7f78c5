using Fairlead.Model.Data;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>
/// Brings back any moment of a database's server: a copy of all of it, and its log from there on. One file for each kind that can, in <c>Drivers/Data/Backups</c>.
/// </summary>
public interface IPointsInTime
{
    DatabaseKind Kind { get; }

    /// <summary>Writes a copy of the whole server, while it is used.</summary>
    /// <returns>What is in the database, and the place from which on its log is needed.</returns>
    /// <exception cref="ProblemException">It cannot be reached, its user may not, or it ended before all was written.</exception>
    Task<(DataFacts Facts, LogPlace Log)> SaveAsync(DataPlace place, Stream into, CancellationToken stop);

    /// <summary>Where the log ends now: what is acknowledged is before it.</summary>
    /// <exception cref="ProblemException">As above.</exception>
    Task<LogPlace> PlaceAsync(DataPlace place, CancellationToken stop);

    /// <summary>Hands on the log as it is written, until told to stop or the connection ends.</summary>
    /// <param name="from">Where to begin; null for now, at a place where a log can begin.</param>
    /// <param name="take">Given the place of the first byte and the bytes, without a hole between two calls.</param>
    /// <exception cref="ProblemException">As above; or the server has no longer what was to come first (<c>backup.log-gone</c>).</exception>
    Task FollowAsync(
        DataPlace place,
        LogPlace? from,
        Func<LogPlace, ReadOnlyMemory<byte>, CancellationToken, ValueTask> take,
        CancellationToken stop
    );

    /// <summary>Unpacks a copy into an empty folder.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    Task UnpackAsync(string folder, Stream copy, CancellationToken stop);

    /// <summary>Adds a piece of the log to it.</summary>
    Task AddAsync(string folder, LogPlace from, Stream piece, CancellationToken stop);

    /// <summary>Starts a server of its own on what was unpacked, which reads the log until a moment, or to its end where that comes first.</summary>
    /// <exception cref="ProblemException">It does not come up.</exception>
    Task<IRecoveredServer> RecoverAsync(string folder, DataPlace place, DateTimeOffset? until, CancellationToken stop);
}

/// <summary>A server of its own on data that was brought back, for as long as this is held.</summary>
public interface IRecoveredServer : IAsyncDisposable
{
    /// <summary>Where it stopped reading its log.</summary>
    LogPlace Log { get; }

    /// <summary>Its database, on this machine.</summary>
    string Address { get; }

    /// <summary>Looks at the database.</summary>
    /// <exception cref="ProblemException">Something does not hold.</exception>
    Task<Restored> LookAsync(IReadOnlyList<RestoreCheck> checks, DateTimeOffset at, CancellationToken stop);

    /// <summary>Copies the database into a new one beside the one in use.</summary>
    /// <returns>The new one's address.</returns>
    /// <exception cref="ProblemException">It cannot be made; nothing is left of it.</exception>
    Task<string> CopyAsync(DataPlace place, string name, CancellationToken stop);
}
