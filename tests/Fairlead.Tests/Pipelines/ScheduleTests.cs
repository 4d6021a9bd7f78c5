using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Running;
using Fairlead.Model.Pipelines;

namespace Fairlead.Tests.Pipelines;

public sealed class ScheduleTests
{
    [Fact]
    public void The_longest_way_to_the_end_goes_first_and_cores_bound_what_goes_at_once()
    {
        var graph = GraphOf(
            """
            jobs:
              short: { run: x }
              start: { run: x }
              end: { run: x, needs: start }
              wide: { run: x, cores: 2 }
            """
        );

        // Nothing passes by the wide one, which would never find two cores free otherwise.
        Assert.Equal(
            ["begin start", "end start", "begin wide", "end wide", "begin short", "begin end", "end short", "end end"],
            Lived(graph, 2, [1, 3, 1, 2])
        );
    }

    [Fact]
    public void Only_so_many_combinations_go_at_once_as_are_allowed() =>
        Assert.Equal(
            ["begin a (v: 1)", "begin b", "end a (v: 1)", "begin a (v: 2)", "end b", "end a (v: 2)"],
            Lived(
                GraphOf("jobs: { a: { run: x, matrix: { axes: { v: [1, 2] }, parallel: 1 } }, b: { run: x } }"),
                4,
                [1, 1, 1]
            )
        );

    [Fact]
    public void A_graph_of_two_hundred_jobs_takes_little_longer_than_it_must()
    {
        var random = new Random(5);
        var jobs = Enumerable
            .Range(0, 200)
            .Select(at => new Job
            {
                Name = $"j{at}",
                Needs =
                [
                    .. Enumerable
                        .Range(0, random.Next(0, 4))
                        .Where(_ => at > 0)
                        .Select(_ => $"j{random.Next(Math.Max(0, at - 40), at)}")
                        .Distinct(),
                ],
                Tasks = [new() { Name = "t", Act = new Act.Command(["x"]) }],
            });
        var graph = Graph.Of(new() { Name = "ci", Jobs = [.. jobs] }, []);
        var expected = graph.Runs.Select(_ => TimeSpan.FromMilliseconds(random.Next(10, 200))).ToList();
        var least = Math.Max(
            new Schedule(graph, 2, expected).CriticalPath.Ticks,
            expected.Sum(static one => one.Ticks) / 2
        );

        Assert.InRange(Schedule.Forecast(graph, 2, expected).Ticks, least, least * 1.1);
    }

    [Fact]
    public void Ten_thousand_jobs_are_scheduled()
    {
        var jobs = Enumerable
            .Range(0, 10_000)
            .Select(static at => new Job
            {
                Name = $"j{at}",
                Needs = at == 0 ? [] : [$"j{at - 1}", $"j{at / 2}"],
                Tasks = [new() { Name = "t", Act = new Act.Command(["x"]) }],
            });
        var graph = Graph.Of(new() { Name = "ci", Jobs = [.. jobs] }, []);

        Assert.Equal(
            TimeSpan.FromSeconds(10_000),
            Schedule.Forecast(graph, 2, [.. graph.Runs.Select(static _ => TimeSpan.FromSeconds(1))])
        );
    }

    private static Graph GraphOf(string text) => Graph.Of(PipelineReader.Read(text), []);

    // Simulated: what ends first is the one with the least time left.
    private static List<string> Lived(Graph graph, int cores, int[] seconds)
    {
        var order = graph.Runs.Select(static one => one.Id).ToList();
        var schedule = new Schedule(graph, cores, [.. seconds.Select(static one => TimeSpan.FromSeconds(one))]);
        var going = new PriorityQueue<int, (int, int)>();
        var (lived, now) = (new List<string>(), 0);
        while (true)
        {
            while (schedule.Next() is { } at)
            {
                lived.Add($"begin {order[at]}");
                going.Enqueue(at, (now + seconds[at], at));
            }
            if (!going.TryDequeue(out var ended, out var when))
            {
                return lived;
            }
            now = when.Item1;
            lived.Add($"end {order[ended]}");
            schedule.End(ended);
        }
    }
}
