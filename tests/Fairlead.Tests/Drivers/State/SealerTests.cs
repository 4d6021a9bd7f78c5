using Fairlead.Drivers.State;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.State;

public sealed class SealerTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("fairlead-sealer-").FullName;

    private string KeyFile => Path.Combine(root, "a.key");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void What_was_sealed_is_opened_by_the_next_one_with_the_same_key()
    {
        var text = new Sealer(KeyFile, isPrecious: true).Seal("words", "a");

        Assert.Equal("words", new Sealer(KeyFile, isPrecious: true).Open<string>(text, "a"));
    }

    [Fact]
    public void A_damaged_key_whose_seals_are_nowhere_else_is_told_and_left_as_it_is()
    {
        File.WriteAllBytes(KeyFile, [1, 2, 3]);

        var refused = Assert.Throws<ProblemException>(() => new Sealer(KeyFile, isPrecious: true).Seal("words", "a"));

        Assert.Equal("key.damaged", refused.Problem.Code);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(KeyFile));
    }

    [Fact]
    public void A_damaged_key_of_what_can_be_made_again_is_replaced()
    {
        File.WriteAllBytes(KeyFile, [1, 2, 3]);

        Assert.NotEmpty(new Sealer(KeyFile).Seal("words", "a"));
        Assert.Equal(32, File.ReadAllBytes(KeyFile).Length);
    }
}
