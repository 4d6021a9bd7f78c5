using Fairlead.Model.Pipelines;

namespace Fairlead.Model.Ports;

/// <summary>
/// What tasks made anywhere in a team, kept by a server that several machines ask. It may be slow, gone or full, and it may lie: then it is as if it
/// had nothing, and a run is neither failed nor held up by it.
/// </summary>
public interface ISharedCache : IDisposable
{
    /// <summary>The entry with this key that may be used in a scope: made there or in the main one, and signed by who may sign there. Null when there is none.</summary>
    /// <param name="globs">The task's outputs: an entry with anything else is not taken.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> fired.</exception>
    Task<SharedTask?> FindAsync(TaskKey key, string scope, IReadOnlyList<string> globs, CancellationToken stop);

    /// <summary>Brings an entry into the cache of this machine; false when that cannot be done in about the time in which its task would be done again.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> fired.</exception>
    Task<bool> BringAsync(SharedTask found, CancellationToken stop);

    /// <summary>Sends an entry that the cache of this machine has, in the background.</summary>
    void Offer(KeptTask entry);

    /// <summary>What the team knows of tests under a name: how long they took, or how they were split. It is as old and as wrong as whoever signed it: a hint, and nothing to rely on.</summary>
    /// <returns>What may be used in a scope, made there or in the main one; null when there is none, or only what is older than three months.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> fired.</exception>
    Task<PastTests?> TestsAsync(string name, string scope, CancellationToken stop);

    /// <summary>Sends what is known of tests under a name, in the background; it takes the place of what was sent under that name in that scope before.</summary>
    void Offer(string name, string scope, PastTests tests);

    /// <summary>Waits within a limit until what was offered is sent. Nothing is taken any more afterwards.</summary>
    /// <returns>What people should know of it, a sentence each.</returns>
    Task<IReadOnlyList<string>> SettleAsync(CancellationToken stop);
}

/// <summary>An entry of a shared cache whose signature was checked.</summary>
/// <param name="Pack">SHA-256 of all its files' bytes as they are sent, 64 hex digits; empty when it has no files.</param>
/// <param name="PackBytes">How many they are as they are sent.</param>
public sealed record SharedTask(KeptTask Task, string Pack, long PackBytes);
