using Xunit.Sdk;

namespace Fairlead.Tests.Deploying.Simulation;

/// <summary>Whole lives of a site in simulated time, with the engine killed at every point there is.</summary>
public sealed class SimulationTests
{
    // As many as CI has time for; 'build.cs soak' goes on where they end.
    private const int BaseRuns = 145;

    // A life that waits for ten minutes has ten times the points, each of which would cost ten times as much.
    private const int PointsPerSeed = 200_000;
    private const int RandomRuns = 3_500;
    private const int JobRuns = 400;
    private const int DatabaseRuns = 300;
    private const int ZombieRuns = 1_250;

    [Fact]
    public void Killed_at_every_single_point_a_deployment_still_ends_and_no_promise_is_broken()
    {
        var plans =
            from seed in Enumerable.Range(1, BaseRuns)
            let points = Run.Of(new RunPlan(seed, [])).Points
            let stride = (int)Math.Max(29, (long)points * points / PointsPerSeed)
            from point in Enumerable.Range(0, points).Where(point => point % stride == seed % stride)
            select new RunPlan(seed, [point]);

        Check(plans);
    }

    [Fact]
    public void Killed_again_and_again_while_calls_fail_and_answers_are_lost() =>
        Check(
            Enumerable
                .Range(100_000, RandomRuns)
                .Select(seed =>
                {
                    var random = new Random(seed);
                    var crashes = Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(1200));
                    return new RunPlan(seed, [.. crashes], FailuresPerThousand: random.Next(3) * 20);
                })
        );

    [Fact]
    public void Jobs_are_run_once_whatever_is_killed_paused_or_lost() =>
        Check(
            Enumerable
                .Range(700_000, JobRuns)
                .Select(seed =>
                {
                    var random = new Random(seed);
                    var crashes = Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(1200));
                    var freezes = random.Next(3) == 0 ? random.Next(1000) : -1;
                    return new RunPlan(seed, [.. crashes], freezes, random.Next(3) * 20) { HasJobs = true };
                })
        );

    [Fact]
    public void Nothing_is_changed_before_its_snapshot_is_complete_whatever_is_killed_or_lost() =>
        Check(
            Enumerable
                .Range(900_000, DatabaseRuns)
                .Select(seed =>
                {
                    var random = new Random(seed);
                    var crashes = Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(1200));
                    var freezes = random.Next(3) == 0 ? random.Next(1000) : -1;
                    return new RunPlan(seed, [.. crashes], freezes, random.Next(3) * 20) { HasDatabase = true };
                })
        );

    [Fact]
    public void Paused_while_another_server_takes_charge_it_steps_down() =>
        Check(
            Enumerable
                .Range(500_000, ZombieRuns)
                .Select(seed => new RunPlan(seed, [], FreezesAt: new Random(seed).Next(1000)))
        );

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        var plan = new RunPlan(7, [150, 300], FailuresPerThousand: 20);

        Assert.Equal(Text(Run.Of(plan)), Text(Run.Of(plan)));
    }

    // Found while the engine was written, kept for ever: a zombie's stop that came before its successor's first effect; a
    // return to a live release that was dead itself; a service placed for the first time beside one with no route yet.
    [Theory]
    [InlineData(500_136, 433)]
    [InlineData(500_097, 58)]
    [InlineData(102_197, -1)]
    [InlineData(100_000, -1)]
    public void What_once_went_wrong_stays_right(int seed, int freezesAt) =>
        Assert.Null(Broken(new RunPlan(seed, [], freezesAt)));

    internal static void Check(IEnumerable<RunPlan> plans)
    {
        var runs = 0;
        // Without a limit the pool takes long runs for stuck ones and adds a thread each half second, until a thousand wait for each other.
        Parallel.ForEach(
            plans,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            plan =>
            {
                Interlocked.Increment(ref runs);
                if (Broken(plan) is { } broken)
                {
                    throw new XunitException($"{plan}:\n{broken}");
                }
            }
        );
        TestContext.Current.TestOutputHelper?.WriteLine($"{runs} runs");
    }

    internal static string? Broken(RunPlan plan)
    {
        try
        {
            var run = Run.Of(plan);
            return run.Violations.Count == 0 ? null : $"{string.Join('\n', run.Violations)}\n{Text(run)}";
        }
        catch (StuckException caught)
        {
            return $"{caught.Message} {caught.Run.Unfinished}\n{Text(caught.Run)}";
        }
    }

    private static string Text(Run run) =>
        string.Join('\n', run.Journal.Select(entry => $"{entry.At:mm:ss.fff} {entry.Kind} {entry.Text}"));
}
