using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Audit;

/// <summary>What does not fit in a journal.</summary>
/// <param name="Line">Sequence number of the first line that is not as it was; one more than there are where the end is missing.</param>
public sealed record JournalBreak(long Line, string Why);

/// <summary>
/// Reads a journal from its first line on and compares it with what was signed of it. A line that was changed, dropped, moved or slipped in
/// breaks the chain; one who wrote the whole chain anew, or cut off its end, is found out by the signed heads.
/// </summary>
public sealed class JournalCheck
{
    private readonly Queue<TreeHead> heads;
    private readonly IReadOnlyList<Removal> removals;
    private readonly string pem;
    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private MerkleTree tree = new();
    private string before = JournalChain.Root;

    /// <param name="heads">In any order.</param>
    /// <param name="removals">What stands for lines that were removed, in any order.</param>
    /// <param name="pem">The public half of the key that must have signed them.</param>
    public JournalCheck(IEnumerable<TreeHead> heads, IEnumerable<Removal> removals, string pem)
    {
        this.heads = new(heads.OrderBy(one => one.Size));
        this.removals = [.. removals.OrderBy(one => one.First)];
        this.pem = pem;
        foreach (var removal in this.removals)
        {
            Pass(removal);
        }
        Compare();
    }

    /// <summary>The number of the last line.</summary>
    public long Lines => tree.Size;

    /// <summary>The number of the last line that was removed; 0 when none was.</summary>
    public long Removed { get; private set; }

    /// <summary>The hash of the last line.</summary>
    public string Chain => before;

    public string Root => Convert.ToHexStringLower(tree.Root);

    /// <summary>Heads that fit.</summary>
    public int Proven { get; private set; }

    /// <summary>Lines up to the last head that fits.</summary>
    public long Covered { get; private set; }

    /// <summary>When the last head that fits was signed; null when none does.</summary>
    public DateTimeOffset? Until { get; private set; }

    /// <summary>The first thing that does not fit; null so far.</summary>
    public JournalBreak? Break { get; private set; }

    public void Take(HashedLine line)
    {
        if (Break is not null)
        {
            return;
        }
        var next = tree.Size + 1;
        if (line.Row.Sequence != next)
        {
            Break = new(next, $"Line {next} is missing: line {line.Row.Sequence} comes in its place.");
        }
        else if (!string.Equals(JournalChain.Hash(before, line.Row), line.Hash, StringComparison.Ordinal))
        {
            Break = new(next, "Its hash does not follow from it and the line before.");
        }
        else
        {
            before = line.Hash;
            tree.Add(Convert.FromHexString(line.Hash));
            Hear(line.Row);
            Compare();
        }
    }

    /// <summary>To be called behind the last line.</summary>
    /// <param name="isPart">Whether these are lines that were removed later: what tells of removals need not be among them.</param>
    public JournalBreak? Finish(bool isPart = false)
    {
        if (Break is null && !isPart)
        {
            Break = Unheard();
        }
        if (Break is null && heads.TryPeek(out var beyond))
        {
            Break =
                beyond.Size < 1
                    ? new(1, "A signed head covers no line at all.")
                    : new(
                        tree.Size + 1,
                        $"The journal ends at line {tree.Size}, and a head was signed over {beyond.Size}."
                    );
        }
        return Break;
    }

    /// <summary>Whether these are the lines that were removed; to be called behind the last one.</summary>
    /// <param name="first">The first of them.</param>
    public JournalBreak? Compare(Removal removal, long? first)
    {
        if (Break is null)
        {
            Break =
                !IsSignedBy(pem, removal)
                    ? new(removal.First, $"What stands for these lines is not signed by the key {removal.Key}.")
                : (removal.First, removal.Last(), removal.Head.Chain, removal.Head.Root)
                != (first ?? 0, tree.Size, before, Root)
                    ? new(tree.Size, $"These are not the lines {removal.First} to {removal.Last()} that were removed.")
                : null;
        }
        return Break;
    }

    /// <summary>Whether the owner of a public key signed a head.</summary>
    /// <param name="pem">The public half, in PEM.</param>
    public static bool IsSignedBy(string pem, TreeHead head) =>
        IsSigned(pem, (head.Key, head.Signature), head.Message());

