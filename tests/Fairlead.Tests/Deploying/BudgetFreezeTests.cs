using Fairlead.Engine.Deploying;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;

namespace Fairlead.Tests.Deploying;

/// <summary>When an error budget that is used up keeps new releases back.</summary>
public sealed class BudgetFreezeTests
{
    private static readonly Site Shop = new("shop", "production");
    private static readonly Slo Plain = new(0.999);

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public void It_holds_where_what_comes_or_what_is_live_says_so(bool coming, bool live, bool isAsked) =>
        Assert.Equal(isAsked, BudgetFreeze.IsAsked(Plain with { Freezes = coming }, Plain with { Freezes = live }));

    [Fact]
    public void Without_a_goal_nothing_is_asked() => Assert.False(BudgetFreeze.IsAsked(null, null));

    [Theory]
    [InlineData(null)]
    [InlineData(1.0)]
    [InlineData(0.001)]
    [InlineData(double.NaN)]
    public void While_something_is_left_or_nobody_knows_releases_go_out(double? left) =>
        Assert.Null(BudgetFreeze.Problem(Shop, left));

    [Fact]
    public void Used_up_it_says_by_how_much_and_what_is_allowed()
    {
        var problem = BudgetFreeze.Problem(Shop, -0.25)!;

        Assert.Equal("Nothing is deployed to shop/production now: its error budget is used up.", problem.What);
        Assert.StartsWith("Within 30 days 125 % of the failures happened", problem.Why, StringComparison.Ordinal);
        Assert.Contains("fairlead rollback", problem.Fix, StringComparison.Ordinal);
    }
}
