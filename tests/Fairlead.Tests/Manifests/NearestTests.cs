using Fairlead.Engine.Manifests;

namespace Fairlead.Tests.Manifests;

public sealed class NearestTests
{
    [Theory]
    [InlineData("replcas", "replicas")]
    [InlineData("Replicas", "replicas")]
    [InlineData("helath", "health")]
    [InlineData("ap", "app")]
    [InlineData("repl", null)]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void The_nearest_word_is_at_most_two_slips_away(string word, string? nearest) =>
        Assert.Equal(nearest, Nearest.To(word, ["app", "health", "replicas"]));

    [Fact]
    public void A_very_long_word_is_near_to_nothing() =>
        Assert.Null(Nearest.To(new string('a', 100_000), [new string('a', 100_000)]));
}