    /// <inheritdoc cref="IsSignedBy(string, TreeHead)"/>
    public static bool IsSignedBy(string pem, Removal removal) =>
        IsSigned(pem, (removal.Key, removal.Signature), removal.Message());

    private static bool IsSigned(string pem, (string Key, string Signature) by, byte[] message)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            var signature = Convert.FromBase64String(by.Signature);
            // Written in one way only, so that no letter of a file can be changed unseen.
            return by.Key == KeyIdOf(key)
                && Convert.ToBase64String(signature) == by.Signature
                && key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception caught)
            when (caught
                    is CryptographicException
                        or FormatException
                        or ArgumentException
                        // A key on a curve that this machine does not know.
                        or PlatformNotSupportedException
            )
        {
            return false;
        }
    }

    /// <summary>16 hex digits: the beginning of the SHA-256 of the public half.</summary>
    public static string KeyIdOf(ECDsa key) =>
        Short(Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())));

    /// <summary>The beginning of a key's id, as heads carry it.</summary>
    internal static string Short(string keyId) => keyId[..16];

    // Each begins where the one before it ended, and what it says of the tree is what was signed while the lines were there.
    private void Pass(Removal removal)
    {
        if (Break is not null)
        {
            return;
        }
        if (!IsSignedBy(pem, removal) || !IsSignedBy(pem, removal.Head))
        {
            Break = new(
                removal.First,
                $"What stands for lines {removal.First} to {removal.Last()} is not signed by the key {removal.Key}."
            );
        }
        else if (removal.First != tree.Size + 1 || removal.Before != before || removal.Count() < 1)
        {
            Break = new(
                tree.Size + 1,
                $"Lines {removal.First} to {removal.Last()} were removed, which does not follow on line {tree.Size}."
            );
        }
        else
        {
            try
            {
                tree = new(removal.Last(), [.. removal.Peaks.Select(Convert.FromHexString)]);
            }
            catch (Exception caught) when (caught is FormatException or ArgumentException)
            {
                Break = new(removal.First, "What stands for removed lines has no tree.");
                return;
            }
            before = removal.Head.Chain;
            (Removed, Covered, Until) = (removal.Last(), removal.Last(), removal.Head.At);
            if (removal.Head.Root != Root)
            {
                Break = new(
                    removal.Last(),
                    $"What stands for lines {removal.First} to {removal.Last()} is not what was signed of them."
                );
            }
        }
    }

    private void Hear(JournalRow row)
    {
        if (row.Kind == Removal.EntryKind && SignatureIn(row.Body) is { } signature)
        {
            told.Add(signature);
        }
    }

    // A removal that no line tells of never was done by Fairlead; a line that tells of one that is not there says that it was taken away.
    private JournalBreak? Unheard()
    {
        if (removals is [.., var newest] && !told.Contains(newest.Signature))
        {
            return new(
                newest.Last(),
                $"Lines {newest.First} to {newest.Last()} are gone, and no line of the journal tells of it."
            );
        }
        told.ExceptWith(removals.Select(one => one.Signature));
        return told.Count == 0
            ? null
            : new(Removed + 1, "A line tells that lines were removed, and nothing stands for them.");
    }

    private static string? SignatureIn(string? body)
    {
        try
        {
            return body is null ? null : (JsonNode.Parse(body) as JsonObject)?["signature"]?.GetValue<string>();
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private void Compare()
    {
        while (Break is null && heads.TryPeek(out var head) && head.Size <= tree.Size)
        {
            heads.Dequeue();
            if (!IsSignedBy(pem, head))
            {
                Break = new(head.Size, $"The head over {head.Size} lines is not signed by the key {head.Key}.");
            }
            else if (head.Size < Removed)
            {
                // Its lines are gone; the export of them has it.
            }
            else if (head.Size != tree.Size || head.Chain != before || head.Root != Root)
            {
                Break = new(head.Size, $"These {head.Size} lines are not those that were signed at {head.At:u}.");
            }
            else
            {
                (Proven, Covered, Until) = (Proven + 1, head.Size, head.At);
            }
        }
    }
}
