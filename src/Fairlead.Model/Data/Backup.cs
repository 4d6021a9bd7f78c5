using System.Text.Json.Serialization;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Data;

/// <summary>What is known of a backup. Only a restore makes one verified.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BackupState>))]
public enum BackupState
{
    /// <summary>Nobody has tried to restore it, or nobody knows any more how that went.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>It is in its repository; nobody has restored it.</summary>
    [JsonStringEnumMemberName("taken")]
    Taken,

    /// <summary>It was restored somewhere else, and what must hold of it held.</summary>
    [JsonStringEnumMemberName("verified")]
    Verified,

    /// <summary>It was verified so long ago that its repository may have rotted since.</summary>
    [JsonStringEnumMemberName("stale")]
    Stale,

    /// <summary>It could not be taken, or could not be restored, or what was restored is not what it must be.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>One backup of one database, or the attempt to take one.</summary>
public sealed record Backup
{
    /// <summary>Names it, 8 letters: of its repository, where it is there.</summary>
    public required string Id { get; init; }

    public required Site Site { get; init; }

    public required string Database { get; init; }

    public required DatabaseKind Kind { get; init; }

    /// <summary>What it holds is what was there at this moment.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took to take.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>What was written, before it was compressed.</summary>
    public long Bytes { get; init; }

    /// <summary>SHA-256 of what was written, in hex; null where it was not taken.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Digest { get; init; }

    /// <summary>What was there when it was taken, as far as that can be said without reading all of it.</summary>
    public DataFacts Facts { get; init; } = new(0, 0);

    /// <summary>Where the server's log goes on from it, so that any later moment can be had; null for one that is only of its own moment.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LogPlace? Log { get; init; }

    /// <summary>Why it is not there; null for one that is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Problem? Problem { get; init; }

    /// <summary>The newest attempt to restore it; null where there was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Drill? Drill { get; init; }

    /// <summary>It was found in its repository: whether anybody ever restored it, nobody knows any more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WasFound { get; init; }

    /// <summary>Somebody wants it gone; it goes when this time is over, unless they change their mind.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? RemovedAfter { get; init; }

    /// <summary>Its key among the documents.</summary>
    public string Key => $"{Site}/{Database}/{Id}";

    /// <param name="freshness">How long a drill is worth something.</param>
    public BackupState StateAt(DateTimeOffset now, TimeSpan freshness) =>
        Problem is not null || Drill is { Problem: not null } ? BackupState.Failed
        : Drill is null
            ? WasFound ? BackupState.Unknown
                : BackupState.Taken
        : now - Drill.At > freshness ? BackupState.Stale
        : BackupState.Verified;
}

/// <summary>What data looks like from far.</summary>
/// <param name="Things">Tables, keys or files.</param>
/// <param name="Rows">Rows of all tables as the server estimates them, or bytes of all files.</param>
public sealed record DataFacts(long Things, long Rows);

/// <summary>One attempt to restore a backup somewhere else.</summary>
public sealed record Drill
{
    public required DateTimeOffset At { get; init; }

    /// <summary>From the first byte asked for until what must hold had been looked at.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>How much of the newest work would have been lost, had the disaster been at this moment.</summary>
    public required TimeSpan Lost { get; init; }

    public DataFacts Facts { get; init; } = new(0, 0);

    /// <summary>What was looked at, a line each.</summary>
    public IReadOnlyList<string> Looks { get; init; } = [];

    /// <summary>What did not hold; null where all held.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Problem? Problem { get; init; }

    /// <summary>Signature of this server's key over the outcome, in base64; null where nothing was signed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Signature { get; init; }

    /// <summary>Whether a key says that it went as it is written here.</summary>
    public bool IsSigned(Backup of, ISigner signer)
    {
        var signature = new byte[(Signature?.Length ?? 0) + 4];
        return Signature is { } text
            && Convert.TryFromBase64String(text, signature, out var length)
            && signer.Verify(System.Text.Encoding.UTF8.GetBytes(Statement(of)), signature.AsSpan(0, length));
    }

    /// <summary>What is signed: it says what it is, so that the signature can stand below nothing else.</summary>
    public string Statement(Backup of) =>
        string.Join(
            '\n',
            [
                "fairlead restore drill 1",
                of.Key,
                of.Digest ?? "-",
                At.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
                Took.ToString("c", System.Globalization.CultureInfo.InvariantCulture),
                Lost.ToString("c", System.Globalization.CultureInfo.InvariantCulture),
                Problem is null ? "held" : $"failed {Problem.Code}",
                .. Looks,
            ]
        );
}
