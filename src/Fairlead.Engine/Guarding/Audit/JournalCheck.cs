using System.Security.Cryptography;
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
    private readonly Func<TreeHead, bool> isSigned;
    private readonly MerkleTree tree = new();
    private string before = JournalChain.Root;

    /// <param name="heads">In any order.</param>
    public JournalCheck(IEnumerable<TreeHead> heads, Func<TreeHead, bool> isSigned)
    {
        this.heads = new(heads.OrderBy(one => one.Size));
        this.isSigned = isSigned;
    }

    public long Lines => tree.Size;

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
            Compare();
        }
    }

    /// <summary>To be called behind the last line.</summary>
    public JournalBreak? Finish()
    {
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

    /// <summary>Whether the owner of a public key signed a head.</summary>
    /// <param name="pem">The public half, in PEM.</param>
    public static bool IsSignedBy(string pem, TreeHead head)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            var signature = Convert.FromBase64String(head.Signature);
            // Written in one way only, so that no letter of a file can be changed unseen.
            return head.Key == KeyIdOf(key)
                && Convert.ToBase64String(signature) == head.Signature
                && key.VerifyData(
                    head.Message(),
                    signature,
                    HashAlgorithmName.SHA256,
                    DSASignatureFormat.Rfc3279DerSequence
                );
        }
        catch (Exception caught) when (caught is CryptographicException or FormatException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>16 hex digits: the beginning of the SHA-256 of the public half.</summary>
    public static string KeyIdOf(ECDsa key) =>
        Short(Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())));

    /// <summary>The beginning of a key's id, as heads carry it.</summary>
    internal static string Short(string keyId) => keyId[..16];

    private void Compare()
    {
        while (Break is null && heads.TryPeek(out var head) && head.Size <= tree.Size)
        {
            heads.Dequeue();
            if (!isSigned(head))
            {
                Break = new(head.Size, $"The head over {head.Size} lines is not signed by the key {head.Key}.");
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
