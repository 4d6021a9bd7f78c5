using Fairlead.Engine.Guarding.Audit;

namespace Fairlead.Tests.Guarding.Audit;

public sealed class MerkleTreeTests
{
    // The leaves and roots with which Certificate Transparency's implementations test theirs.
    private static readonly string[] Leaves =
    [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void The_root_is_that_of_RFC_6962(int leaves, string root)
    {
        var tree = new MerkleTree();
        foreach (var leaf in Leaves.Take(leaves))
        {
            tree.Add(Convert.FromHexString(leaf));
        }

        Assert.Equal((leaves, root), ((int)tree.Size, Convert.ToHexStringLower(tree.Root)));
    }

    [Fact]
    public void A_path_of_RFC_6962_is_found_and_leads_to_the_root()
    {
        // Certificate Transparency's own test vectors: leaf 0 of 8, leaf 5 of 8, leaf 2 of 3, leaf 1 of 5.
        Assert.Equal(
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
            PathOf(0, 8)
        );
        Assert.Equal(
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
            PathOf(5, 8)
        );
        Assert.Equal(["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"], PathOf(2, 3));
        Assert.Equal(
            [
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
            PathOf(1, 5)
        );
    }

    [Fact]
    public void Every_leaf_of_every_tree_is_proven_by_its_path_and_by_no_other()
    {
        for (var size = 1; size <= 65; size++)
        {
            for (var leaf = 0; leaf < size; leaf++)
            {
                var (tree, path) = Grown(leaf, size);
                Assert.Equal(tree.Root, MerkleTree.RootOf(Bytes(leaf), leaf, size, path));
                Assert.NotEqual(tree.Root, MerkleTree.RootOf(Bytes(leaf + 1), leaf, size, path));
                Assert.NotEqual(tree.Root, MerkleTree.RootOf(Bytes(leaf), (leaf + 1) % (size + 1), size, path));
                Assert.NotEqual(tree.Root, MerkleTree.RootOf(Bytes(leaf), leaf, size, [.. path, tree.Root]));
                Assert.True(
                    size == 1
                        || MerkleTree.RootOf(Bytes(leaf), leaf, size, [.. path.Skip(1)]) is not { } other
                        || !other.SequenceEqual(tree.Root)
                );
            }
        }
    }

    [Fact]
    public void A_tree_goes_on_from_its_peaks_wherever_it_was_cut()
    {
        for (var cut = 0; cut <= 40; cut++)
        {
            var (before, _) = Grown(0, cut);
            for (var leaf = cut; leaf < 41; leaf++)
            {
                var (whole, path) = Grown(leaf, 41);
                var rest = new MerkleTree(cut, before.Peaks, followed: leaf);
                for (var next = cut; next < 41; next++)
                {
                    rest.Add(Bytes(next));
                }
                Assert.Equal(whole.Root, rest.Root);
                Assert.Equal(path, rest.Path());
            }
        }
    }

    [Fact]
    public void Peaks_of_another_size_are_none() =>
        Assert.Throws<FormatException>(() => new MerkleTree(3, Grown(0, 4).Tree.Peaks));

    private static IEnumerable<string> PathOf(int leaf, int size)
    {
        var tree = new MerkleTree(followed: leaf);
        foreach (var one in Leaves.Take(size))
        {
            tree.Add(Convert.FromHexString(one));
        }
        return tree.Path().Select(Convert.ToHexStringLower);
    }

    private static (MerkleTree Tree, IReadOnlyList<byte[]> Path) Grown(int leaf, int size)
    {
        var tree = new MerkleTree(followed: leaf);
        for (var next = 0; next < size; next++)
        {
            tree.Add(Bytes(next));
        }
        return (tree, tree.Path());
    }

    private static byte[] Bytes(int number) => BitConverter.GetBytes(number);
}
