using System.Security.Cryptography;

namespace Fairlead.Engine.Guarding.Audit;

/// <summary>
/// The Merkle tree of RFC 6962, section 2.1, leaf by leaf: of the leaves so far only the roots of whole subtrees are kept, one for
/// each bit of their number.
/// </summary>
public sealed class MerkleTree
{
    private const byte Leaf = 0;
    private const byte Node = 1;

    // The largest subtree first.
    private readonly List<(byte[] Root, long Size)> whole = [];

    public long Size { get; private set; }

    public void Add(ReadOnlySpan<byte> leaf)
    {
        whole.Add((Hash(Leaf, leaf, []), 1));
        Size++;
        while (whole.Count > 1 && whole[^1].Size == whole[^2].Size)
        {
            var (left, right) = (whole[^2], whole[^1]);
            whole.RemoveRange(whole.Count - 2, 2);
            whole.Add((Hash(Node, left.Root, right.Root), left.Size * 2));
        }
    }

    /// <summary>SHA-256 of nothing for no leaves.</summary>
    public byte[] Root
    {
        get
        {
            if (whole.Count == 0)
            {
                return SHA256.HashData([]);
            }
            var root = whole[^1].Root;
            for (var place = whole.Count - 2; place >= 0; place--)
            {
                root = Hash(Node, whole[place].Root, root);
            }
            return root;
        }
    }

    private static byte[] Hash(byte kind, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([kind]);
        hash.AppendData(left);
        hash.AppendData(right);
        return hash.GetHashAndReset();
    }
}
