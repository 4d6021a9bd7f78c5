using Fairlead.Engine.Watching.Logs;

namespace Fairlead.Tests.Telemetry.Logs;

/// <summary>Lines that are one event stay together.</summary>
public sealed class LineGroupsTests
{
    [Theory]
    [InlineData("a|b", "a+b")]
    [InlineData(
        "Error: no|    at f (x.js:1)|    at g (x.js:2)|next",
        "Error: no|    at f (x.js:1)|    at g (x.js:2)+next"
    )]
    [InlineData(
        "Exception in thread x|\tat A.b(C.java:1)|Caused by: Y|\t... 3 more|next",
        "Exception in thread x|\tat A.b(C.java:1)|Caused by: Y|\t... 3 more+next"
    )]
    [InlineData(
        "Traceback (most recent call last):|  File \"a\", line 1|ValueError: no|next line",
        "Traceback (most recent call last):|  File \"a\", line 1|ValueError: no+next line"
    )]
    [InlineData("warn: A[1]|      text|info: B[2]|      more", "warn: A[1]|      text+info: B[2]|      more")]
    [InlineData(
        "panic: no||goroutine 1 [running]:|main.main()|\t/a.go:1",
        "panic: no||goroutine 1 [running]:|main.main()|\t/a.go:1"
    )]
    [InlineData(
        "-----BEGIN PRIVATE KEY-----|MII|abc|-----END PRIVATE KEY-----|next",
        "-----BEGIN PRIVATE KEY-----|MII|abc|-----END PRIVATE KEY-----+next"
    )]
    [InlineData("  indented first|b", "  indented first+b")]
    public void Events_are_told_apart(string lines, string groups) =>
        Assert.Equal(
            groups,
            string.Join('+', LineGroups.Of(lines.Split('|')).Select(group => group.Replace('\n', '|')))
        );

    [Fact]
    public void A_group_has_an_end_though_no_line_ends_it()
    {
        var groups = LineGroups.Of(Enumerable.Repeat("  x", 100_000)).ToList();
        Assert.True(groups.TrueForAll(group => group.Length < 100_000));
        Assert.Equal(100_000, groups.Sum(group => group.Split('\n').Length));
    }
}
