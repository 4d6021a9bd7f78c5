using Fairlead.Model.Data;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>Takes the data of one kind out as a stream, and puts such a stream back somewhere else. One file each in <c>Drivers/Data/Backups</c>.</summary>
/// <remarks>The stream is what the kind's own tools read, so that it is worth something without Fairlead.</remarks>
public interface IBackupDriver
{
    DatabaseKind Kind { get; }

    /// <summary>Writes all of the data as it was at one moment.</summary>
    /// <returns>What was there at that moment.</returns>
    /// <exception cref="ProblemException">It cannot be reached, or ended before all was written: what was written is worth nothing then.</exception>
    Task<DataFacts> SaveAsync(DataPlace place, Stream into, CancellationToken stop);

    /// <summary>Puts it back on this machine where nobody uses it, in an empty folder, to be looked at.</summary>
    /// <param name="checks">What must hold of it.</param>
    /// <exception cref="ProblemException">It cannot be put back, or something does not hold.</exception>
    Task<Restored> TryAsync(
        string folder,
        Stream from,
        IReadOnlyList<RestoreCheck> checks,
        DateTimeOffset at,
        CancellationToken stop
    );

    /// <summary>Puts it back for real, into a new place beside the one that is in use, which is not touched.</summary>
    /// <param name="place">The one that is in use.</param>
    /// <param name="name">What the new one is called: a database, a file or a folder beside it.</param>
    /// <returns>The new one's address or path.</returns>
    /// <exception cref="ProblemException">It cannot be put back, or there is something of that name; nothing is left of it.</exception>
    Task<string> RestoreAsync(DataPlace place, string name, Stream from, CancellationToken stop);
}

/// <summary>A driver that can put a backup on a server made for it, for as long as somebody does something there.</summary>
public interface IBackupCopies
{
    /// <param name="folder">An empty folder that the server may use.</param>
    /// <param name="act">Is given the copy's address.</param>
    /// <exception cref="ProblemException">The backup cannot be put back.</exception>
    Task<T> OnCopyAsync<T>(
        string folder,
        Stream from,
        Func<string, CancellationToken, Task<T>> act,
        CancellationToken stop
    );
}

/// <summary>Where data is.</summary>
/// <param name="Address">Of a server, with its password; or the path of a file or folder.</param>
public sealed record DataPlace(string Name, string Address)
{
    /// <summary>The address has a password.</summary>
    public override string ToString() => Name;
}

/// <param name="Looks">What was looked at, a line each.</param>
public sealed record Restored(DataFacts Facts, IReadOnlyList<string> Looks);

/// <summary>Where backups are kept: encrypted, each byte once, provable.</summary>
public interface IBackupRepository
{
    /// <summary>Keeps what is written. Only once all was written is there a backup.</summary>
    /// <param name="tags">What is known of it, kept with it.</param>
    /// <param name="write">Writes it, and says what else is to be kept with it at its end.</param>
    /// <returns>Its id, 8 letters.</returns>
    /// <exception cref="ProblemException">The repository cannot be used or is full, or writing failed: there is no backup then.</exception>
    Task<string> KeepAsync(
        IReadOnlyDictionary<string, string> tags,
        Func<Stream, CancellationToken, Task<IReadOnlyDictionary<string, string>>> write,
        int? kibPerSecondMax,
        CancellationToken stop
    );

    /// <summary>Keeps a few bytes that are there already, also while a backup is written.</summary>
    /// <param name="tags">All that is known of it, a digest of its bytes among it: what was cut off is known by that.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="ProblemException">The repository cannot be used or is full.</exception>
    Task<string> KeepWholeAsync(
        IReadOnlyDictionary<string, string> tags,
        ReadOnlyMemory<byte> bytes,
        int? kibPerSecondMax,
        CancellationToken stop
    );

    /// <summary>Reads a backup from its first byte to its last.</summary>
    /// <exception cref="ProblemException">It is not there, or a byte of it is not what was written, or the key is another one.</exception>
    Task<T> ReadAsync<T>(string id, Func<Stream, CancellationToken, Task<T>> read, CancellationToken stop);

    /// <summary>All backups that were written to their end, oldest first.</summary>
    Task<IReadOnlyList<KeptBackup>> ListAsync(CancellationToken stop);

    /// <summary>Removes backups and the bytes that none of the others needs.</summary>
    Task RemoveAsync(IReadOnlyList<string> ids, CancellationToken stop);
}

/// <summary>A backup as its repository knows it.</summary>
public sealed record KeptBackup(string Id, DateTimeOffset At, IReadOnlyDictionary<string, string> Tags);

/// <summary>Opens repositories.</summary>
public interface IBackupRepositories
{
    /// <param name="settings">
    /// The address, such as <c>s3:https://s3.example.com/bucket</c>, and below it lines such as <c>AWS_ACCESS_KEY_ID=...</c>; null for a folder of Fairlead's own.
    /// </param>
    /// <param name="password">What it is encrypted with; null for the key of this state folder.</param>
    IBackupRepository Open(Secret? settings, Secret? password);
}
