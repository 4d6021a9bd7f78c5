using CsCheck;
using Fairlead.Engine.Pipelines.Running;
using Fairlead.Model.Pipelines;

namespace Fairlead.Tests.Pipelines.Sharding;

/// <summary>Machines that tell each other how long tests took. Whatever they say, a run does each test once.</summary>
public sealed class TeamTimesTests
{
    private const string Text = """
        jobs:
          test: { run: test, shards: { count: 3, files: ['test/**'] }, inputs: [src], reports: ['reports/**'] }
        """;

    private static readonly string[] Tests = ["test/a", "test/b", "test/c", "test/d", "test/e", "test/f"];

    private readonly Team team = new();

    [Fact]
    public async Task A_fresh_machine_cuts_as_well_as_the_one_that_measured()
    {
        var one = MachineOf();
        await one.RunAsync();
        Assert.Equal(["test/a test/d", "test/b test/e", "test/c test/f"], one.Done);

        var fresh = MachineOf();
        fresh.Memory.Files["src"] = "2";
        await fresh.RunAsync();

        // a takes longer than all others together.
        Assert.Equal(["test/a", "test/b test/d test/f", "test/c test/e"], fresh.Done);
    }

    [Fact]
    public async Task The_same_is_cut_as_another_machine_cut_it_so_that_nothing_of_it_is_done_again()
    {
        await MachineOf().RunAsync();

        // Times are known by now, and would cut it otherwise.
        var fresh = MachineOf();
        Assert.Equal(
            ["test (shard: 1)/test restored", "test (shard: 2)/test restored", "test (shard: 3)/test restored"],
            await fresh.RunAsync()
        );
        Assert.Empty(fresh.Done);
    }

    [Fact]
    public void Whatever_the_team_says_and_however_it_changes_within_a_run_each_test_is_done_exactly_once() =>
        Lies.Sample(
            lies =>
            {
                var at = 0;
                var liar = new Team
                {
                    Says = name => lies[Interlocked.Increment(ref at) % lies.Length] is { } lie ? Of(name, lie) : null,
                };
                foreach (var (machine, source) in new[] { (new Machine(liar), "1"), (new Machine(liar), "2") })
                {
                    machine.Memory.Files["src"] = source;
                    machine.RunAsync().GetAwaiter().GetResult();
                    // A machine that had nothing did them all, and none twice.
                    Assert.Equal(
                        Tests,
                        machine.Done.SelectMany(static one => one.Split(' ')).Order(StringComparer.Ordinal)
                    );
                    Assert.All(machine.Memory.LastRun!.Problems, static one => Assert.Fail(one.What));
                }
            },
            iter: 200,
            threads: 1
        );

    [Fact]
    public async Task What_others_measured_stays_when_one_sends_what_it_measured()
    {
        team.Tests["main times ci/test/test"] = new(
            new Dictionary<string, TimeSpan>
            {
                ["file test/a"] = TimeSpan.FromSeconds(1),
                ["file test/gone"] = TimeSpan.FromSeconds(3),
            },
            []
        );
        await MachineOf().RunAsync();

        var times = team.Tests["main times ci/test/test"].Times;
        Assert.Equal(
            (TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(3)),
            (times["file test/a"], times["file test/gone"])
        );
    }

    [Fact]
    public async Task Without_the_cache_and_with_secrets_nobody_is_asked_or_told()
    {
        await MachineOf().RunAsync(change: static one => one with { UsesCache = false });
        await MachineOf().RunAsync(Text.Replace("run: test", "run: test, secrets: [TOKEN]", StringComparison.Ordinal));
        await MachineOf()
            .RunAsync(Text.Replace("shards: { count: 3, files: ['test/**'] }, ", "", StringComparison.Ordinal));

        Assert.Empty(team.Tests);
    }

    // Splits that leave a test out, have one twice, one that there is not, another number of shards; and times of any kind.
    private static Gen<string[]?[]> Lies { get; } =
        AnyPipeline
            .Of<string[]?>(
                null,
                ["test/a test/b test/c", "test/d test/e", ""],
                ["test/a test/b test/c", "test/d test/e test/f", "test/a"],
                ["test/a test/b test/c", "test/d test/e test/x", "test/f"],
                ["test/a test/b test/c test/d test/e test/f"],
                ["", "", "test/a test/b test/c test/d test/e test/f"],
                ["test/f test/a", "test/d test/b", "test/c test/e"],
                ["test/a", "test/b", "test/c", "test/d test/e test/f"]
            )
            .Array[1, 5];

    private static PastTests Of(string name, string[] lie) =>
        name.StartsWith("split ", StringComparison.Ordinal)
            ? new(
                PastTests.Nothing.Times,
                [
                    new(
                        name["split ".Length..],
                        [.. lie.Select(static one => one.Split(' ', StringSplitOptions.RemoveEmptyEntries))]
                    ),
                ]
            )
            : new(
                lie.SelectMany(static one => one.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Distinct()
                    .Select(static (test, at) => KeyValuePair.Create($"file {test}", TimeSpan.FromSeconds(at * at)))
                    .ToDictionary(StringComparer.Ordinal),
                []
            );

    private Machine MachineOf() => new(team);

    private sealed class Machine
    {
        private readonly List<string> done = [];

        public Machine(Team team)
        {
            Memory = new() { Shared = team };
            Memory.Files["src"] = "1";
            Memory.Secrets["TOKEN"] = "t0ken";
            foreach (var name in Tests)
            {
                Memory.Files[name] = "1";
            }
            Memory.Commands["test"] = (order, _) =>
            {
                if (order.Env.TryGetValue(Shards.FileVariable, out var file))
                {
                    Do(order.Env[Shards.NumberVariable], Memory.Lent[file[".fairlead-run/".Length..]].Trim());
                }
                return Task.FromResult<int?>(0);
            };
        }

        public MemoryPipelines Memory { get; }

        /// <summary>The tests of each shard that it did, sorted.</summary>
        public IReadOnlyList<string> Done => [.. done.Order(StringComparer.Ordinal)];

        public Task<IReadOnlyList<string>> RunAsync(
            string text = Text,
            Func<RunSettings, RunSettings>? change = null
        ) => Memory.RunAsync(text, change);

        private void Do(string number, string tests)
        {
            lock (done)
            {
                done.Add(tests.Replace('\n', ' '));
            }
            var cases = tests
                .Split('\n')
                .Select(static one => $"<testcase name='{one}' file='{one}' time='{(one == "test/a" ? 20 : 2)}'/>");
            Memory.Files[$"reports/{number}"] = $"<testsuite>{string.Concat(cases)}</testsuite>";
        }
    }
}
