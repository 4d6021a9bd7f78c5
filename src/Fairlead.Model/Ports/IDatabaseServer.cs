using Fairlead.Model.Data;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>
/// Runs servers of one kind of database on this machine, each in a folder of its own and on loopback alone. One file each in <c>Drivers/Data/Servers</c>. A server
/// lives in a session of its own: it outlives whoever started it, and is found again.
/// </summary>
public interface IDatabaseServer
{
    DatabaseKind Kind { get; }

    /// <summary>The address of its one database, for the one user that it has beside its owner.</summary>
    string AddressOf(int port, string password);

    /// <summary>
    /// Sees to it that it runs and answers: what is there is started, and made first when there is nothing. May be called again and again; one that answers is left
    /// alone.
    /// </summary>
    /// <exception cref="ProblemException">
    /// The programs are not here, the port is somebody else's, or the data is of another version: then nothing was touched.
    /// </exception>
    Task<ServerSight> EnsureAsync(ServerOrder order, CancellationToken stop);

    /// <summary>Ends it in order, with all that it was told on the disk; one that does not run is no fault.</summary>
    Task StopAsync(ServerOrder order, CancellationToken stop);

    /// <summary>Ends it and removes its data for good.</summary>
    Task RemoveAsync(ServerOrder order, CancellationToken stop);
}

/// <summary>A kind whose servers can have one beside them that follows all they do, and takes their place.</summary>
public interface IStandbyServer
{
    /// <summary>Whether there is one that could take the place.</summary>
    bool HasStandby(ServerOrder order);

    /// <summary>Sees to it that one follows; made first when there is none. May be called again and again.</summary>
    /// <param name="order">The server that is followed, with the password of its user.</param>
    /// <exception cref="ProblemException">It cannot be made or started.</exception>
    Task EnsureStandbyAsync(ServerOrder order, int port, CancellationToken stop);

    /// <summary>Ends the one that follows and removes it; none is no fault.</summary>
    Task EndStandbyAsync(ServerOrder order, CancellationToken stop);

    /// <summary>
    /// Lets the one that follows take the place, and the port, of the other, which is ended first and put aside, where nothing starts it. Called again after it was cut
    /// off, it goes on.
    /// </summary>
    /// <exception cref="ProblemException">None follows, or the new one does not start.</exception>
    Task FailOverAsync(ServerOrder order, int port, CancellationToken stop);
}

/// <summary>A server that is to run.</summary>
/// <param name="Path">Its folder, below that of all: <c>app/environment/name</c>.</param>
/// <param name="Password">What its user is to have, where it is made; null where it must be there already.</param>
public sealed record ServerOrder(string Path, int Port, int ConnectionsMax, Secret? Password);

/// <param name="Version">Such as <c>15.6</c>.</param>
/// <param name="WasStarted">It did not run before.</param>
public sealed record ServerSight(string Version, bool WasStarted);
