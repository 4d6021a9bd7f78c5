using Fairlead.Engine.Judging;
using Fairlead.Model.Releases;
using static Fairlead.Tests.Judging.EvidenceSample;

namespace Fairlead.Tests.Judging;

public sealed class MannWhitneyTests
{
    // The two-sample example of R's wilcox.test page (permeability of a membrane, Hollander and Wolfe 1973): U is 35 of 50.
    private static readonly double[] Term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    private static readonly double[] Weeks = [1.15, 0.88, 0.90, 0.74, 1.21];

    [Fact]
    public void The_score_is_that_of_the_textbook() =>
        Assert.Equal((35 - 25 - 0.5) / Math.Sqrt(10 * 5 * 16 / 12.0), MannWhitney.Score(Term, Weeks, 0), 12);

    [Fact]
    public void Ties_take_middle_ranks_and_shrink_the_variance() =>
        // Ranks 1.5, 1.5, 4, 4, 4, 6: U is 14 - 6 = 8 of 9; the sum of t^3 - t is 6 + 24.
        Assert.Equal(
            (8 - 4.5 - 0.5) / Math.Sqrt(9 / 12.0 * (7 - (30.0 / (6 * 5)))),
            MannWhitney.Score([2, 2, 3], [1, 1, 2], 0),
            12
        );

    [Fact]
    public void The_estimate_is_the_median_of_all_differences()
    {
        double[] differences = [.. Term.SelectMany(one => Weeks.Select(other => one - other)).Order()];
        var shift = MannWhitney.Shift(Term, Weeks, 0.98)!;

        Assert.InRange(shift.Estimate, differences[24] - 1e-4, differences[25] + 1e-4);
        Assert.True(shift.Low < shift.Estimate && shift.Estimate < shift.High);
    }

    [Fact]
    public void Moving_one_sample_moves_the_interval_along()
    {
        var shift = MannWhitney.Shift(Term, Weeks, 0.95)!;
        var moved = MannWhitney.Shift([.. Term.Select(value => value + 10)], Weeks, 0.95)!;
        var swapped = MannWhitney.Shift(Weeks, Term, 0.95)!;

        Assert.Equal(shift.Low + 10, moved.Low, 4);
        Assert.Equal(shift.High + 10, moved.High, 4);
        Assert.Equal(-shift.High, swapped.Low, 4);
        Assert.Equal(-shift.Low, swapped.High, 4);
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.99, 2.3263478740408408)]
    [InlineData(0.999999, 4.753424308822899)]
    public void Quantiles_of_the_normal_distribution_are_right(double probability, double expected) =>
        Assert.Equal(expected, MannWhitney.NormalQuantile(probability), 9);

    [Fact]
    public void Where_nothing_differs_there_is_no_interval() => Assert.Null(MannWhitney.Shift([1, 1, 1], [1, 1], 0.98));

    [Fact]
    public void Kayentas_rule_waits_for_five_minutes_and_then_says_what_it_measured()
    {
        var rules = new JudgeRules { Kind = JudgeKind.Kayenta };
        var bad = Enumerable
            .Range(0, 600)
            .SelectMany(second =>
                Seconds(second, 1, Tally(20, 2 + (second / 60 % 3), 60), Tally(180, second / 60 % 2, 60))
            )
            .ToList();

        Assert.Equal(Ruling.Unknown, Judge.Rule(Of(bad.Take(299)), rules).Ruling);
        var judgement = Judge.Rule(Of(bad.Take(300)), rules);
        Assert.Equal(Ruling.Broken, judgement.Ruling);
        Assert.StartsWith("error rate is +14.", judgement.Reason, StringComparison.Ordinal);
        Assert.Equal(Ruling.Holds, Judge.Rule(Of(Seconds(0, 300, Tally(20, 1, 60), Tally(180, 9, 60))), rules).Ruling);
    }
}
