using System.Numerics;
using System.Security.Cryptography;

namespace Fairlead.Engine.Guarding.Audit;

/// <summary>
/// The Merkle tree of RFC 6962, section 2.1, leaf by leaf: of the leaves so far only the roots of whole subtrees are kept, one for
/// each bit of their number. It can follow one leaf and say the path that proves it (section 2.1.1).
/// </summary>
public sealed class MerkleTree
{
    /// <summary>Longer than the path of any leaf of a tree whose size is a number.</summary>
    public const int PathMax = 64;

    private const byte Leaf = 0;
    private const byte Node = 1;

    // The largest subtree first.
    private readonly List<(byte[] Root, long Size)> whole = [];
    private readonly List<byte[]> path = [];
    private readonly long? followed;

    /// <param name="followed">The leaf whose path is asked for later, from 0; null for none.</param>
    public MerkleTree(long? followed = null) => this.followed = followed;

    /// <summary>Goes on where another tree was.</summary>
    /// <param name="size">How many leaves it had.</param>
    /// <param name="peaks">Its <see cref="Peaks"/>.</param>
    /// <exception cref="FormatException">They are not those of a tree of that size.</exception>
    public MerkleTree(long size, IReadOnlyList<byte[]> peaks, long? followed = null)
        : this(followed)
    {
        if (
            size < 0
            || BitOperations.PopCount((ulong)size) != peaks.Count
            || peaks.Any(one => one.Length != SHA256.HashSizeInBytes)
        )
        {
            throw new FormatException($"These are not the peaks of a tree of {size} leaves.");
        }
        var place = 0;
        for (var bit = 62; bit >= 0; bit--)
        {
            if ((size >> bit & 1) == 1)
            {
                whole.Add((peaks[place++], 1L << bit));
            }
        }
        Size = size;
    }

    public long Size { get; private set; }

    /// <summary>Roots of the whole subtrees, the largest first: all that is needed to go on.</summary>
    public IReadOnlyList<byte[]> Peaks => [.. whole.Select(one => one.Root)];

    public void Add(ReadOnlySpan<byte> leaf)
    {
        whole.Add((Hash(Leaf, leaf, []), 1));
        Size++;
        while (whole.Count > 1 && whole[^1].Size == whole[^2].Size)
        {
            var (left, right) = (whole[^2], whole[^1]);
            Follow(Size - right.Size - left.Size, left, right);
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

    /// <summary>What the followed leaf is hashed with, from the leaf up to the root.</summary>
    public IReadOnlyList<byte[]> Path()
    {
        var (whole, found) = (new Stack<(byte[] Root, long Size)>(this.whole), new List<byte[]>(path));
        var end = Size;
        if (!whole.TryPop(out var right))
        {
            return [];
        }
        while (whole.TryPop(out var left))
        {
            var begin = end - right.Size - left.Size;
            if (followed >= begin && followed < end)
            {
                found.Add(followed < begin + left.Size ? right.Root : left.Root);
            }
            right = (Hash(Node, left.Root, right.Root), left.Size + right.Size);
        }
        return found;
    }

    /// <summary>The root that a leaf and its path lead to (RFC 9162, section 2.1.3.2); null when they lead to none.</summary>
    /// <param name="place">Of the leaf, from 0.</param>
    /// <param name="size">How many leaves the tree has.</param>
    public static byte[]? RootOf(ReadOnlySpan<byte> leaf, long place, long size, IReadOnlyList<byte[]> path)
    {
        if (place < 0 || place >= size || path.Count > PathMax)
        {
            return null;
        }
        var (at, last, root) = (place, size - 1, Hash(Leaf, leaf, []));
        foreach (var other in path)
        {
            if (last == 0)
            {
                return null;
            }
            if ((at & 1) == 1 || at == last)
            {
                root = Hash(Node, other, root);
                // A subtree at the right edge has no sibling on some levels.
                while ((at & 1) == 0 && at != 0)
                {
                    (at, last) = (at >> 1, last >> 1);
                }
            }
            else
            {
                root = Hash(Node, root, other);
            }
            (at, last) = (at >> 1, last >> 1);
        }
        return last == 0 ? root : null;
    }

    private void Follow(long begin, (byte[] Root, long Size) left, (byte[] Root, long Size) right)
    {
        if (followed >= begin && followed < begin + left.Size + right.Size)
        {
            path.Add(followed < begin + left.Size ? right.Root : left.Root);
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
