using Fairlead.Drivers.Builds;

namespace Fairlead.Tests.Drivers.Builds;

/// <summary>gitignore(5) by example; Scenarios/Builds/GitignoreScenarios asks the real git.</summary>
public sealed class GitignoreTests
{
    [Theory]
    // A name without a slash holds at every depth, one with a slash only here.
    [InlineData("*.log", "a.log", "ignored")]
    [InlineData("*.log", "deep/down/a.log", "ignored")]
    [InlineData("*.log", "a.logs", "-")]
    [InlineData("/a.txt", "a.txt", "ignored")]
    [InlineData("/a.txt", "b/a.txt", "-")]
    [InlineData("b/a.txt", "b/a.txt", "ignored")]
    [InlineData("b/a.txt", "c/b/a.txt", "-")]
    // A slash at the end means folders alone.
    [InlineData("dist/", "dist", "-")]
    [InlineData("dist/", "dist/", "ignored")]
    [InlineData("dist/", "x/dist/", "ignored")]
    [InlineData("/dist/", "x/dist/", "-")]
    // The last line that matches decides.
    [InlineData("*.log\n!keep.log", "keep.log", "kept")]
    [InlineData("!keep.log\n*.log", "keep.log", "ignored")]
    [InlineData("*\n!*/\n!*.cs", "a/", "kept")]
    // Two stars.
    [InlineData("**/tmp", "tmp", "ignored")]
    [InlineData("**/tmp", "a/b/tmp", "ignored")]
    [InlineData("a/**/b", "a/b", "ignored")]
    [InlineData("a/**/b", "a/x/y/b", "ignored")]
    [InlineData("a/**/b", "a/x/y/c", "-")]
    [InlineData("a/**", "a/b", "ignored")]
    [InlineData("a/**", "a/b/c", "ignored")]
    [InlineData("a/**", "a/", "-")]
    [InlineData("a/**/b/**/c", "a/b/x/b/y/c", "ignored")]
    [InlineData("**", "any/thing", "ignored")]
    [InlineData("a**b", "axxb", "ignored")]
    [InlineData("a/*", "a/b", "ignored")]
    [InlineData("a/*", "a/b/c", "-")]
    // Classes and escapes.
    [InlineData("a[0-9]?.txt", "a1x.txt", "ignored")]
    [InlineData("a[!0-9].txt", "a1.txt", "-")]
    [InlineData("a[^0-9].txt", "ab.txt", "ignored")]
    [InlineData("a[]x].txt", "a].txt", "ignored")]
    [InlineData("a[[:digit:]].txt", "a7.txt", "ignored")]
    [InlineData("a[", "a[", "-")]
    [InlineData("a\\", "a\\", "-")]
    [InlineData("\\#odd", "#odd", "ignored")]
    [InlineData("#odd", "#odd", "-")]
    [InlineData("\\!odd", "!odd", "ignored")]
    [InlineData("\\*", "*", "ignored")]
    [InlineData("\\*", "x", "-")]
    // Spaces, line ends, empty lines.
    [InlineData("a.txt   ", "a.txt", "ignored")]
    [InlineData("a\\ ", "a ", "ignored")]
    [InlineData("\uFEFFa.txt\r\n\r\n/", "a.txt", "ignored")]
    [InlineData("", "a", "-")]
    public void A_pattern_means_what_git_says(string rules, string path, string expected)
    {
        var isFolder = path.EndsWith('/');
        var answer = Gitignore.Parse(rules).Ignores(path.TrimEnd('/').Split('/'), isFolder);
        Assert.Equal(
            expected,
            answer switch
            {
                null => "-",
                true => "ignored",
                false => "kept",
            }
        );
    }

    [Fact]
    public void A_pattern_made_to_take_for_ever_does_not()
    {
        var name = new string('a', 20_000);
        Assert.Null(Gitignore.Parse(string.Concat(Enumerable.Repeat("*a", 50)) + "b").Ignores([name], false));
        var path = Enumerable.Repeat("a", 2_000).ToArray();
        Assert.Null(Gitignore.Parse(string.Concat(Enumerable.Repeat("**/a/", 50)) + "b").Ignores(path, false));
    }
}
