using Fairlead.Engine.Sources;
using Fairlead.Model.Git;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Sources;

/// <summary>Which previews come and go.</summary>
public sealed class PreviewPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly GitSource Source = new()
    {
        Name = "shop",
        App = "shop",
        Url = "https://example.com/acme/shop.git",
        Branch = "main",
        Environment = "production",
        Poll = TimeSpan.FromMinutes(1),
        HookSecret = "HOOK_SHOP",
        Maker = new("", "owner"),
        Previews = new()
        {
            Branches = ["**", "!wip/**"],
            Like = "preview",
            Host = "{branch}.{app}.example.com",
            Ttl = TimeSpan.FromHours(72),
            Max = 2,
        },
    };

    [Fact]
    public void Branches_that_fit_get_one_and_the_newest_come_first() =>
        Assert.Equal(
            [
                "ship newer to preview-newer at newer.shop.example.com",
                "ship older to preview-older at older.shop.example.com",
            ],
            Plan([], ("main", 0), ("wip/x", 1), ("older", 20), ("newer", 10), ("oldest", 30))
        );

    [Fact]
    public void A_branch_that_nobody_touched_for_long_gets_none() => Assert.Empty(Plan([], ("old", 100)));

    [Fact]
    public void A_new_commit_is_shipped_and_the_same_one_is_not()
    {
        Assert.Equal(["ship a to preview-a at a.shop.example.com"], Plan([Of("a", "before", 1)], ("a", 0)));
        Assert.Empty(Plan([Of("a", "a", 1)], ("a", 0)));
    }

    [Fact]
    public void One_ends_with_its_branch_with_its_time_and_with_its_source()
    {
        Assert.Equal(["end a: its branch is gone"], Plan([Of("a", "a", 1)]));
        Assert.Equal(["end a: it had no commit for 72 hours"], Plan([Of("a", "a", 73)], ("a", 73)));
        Assert.Equal(
            ["end a: its source makes no previews any more"],
            Text(
                PreviewPlan.Of(
                    new(Source with { IsLeaving = true }, Heads(("a", 1)), [Of("a", "a", 1)], new HashSet<int>(), Now)
                )
            )
        );
    }

    [Fact]
    public void One_that_has_ended_comes_back_with_a_new_commit_alone()
    {
        var over = Of("a", "a", 80) with { Ending = "it was old", IsOver = true };
        Assert.Empty(Plan([over], ("a", 1)));
        Assert.Equal(
            ["forget a", "ship a to preview-a at a.shop.example.com"],
            Plan([over with { Commit = "before" }], ("a", 1))
        );
        Assert.Equal(["forget a"], Plan([over]));
    }

    [Fact]
    public void A_newer_branch_takes_the_place_of_the_oldest_once_that_is_gone()
    {
        var two = new[] { Of("a", "a", 10), Of("b", "b", 5) };
        Assert.Equal(["end a: there may be 2, and c is newer"], Plan(two, ("a", 10), ("b", 5), ("c", 1), ("d", 2)));
        Assert.Empty(Plan([two[0] with { Ending = "to make room" }, two[1]], ("a", 10), ("b", 5), ("c", 1)));
        Assert.Empty(Plan(two, ("a", 10), ("b", 5), ("c", 11)));
    }

    [Fact]
    public void Of_a_fork_only_the_commit_that_was_approved_is_shipped_and_its_end_is_the_changes()
    {
        var fork = Of("change:12", "", 1) with { Change = 12, Commit = null, Approved = "good" };
        Assert.Equal(
            [$"ship change:12 to {fork.Site.Environment} at change-12"],
            Plan([fork with { Host = "change-12" }], ("change:12", 0))
        );
        Assert.Empty(Plan([fork with { Commit = "good" }], ("change:12", 0)));
        Assert.Equal(
            ["end change:12: its change is closed"],
            Text(PreviewPlan.Of(new(Source, Heads(("change:12", 0)), [fork], new HashSet<int> { 12 }, Now)))
        );
        Assert.Empty(Plan([], ("change:12", 0)));
    }

    [Theory]
    [InlineData("login", "login")]
    [InlineData("feature/login", "feature-login-")]
    [InlineData("Feature-Login", "feature-login-")]
    [InlineData("feature-login-0123abcd", "feature-login-0123a")]
    [InlineData("1234", "b-1234-")]
    [InlineData("ünïcödé", "n-c-d-")]
    [InlineData("///", "b-")]
    [InlineData("a-very-long-name-of-a-branch-that-goes-on-and-on", "a-very-long-name-of-a-")]
    public void Slugs_are_names_of_hosts_and_no_two_branches_have_the_same(string branch, string begin)
    {
        var slug = BranchSlug.Of(branch);
        Assert.StartsWith(begin, slug, StringComparison.Ordinal);
        Assert.True(Fairlead.Model.Apps.Site.IsName(slug) && slug.Length <= BranchSlug.LettersMax, slug);
        Assert.True(Fairlead.Model.Apps.Site.IsName(BranchSlug.Environment(branch)));
        Assert.NotEqual(slug, BranchSlug.Of(slug + "/"));
        Assert.True(slug == branch || slug != BranchSlug.Of(slug));
    }

    [Theory]
    [InlineData("feature/*", "feature/a", true)]
    [InlineData("feature/*", "feature/a/b", false)]
    [InlineData("**", "feature/a/b", true)]
    [InlineData("apps/shop/**", "apps/shop/a/b.cs", true)]
    [InlineData("apps/shop/**", "apps/shopping/a", false)]
    [InlineData("**/*.md", "a/b/c.md", true)]
    [InlineData("**/*.md", "c.md", true)]
    [InlineData("v?", "v1", true)]
    public void Patterns_fit_as_those_of_forges_do(string pattern, string name, bool fits) =>
        Assert.Equal(fits, Patterns.Fit([pattern], name));

    [Fact]
    public void The_last_pattern_that_fits_counts()
    {
        Assert.False(Patterns.Fit(["**", "!wip/**"], "wip/a"));
        Assert.True(Patterns.Fit(["**", "!wip/**", "wip/good"], "wip/good"));
        Assert.False(Patterns.Fit(["!**"], "a"));
        // Whatever the pattern is, it costs no more than its length times the name's.
        Assert.False(
            Patterns.Fit(
                [string.Join('/', Enumerable.Repeat("**", 60)) + "/x"],
                string.Join('/', Enumerable.Repeat("a", 90))
            )
        );
    }

    private static Preview Of(string branch, string commit, int hoursAgo) =>
        PreviewPlan.New(Source, Source.Previews!, branch, Now.AddHours(-hoursAgo)) with
        {
            Commit = commit,
        };

    private static Dictionary<string, GitHead> Heads(params (string Branch, int HoursAgo)[] heads) =>
        heads.ToDictionary(one => one.Branch, one => new GitHead(one.Branch, Now.AddHours(-one.HoursAgo)));

    private static IReadOnlyList<string> Plan(
        IReadOnlyList<Preview> known,
        params (string Branch, int HoursAgo)[] heads
    ) => Text(PreviewPlan.Of(new(Source, Heads(heads), known, new HashSet<int>(), Now)));

    private static IReadOnlyList<string> Text(IReadOnlyList<PreviewMove> moves) =>
        [
            .. moves.Select(move =>
                move switch
                {
                    PreviewMove.Ship ship =>
                        $"ship {ship.Preview.Branch} to {ship.Preview.Site.Environment} at {ship.Preview.Host}",
                    PreviewMove.End end => $"end {end.Preview.Branch}: {end.Why}",
                    PreviewMove.Forget forget => $"forget {forget.Preview.Branch}",
                    _ => "?",
                }
            ),
        ];
}
