using CsCheck;
using Fairlead.Engine.Pipelines.Reports;
using Fairlead.Engine.Pipelines.Sharding;

namespace Fairlead.Tests.Pipelines.Sharding;

public sealed class ShardPlanTests
{
    [Fact]
    public void The_longest_come_first_and_what_is_not_known_takes_the_median() =>
        Assert.Equal(
            ["a", "b d", "c new"],
            ShardPlan
                .Of(["new", "d", "c", "b", "a"], Times(("a", 9), ("b", 4), ("c", 4), ("d", 5)), 3)
                .Select(static one => string.Join(' ', one))
        );

    [Fact]
    public void Without_times_the_numbers_are_even() =>
        Assert.Equal([2, 2, 1], ShardPlan.Of(["a", "b", "c", "d", "e"], Times(), 3).Select(static one => one.Count));

    [Fact]
    public void Every_test_is_in_exactly_one_shard_whatever_their_order_and_no_shard_is_far_from_the_best() =>
        Gen.Select(Gen.Select(Gen.Int[0, 300], Gen.Int[0, 5_000]).Array[0, 200], Gen.Int[1, 64])
            .Sample(
                static (tests, count) =>
                {
                    var times = tests
                        .Where(static one => one.Item2 % 3 > 0)
                        .DistinctBy(static one => one.Item1)
                        .ToDictionary(
                            static one => $"test {one.Item1}",
                            static one => TimeSpan.FromMilliseconds(one.Item2)
                        );
                    List<string> names = [.. tests.Select(static one => $"test {one.Item1}")];

                    var plan = ShardPlan.Of(names, times, count);

                    Assert.Equal(count, plan.Count);
                    Assert.Equal(
                        names.Distinct().Order(StringComparer.Ordinal),
                        plan.SelectMany(static one => one).Order(StringComparer.Ordinal)
                    );
                    names.Reverse();
                    Assert.Equal(plan, ShardPlan.Of(names, times, count));
                    // Graham: at most the average and the longest one together.
                    var usual = times.Count == 0 ? TimeSpan.FromSeconds(5) : times.Values.Max();
                    TimeSpan Sum(IEnumerable<string> some) =>
                        TimeSpan.FromTicks(some.Sum(one => times.GetValueOrDefault(one, usual).Ticks));
                    var known = plan.Select(shard => Sum(shard.Where(times.ContainsKey))).DefaultIfEmpty().Max();
                    Assert.True(known <= (Sum(names.Distinct()) / count) + usual + TimeSpan.FromSeconds(1));
                }
            );

    [Theory]
    [InlineData("tests/test_cart.py", 5)]
    [InlineData("src/test/java/shop/CartTest.java", 40)]
    [InlineData("shop.CartTest", 40)]
    [InlineData("shop.CartTest.Inner", 30)]
    [InlineData("shop/cart", 7)]
    [InlineData("web/a.test.js", 100)]
    [InlineData("web/b.test.js", 200)]
    [InlineData("cart::sub", 9)]
    [InlineData("cart", 9)]
    [InlineData("tests/test_car.py", null)]
    [InlineData("/", null)]
    [InlineData("", null)]
    public void A_test_is_found_by_its_file_class_or_package_as_reports_call_them(string name, int? milliseconds)
    {
        var times = new TestTimes(
            TestTimes.Of(
                [
                    Time(2, type: "tests.test_cart"),
                    Time(3, type: "tests.test_cart.TestAdd"),
                    Time(10, type: "shop.CartTest"),
                    Time(30, type: "shop.CartTest.Inner"),
                    Time(7, type: "shop/cart"),
                    Time(60, type: "Cart", file: "/home/ci/web/a.test.js"),
                    Time(40, type: "Cart", file: "./web/a.test.js"),
                    Time(200, file: "/work/web/b.test.js"),
                    Time(9, type: "cart::sub"),
                ],
                ["/home/ci", "/work"]
            )
        );

        Assert.Equal(milliseconds, times.Took(name)?.TotalMilliseconds);
    }

    private static TestTime Time(int milliseconds, string? type = null, string? file = null) =>
        new("test", TimeSpan.FromMilliseconds(milliseconds)) { Class = type, File = file };

    private static Dictionary<string, TimeSpan> Times(params (string Name, int Seconds)[] times) =>
        times.ToDictionary(static one => one.Name, static one => TimeSpan.FromSeconds(one.Seconds));
}
