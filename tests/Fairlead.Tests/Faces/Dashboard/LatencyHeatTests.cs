using Fairlead.Faces.Dashboard.Charts;
using Fairlead.Faces.Dashboard.Pages;

namespace Fairlead.Tests.Faces.Dashboard;

public sealed class LatencyHeatTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_at_most_so_slow_becomes_what_is_between_two_edges()
    {
        var picture = LatencyHeat.Of(
            [Edge(0.05, 0, 0), Edge(0.1, 8, 2), Edge(0.5, 10, 9), Edge(double.PositiveInfinity, 10, 9)],
            []
        );

        var heat = Assert.IsType<Drawing.Heat>(picture!.Drawing);
        Assert.Equal(["≤ 100 ms", "≤ 500 ms"], heat.Rows);
        Assert.Equal(
            [
                [8.0, 2.0],
                [2.0, 7.0],
            ],
            heat.Columns
        );
        Assert.Equal(
            "Most requests take 100 ms to 500 ms now; the slowest that came are 100 ms to 500 ms.",
            picture.Sentence
        );
    }

    [Fact]
    public void Where_nothing_was_asked_for_there_is_no_picture() =>
        Assert.Null(LatencyHeat.Of([Edge(0.1, 0, 0), Edge(double.PositiveInfinity, 0, 0)], []));

    private static (double Edge, IReadOnlyList<Drawing.Point> Points) Edge(double edge, params double[] values) =>
        (edge, [.. values.Select(static (value, index) => new Drawing.Point(Noon.AddMinutes(index), value))]);
}
