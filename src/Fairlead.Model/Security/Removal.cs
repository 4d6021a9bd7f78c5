using System.Text;

namespace Fairlead.Model.Security;

/// <summary>
/// Says, signed, which lines of the journal were removed, and stands in their place: the chain and the Merkle tree go on from it, so that what is
/// left can still be proven, and so can an export of what is gone.
/// </summary>
/// <param name="First">The first line that was removed.</param>
/// <param name="Before">The hash of the line before it; 64 zeros for the journal's first.</param>
/// <param name="Head">What was signed of the journal up to the last line that was removed.</param>
/// <param name="Peaks">Roots of the whole subtrees that those lines make, the largest first: from them the tree goes on.</param>
/// <param name="Oldest">When the first of them was written.</param>
/// <param name="Newest">When the last of them was written.</param>
/// <param name="Policy">Why, such as <c>keep 400d</c>.</param>
/// <param name="Key">Id of the key that signed.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over <see cref="Message()"/>, as DER, base64.</param>
public sealed record Removal(
    long First,
    string Before,
    TreeHead Head,
    IReadOnlyList<string> Peaks,
    string Oldest,
    string Newest,
    DateTimeOffset At,
    string By,
    string Policy,
    string Key,
    string Signature
)
{
    /// <summary>The kind of the journal's line that tells of a removal; its body names the signature.</summary>
    public const string EntryKind = "audit-removal";

    /// <summary>The last line that was removed.</summary>
    public long Last() => Head.Size;

    public long Count() => Head.Size - First + 1;

    /// <summary>The bytes that are signed.</summary>
    public byte[] Message()
    {
        using var hash = new CanonicalHash();
        var fields = hash.Add(First)
            .Add(Before)
            .Add(Head.Size)
            .Add(Head.Root)
            .Add(Head.Chain)
            .Add(JournalChain.TimeText(Head.At))
            .Add(Head.Signature)
            .Add(Peaks)
            .Add(Oldest)
            .Add(Newest)
            .Add(JournalChain.TimeText(At))
            .Add(By)
            .Add(Policy)
            .Finish();
        return Encoding.UTF8.GetBytes($"fairlead journal removal 1\n{fields}\n");
    }
}
