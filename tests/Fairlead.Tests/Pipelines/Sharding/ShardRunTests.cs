using Fairlead.Engine.Pipelines.Files;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Pipelines.Sharding;

public sealed class ShardRunTests
{
    private const string Text = """
        jobs:
          test: { run: test, shards: { count: 2, files: ['test/**'] }, inputs: [src], reports: ['reports/**'] }
        """;

    private readonly MemoryPipelines machine = new();
    private readonly List<string> lists = [];

    public ShardRunTests()
    {
        machine.Files["src"] = "1";
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            machine.Files[$"test/{name}"] = "1";
        }
        // a takes as long as all others together.
        machine.Commands["test"] = (order, _) =>
        {
            var number = order.Env[Shards.NumberVariable];
            var file = order.Env[Shards.FileVariable];
            Assert.StartsWith(".fairlead-run/tests-", file, StringComparison.Ordinal);
            var tests = machine.Lent[file[".fairlead-run/".Length..]];
            lock (lists)
            {
                lists.Add($"{number}/{order.Env[Shards.CountVariable]} {tests.Trim().Replace('\n', ' ')}");
            }
            machine.Files[$"reports/{number}"] =
                $"<testsuite>{string.Concat(tests.Trim().Split('\n').Select(static one => $"<testcase name='{one}' file='{one}' time='{(one == "test/a" ? 6 : 2)}'/>"))}</testsuite>";
            return Task.FromResult<int?>(0);
        };
    }

    [Fact]
    public async Task Tests_are_parted_evenly_and_then_by_how_long_they_took_but_not_while_nothing_changed()
    {
        Assert.Equal(["test (shard: 1)/test done", "test (shard: 2)/test done"], await machine.RunAsync(Text));
        Assert.Equal(["1/2 test/a test/c", "2/2 test/b test/d"], Lists());

        // It is known by now how long they take. All the same nothing is done again.
        Assert.Equal(
            ["test (shard: 1)/test up to date", "test (shard: 2)/test up to date"],
            await machine.RunAsync(Text)
        );
        Assert.Empty(Lists());

        machine.Files["src"] = "2";
        await machine.RunAsync(Text);
        Assert.Equal(["1/2 test/a", "2/2 test/b test/c test/d"], Lists());

        // As it was before, it is parted as it was, so what was kept of it serves.
        machine.Files["src"] = "1";
        await machine.RunAsync(Text);
        Assert.Empty(Lists());

        machine.Files["test/e"] = "1";
        await machine.RunAsync(Text);
        Assert.Equal(["1/2 test/a test/e", "2/2 test/b test/c test/d"], Lists());
        Assert.Empty(machine.Lent);
    }

    [Fact]
    public async Task A_shard_without_tests_is_left_out_since_naming_none_would_mean_all()
    {
        machine.Files.TryRemove("test/b", out _);
        machine.Files.TryRemove("test/c", out _);
        machine.Files.TryRemove("test/d", out _);

        Assert.Equal(
            ["after done", "test (shard: 1)/test done", "test (shard: 2)/test skipped"],
            await machine.RunAsync(Text + "\n  after: { run: go, needs: test }")
        );
        Assert.Equal(["1/2 test/a"], Lists());
    }

    [Fact]
    public async Task Where_there_are_no_tests_or_one_has_an_impossible_name_it_fails()
    {
        machine.Files["test/x\ny"] = "1";
        await machine.RunAsync(Text);
        Assert.All(machine.LastRun!.Problems, static one => Assert.Equal("pipeline.shards-tests", one.Code));

        machine.Files.Clear();
        Assert.Equal(["test (shard: 1)/test FAILED", "test (shard: 2)/test FAILED"], await machine.RunAsync(Text));
        Assert.Equal(
            "No file fits test/**, and a run without tests would look like one that passed.",
            machine.LastRun!.Problems[0].Why
        );
    }

    [Fact]
    public async Task A_tool_that_parts_tests_itself_is_told_its_number_alone()
    {
        var told = new List<string>();
        machine.Commands["jest"] = (order, _) =>
        {
            lock (told)
            {
                told.Add(string.Join(' ', order.Words));
            }
            Assert.False(order.Env.ContainsKey(Shards.FileVariable));
            return Task.FromResult<int?>(0);
        };

        await machine.RunAsync("jobs: { test: { run: 'jest --shard=${{ matrix.shard }}/3', shards: 3 } }");

        Assert.Equal(["jest --shard=1/3", "jest --shard=2/3", "jest --shard=3/3"], told.Order());
    }

    [Fact]
    public void Shards_are_written_as_they_are_read()
    {
        foreach (
            var text in (string[])
                [
                    "jobs: { a: { run: go, shards: 3 } }",
                    "jobs: { a: { run: go, shards: { count: 3, files: [t/**, '!t/x'] } } }",
                    "jobs: { a: { run: go, shards: { count: 3, list: go list ./... }, matrix: { axes: { b: [c] } } } }",
                ]
        )
        {
            var read = PipelineReader.Read(text);
            var again = PipelineReader.Read(PipelineWriter.Write(read));
            Assert.Equal(PipelineText.Of(read), PipelineText.Of(again));
        }
    }

    [Theory]
    [InlineData("shards: 1", "2")]
    [InlineData("shards: 65", "64")]
    [InlineData("shards: { count: 2, files: [a], list: b }", "says 'files' and 'list'")]
    [InlineData("shards: { count: 2, files: ['!a'] }", "names no files")]
    [InlineData("shards: 2, once: true", "must not be done twice")]
    [InlineData("shards: 2, outputs: [a]", "has outputs")]
    [InlineData("shards: 2, matrix: { axes: { Shard: [a] } }", "a variable 'Shard'")]
    [InlineData("shards: { count: 2, files: ['${{ branch }}'] }", "holds an expression")]
    [InlineData("if: 'matrix.shard == 1'", "matrix")]
    public void What_could_not_be_parted_is_said(string words, string said)
    {
        var caught = Assert.Throws<ProblemException>(() =>
            PipelineReader.Read($"jobs: {{ a: {{ run: go, {words} }} }}")
        );
        Assert.Contains(caught.Problems, one => $"{one.What} {one.Why}".Contains(said, StringComparison.Ordinal));
    }

    private List<string> Lists()
    {
        List<string> now = [.. lists.Order(StringComparer.Ordinal)];
        lists.Clear();
        return now;
    }
}
