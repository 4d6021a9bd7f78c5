using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>
/// The server's memory: a journal that is only ever appended to, but for lines that a signed removal stands for, and documents by key, changed together in one durable
/// transaction. What it acknowledged survives a kill and a power cut.
/// </summary>
public interface IStore
{
    /// <summary>Takes charge: hands out a fence higher than any before, so that every earlier holder's commits are refused.</summary>
    /// <exception cref="ChargeHeldException">Several servers share the store (<see cref="ILease"/>), and another is in charge.</exception>
    Task<Fence> TakeChargeAsync(string owner, CancellationToken stop);

    /// <summary>Appends and writes all of a change, or nothing.</summary>
    /// <returns>The journal entries as written.</returns>
    /// <exception cref="FencedException">The change's fence is not the newest.</exception>
    /// <exception cref="ConflictException">A document has another version than the change expects.</exception>
    /// <exception cref="Problems.ProblemException">The disk is full or read-only; nothing was changed.</exception>
    Task<IReadOnlyList<JournalEntry>> CommitAsync(Change change, CancellationToken stop);

    /// <summary>A document and its version; null when there is none.</summary>
    Task<Document?> ReadAsync(string collection, string key, CancellationToken stop);

    /// <summary>Documents of a collection whose keys begin with a prefix, in the order of their keys.</summary>
    Task<IReadOnlyList<Document>> ListAsync(string collection, string keyPrefix, CancellationToken stop);

    /// <summary>Journal entries after a sequence number, oldest first.</summary>
    /// <param name="filter">Only entries of this site or deployment; null for all.</param>
    /// <param name="max">1 to 10,000.</param>
    Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(
        long after,
        JournalFilter? filter,
        int max,
        CancellationToken stop
    );

    /// <summary>Lines of the journal as they are hashed, after a sequence number, oldest first.</summary>
    /// <param name="max">1 to 10,000.</param>
    Task<IReadOnlyList<HashedLine>> ReadLinesAsync(long after, int max, CancellationToken stop);

    /// <summary>What stands for lines that were removed, oldest first.</summary>
    Task<IReadOnlyList<Removal>> ReadRemovalsAsync(CancellationToken stop);

    /// <summary>Recomputes the hash chain; null when it is whole, else the first sequence number that does not fit.</summary>
    Task<long?> FindBreakAsync(CancellationToken stop);
}

/// <param name="Version">1 when first written, then one more each time.</param>
public sealed record Document(string Key, int Version, JsonNode Body);

/// <summary>What is to be written in one transaction.</summary>
public sealed record Change(Fence Fence)
{
    public IReadOnlyList<NewEntry> Entries { get; init; } = [];

    public IReadOnlyList<Write> Writes { get; init; } = [];

    /// <summary>Removes the lines that it stands for; null removes none. It must begin where the one before it ended.</summary>
    public Removal? Removal { get; init; }
}

/// <param name="Expected">The version it must have now; 0 when it must not exist; null when that does not matter.</param>
/// <param name="Body">Null deletes it.</param>
public sealed record Write(string Collection, string Key, JsonNode? Body, int? Expected = null);

/// <summary>Something to be remembered.</summary>
/// <param name="Kind">requested, planned, intent, outcome, step, verdict, ended, ...</param>
/// <param name="Deployment">Id of the deployment it belongs to, if any.</param>
/// <param name="Text">One line for people.</param>
/// <param name="Body">The same for programs; no secrets.</param>
public sealed record NewEntry(Site Site, string? Deployment, string Kind, string Text, JsonNode? Body = null);

/// <summary>A line of the journal.</summary>
/// <param name="Sequence">1 for the first, without gaps but for lines that were removed from the beginning.</param>
/// <param name="Hash">SHA-256 over the hash before and everything here, in hex.</param>
public sealed record JournalEntry(
    long Sequence,
    DateTimeOffset At,
    Site Site,
    string? Deployment,
    string Kind,
    string Text,
    JsonNode? Body,
    string Hash
);

/// <summary>Which journal entries are asked for.</summary>
public sealed record JournalFilter(Site? Site = null, string? Deployment = null);

/// <summary>Thrown when a document changed between reading and writing it; read again and decide again.</summary>
public sealed class ConflictException(string collection, string key)
    : Exception($"{collection}/{key} was changed by someone else.");
