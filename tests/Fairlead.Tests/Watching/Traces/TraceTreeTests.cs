using CsCheck;
using Fairlead.Engine.Watching.Traces;
using Fairlead.Model.Telemetry;
using static Fairlead.Tests.Watching.Traces.SpanSample;

namespace Fairlead.Tests.Watching.Traces;

public sealed class TraceTreeTests
{
    [Fact]
    public void Children_stand_below_their_parents_by_start() =>
        Assert.Equal(
            ["op1 0-100", " op3 5-20", "  op4 6-10", " op2 30-90"],
            Text(
                Of(1, 2, 1, from: 30, to: 90),
                Of(1, 4, 3, from: 6, to: 10),
                Of(1, 1, to: 100),
                Of(1, 3, 1, from: 5, to: 20)
            )
        );

    [Fact]
    public void A_span_whose_parent_is_missing_is_shown_as_such() =>
        Assert.Equal(
            ["op1 0-100", "op3 10-20 orphan"],
            Text(Of(1, 1, to: 100), Of(1, 3, parent: 77, from: 10, to: 20))
        );

    [Fact]
    public void Parents_in_a_circle_and_spans_that_are_their_own_parents_are_shown() =>
        Assert.Equal(
            ["op2 0-9 orphan", " op3 1-9", "  op4 2-9", "op5 3-9 orphan"],
            Text(
                Of(1, 2, parent: 4, from: 0, to: 9),
                Of(1, 3, parent: 2, from: 1, to: 9),
                Of(1, 4, parent: 3, from: 2, to: 9),
                Of(1, 5, parent: 5, from: 3, to: 9)
            )
        );

    [Fact]
    public void A_clock_that_is_wrong_is_set_right_with_all_that_the_process_did() =>
        Assert.Equal(
            ["op1 0-100", " op2 30-70 skew 3630030", "  op3 35-45 skew 3630030"],
            Text(
                Of(1, 1, to: 100),
                Of(1, 2, parent: 1, service: "db", from: -3_630_000, to: -3_629_960),
                Of(1, 3, parent: 2, service: "db", from: -3_629_995, to: -3_629_985)
            )
        );

    [Fact]
    public void Who_takes_work_out_of_a_queue_may_be_late() =>
        Assert.Equal(
            ["op1 0-10", " op2 5000-5100"],
            Text(
                Of(1, 1, to: 10) with
                {
                    Kind = SpanKind.Producer,
                },
                Of(1, 2, parent: 1, service: "worker", from: 5_000, to: 5_100) with
                {
                    Kind = SpanKind.Consumer,
                }
            )
        );

    [Fact]
    public void The_critical_path_is_what_the_whole_waited_for()
    {
        var tree = TraceTree.Of([
            Of(1, 1, to: 100),
            Of(1, 2, 1, from: 10, to: 40),
            Of(1, 3, 1, from: 12, to: 90),
            Of(1, 4, 3, from: 20, to: 80),
            Of(1, 5, 1, from: 95, to: 300),
        ]);

        // 5 goes on when 1 has ended: nobody waited for it.
        Assert.Equal(
            ["op1 22", "op2 0", "op3 18", "op4 60", "op5 0"],
            tree.Rows.OrderBy(row => row.Span.Name, StringComparer.Ordinal)
                .Select(row => $"{row.Span.Name} {row.Critical / 1_000_000}")
        );
    }

    [Fact]
    public void The_longest_time_without_a_child_is_seen()
    {
        var tree = TraceTree.Of([Of(1, 1, to: 100), Of(1, 2, 1, from: 10, to: 20), Of(1, 3, 1, from: 75, to: 95)]);
        var gap = tree.Rows[0].Gap;
        Assert.Equal((At(20), At(75)), (gap.Start, gap.End));
    }

    [Fact]
    public void A_chain_of_ten_thousand_is_no_trouble()
    {
        var tree = TraceTree.Of([
            .. Enumerable.Range(1, 10_000).Select(i => Of(1, (ulong)i, (ulong)i - 1, from: i / 10.0, to: 10_000)),
        ]);
        Assert.Equal(9_999, tree.Rows[^1].Depth);
    }

    [Fact]
    public void Whatever_is_sent_each_span_is_shown_once_and_the_path_is_never_longer_than_its_root() =>
        Gen.Select(Gen.ULong[1, 12], Gen.ULong[0, 12], Gen.Int[-500, 500], Gen.Int[0, 300], Gen.Int[0, 2])
            .List[1, 30]
            .Sample(
                all =>
                {
                    Span[] spans =
                    [
                        .. all.Select(one =>
                            Of(1, one.Item1, one.Item2, $"s{one.Item5}", one.Item3, one.Item3 + one.Item4)
                        ),
                    ];
                    var tree = TraceTree.Of(spans);
                    Assert.Equal(
                        spans.Select(span => span.Id.Value).Distinct().Order(),
                        tree.Rows.Select(row => row.Span.Id.Value).Order()
                    );
                    Assert.All(tree.Rows, row => Assert.True(row.Critical >= 0));
                    Assert.True(tree.Rows.Sum(row => row.Critical) <= tree.Rows.Max(row => row.End - row.Start));
                    for (var i = 1; i < tree.Rows.Count; i++)
                    {
                        Assert.True(tree.Rows[i].Depth <= tree.Rows[i - 1].Depth + 1);
                    }
                },
                iter: 5_000
            );

    private static IEnumerable<string> Text(params Span[] spans) =>
        TraceTree
            .Of(spans)
            .Rows.Select(row =>
                $"{new string(' ', row.Depth)}{row.Span.Name} {Ms(row.Start - At(0))}-{Ms(row.End - At(0))}"
                + (row.IsOrphan ? " orphan" : "")
                + (row.Skew == 0 ? "" : $" skew {Ms(row.Skew)}")
            );

    private static long Ms(long nanoseconds) => nanoseconds / 1_000_000;
}
