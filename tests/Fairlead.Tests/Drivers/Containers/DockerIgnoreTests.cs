using Fairlead.Drivers.Containers;

namespace Fairlead.Tests.Drivers.Containers;

/// <summary>What a <c>.dockerignore</c> leaves out, as Docker reads it.</summary>
public sealed class DockerIgnoreTests
{
    private const string Text = """
        # comment
        node_modules
        **/*.log
        /docs/**
        !docs/keep.md
        a?c/[x-z].txt
        temp*
        !temp/keep
        """;

    [Theory]
    [InlineData("node_modules", true)]
    [InlineData("node_modules/a/b", true)]
    [InlineData("web/node_modules", false)]
    [InlineData("a.log", true)]
    [InlineData("x/y/a.log", true)]
    [InlineData("docs/a.md", true)]
    [InlineData("docs/keep.md", false)]
    [InlineData("abc/y.txt", true)]
    [InlineData("abc/w.txt", false)]
    [InlineData("temp/other", true)]
    [InlineData("temp/keep", false)]
    [InlineData("temp/keep/x", false)]
    [InlineData("src/temp", false)]
    public void A_path_is_left_out_by_the_last_line_that_fits(string path, bool isOut) =>
        Assert.Equal(isOut, DockerIgnore.Read(Text).LeavesOut(path));

    [Fact]
    public void Many_stars_take_no_longer_than_few()
    {
        var rules = DockerIgnore.Read(string.Join('/', Enumerable.Repeat("**/a", 30)));
        Assert.False(rules.LeavesOut(string.Join('/', Enumerable.Repeat("a", 29)) + "/b"));
    }
}
