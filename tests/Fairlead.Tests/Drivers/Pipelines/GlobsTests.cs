using Fairlead.Drivers.Pipelines;

namespace Fairlead.Tests.Drivers.Pipelines;

public sealed class GlobsTests
{
    [Theory]
    [InlineData("src/**", "src/a.ts src/b/c.ts", "other/a.ts srcs/a")]
    [InlineData("src", "src/a.ts src/b/c.ts", "other/src/a")]
    [InlineData("**/*.md", "a.md x/y/b.md", "a.mdx x/md")]
    [InlineData("*.md", "a.md", "x/a.md")]
    [InlineData("a/**/z", "a/z a/b/z a/b/c/z a/z/deep", "a/b b/z")]
    [InlineData("**", "a a/b/c", "")]
    [InlineData("./x/./y", "x/y", "x/z")]
    [InlineData("src/**,!src/gen,!**/*.test.ts", "src/a.ts src/gen2/a", "src/gen/a.ts src/a.test.ts src/b/c.test.ts")]
    [InlineData("[ab]?.txt", "a1.txt bb.txt", "c1.txt a.txt")]
    [InlineData("!a", "", "a b")]
    public void Patterns_mean_what_they_say(string globs, string wanted, string others)
    {
        var patterns = new Globs(globs.Split(','));
        Assert.All(
            wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            path => Assert.True(IsWanted(patterns, path), path)
        );
        Assert.All(
            others.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            path => Assert.False(IsWanted(patterns, path), path)
        );
    }

    private static bool IsWanted(Globs globs, string path)
    {
        var place = globs.Top;
        foreach (var name in path.Split('/'))
        {
            if (!globs.Leads(place))
            {
                return false;
            }
            place = globs.Step(place, name);
        }
        return globs.IsWanted(place);
    }
}
