using Fairlead.Engine.Pipelines.Running;
using Fairlead.Model.Pipelines;

namespace Fairlead.Tests.Pipelines;

public sealed class CriticalJobsTests
{
    [Fact]
    public void The_chain_goes_back_from_the_job_that_ended_last_to_the_one_it_waited_for_longest() =>
        Assert.Equal(
            ["build", "e2e", "publish"],
            Chain(
                new()
                {
                    ["lint"] = [],
                    ["e2e"] = ["build", "lint"],
                    ["test"] = ["build"],
                    ["publish"] = ["e2e", "test"],
                },
                ("lint", 0, 4),
                ("build", 0, 10),
                ("test", 10, 8),
                ("e2e", 10, 20),
                ("publish", 30, 2)
            )
        );

    [Fact]
    public void A_record_that_goes_round_in_a_circle_ends_all_the_same() =>
        Assert.Equal(["a", "b"], Chain(new() { ["a"] = ["b"], ["b"] = ["a"] }, ("a", 0, 5), ("b", 5, 5)));

    [Fact]
    public void A_run_in_which_nothing_ended_has_no_chain() => Assert.Empty(Chain([]));

    private static IEnumerable<string> Chain(
        Dictionary<string, IReadOnlyList<string>> needs,
        params (string Job, int From, int Length)[] jobs
    ) =>
        CriticalJobs
            .Of(
                new RunRecord("r1", "ci", DateTimeOffset.UnixEpoch, "main", "")
                {
                    Needs = needs,
                    Results =
                    [
                        .. jobs.Select(static one => new TaskResult(
                            one.Job,
                            one.Job,
                            TaskOutcome.Ran,
                            TimeSpan.FromSeconds(one.From),
                            TimeSpan.FromSeconds(one.Length),
                            ""
                        )),
                    ],
                }
            )
            .Order(StringComparer.Ordinal);
}
