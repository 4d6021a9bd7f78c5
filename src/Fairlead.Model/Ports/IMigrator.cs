using Fairlead.Model.Data;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>Runs migrations in SQL at a database and remembers there which were done.</summary>
public interface IMigrator
{
    /// <summary>Connects, and waits until nobody else migrates the same database.</summary>
    /// <param name="url">Such as <c>postgres://user:password@host/database</c>, or the path of a file.</param>
    /// <exception cref="ProblemException">The server cannot be reached or refuses, or somebody else goes on for too long.</exception>
    Task<IMigrationSession> OpenAsync(string url, MigrationLimits limits, CancellationToken stop);
}

/// <summary>One who migrates a database, alone until it is disposed of.</summary>
public interface IMigrationSession : IAsyncDisposable
{
    /// <summary>What is migrated.</summary>
    DatabaseKind Kind { get; }

    /// <summary>What was done before, in the order in which it was done.</summary>
    IReadOnlyList<AppliedMigration> Applied { get; }

    /// <summary>Runs one file, and remembers that it was done: together with it in one transaction, where it can be in one.</summary>
    /// <param name="say">Takes what goes on, line by line.</param>
    /// <exception cref="ProblemException">
    /// A statement fails, or does not get its lock, or takes too long. What was not finished is not there, where the server can do that; else the file is told as done by half.
    /// </exception>
    Task<MigrationResult> RunAsync(MigrationOrder order, Action<string> say, CancellationToken stop);
}

/// <param name="Lock">How long a statement may wait for its lock.</param>
/// <param name="Statement">How long a statement may take.</param>
/// <param name="Queue">How long to wait for somebody else who migrates.</param>
public sealed record MigrationLimits(TimeSpan Lock, TimeSpan Statement, TimeSpan Queue)
{
    /// <summary>How often what did not get its lock is tried again, with growing pauses, in which others get through.</summary>
    public int LockRetries { get; init; } = 8;
}

/// <param name="Name">As its file is called.</param>
/// <param name="Digest">SHA-256 of its text in hex.</param>
/// <param name="IsWhole">False for one that cannot run in a transaction and was begun: what it left is looked at when it is run again.</param>
public sealed record AppliedMigration(string Name, string Digest, DateTimeOffset At, bool IsWhole);

/// <summary>A migration to run.</summary>
/// <param name="Statements">In their order.</param>
/// <param name="RunsAlone">Without a transaction, because the server refuses one or the file says so.</param>
/// <param name="Release">The release that brings it, for those who look at the table later.</param>
public sealed record MigrationOrder(
    string Name,
    string Digest,
    IReadOnlyList<MigrationStatement> Statements,
    bool RunsAlone,
    string Release
)
{
    /// <summary>Each statement is done again and again, in a transaction of its own, until it changes no row any more.</summary>
    public bool IsBatch { get; init; }

    /// <summary>The least pause between two rounds of a batch; they also pause as long as the round took, so half the time is others'.</summary>
    public TimeSpan BatchPause { get; init; }
}

/// <param name="Line">Where it begins in its file.</param>
public sealed record MigrationStatement(string Text, int Line);

/// <param name="Locks">Strong locks that it held at its end, such as <c>AccessExclusiveLock on orders</c>.</param>
/// <param name="Rows">How many rows it changed.</param>
/// <param name="Retries">How often it did not get its lock at first.</param>
public sealed record MigrationResult(TimeSpan Took, IReadOnlyList<string> Locks, long Rows, int Retries);
