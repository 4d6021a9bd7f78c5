using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Running;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Pipelines;

public sealed class StrictRunTests
{
    private const string Build = """
        jobs:
          lib: { run: make lib, inputs: [src/**], outputs: [out/lib] }
          app: { run: link app, inputs: [app/**], outputs: [out/app], needs: lib }
        """;

    private readonly MemoryPipelines machine = new();
    private string[] readByLink = ["app/a", "out/lib"];

    public StrictRunTests()
    {
        (machine.Files["src/a"], machine.Files["app/a"], machine.Files["version.txt"]) = ("1", "1", "1");
        machine.Commands["make"] = (_, _) => DoAsync("out/lib", ["src/a"]);
        machine.Commands["link"] = (_, _) => DoAsync("out/app", readByLink);
    }

    [Fact]
    public async Task A_task_that_reads_its_inputs_and_what_those_before_it_made_is_right() =>
        Assert.Equal(["app done", "lib done"], (await RunAsync()).Ends);

    [Fact]
    public async Task A_task_that_reads_another_file_fails_by_its_name_and_is_not_kept()
    {
        readByLink = ["app/a", "version.txt"];
        var (ends, problems) = await RunAsync();
        Assert.Equal(["app FAILED", "lib done"], ends);
        Assert.Equal(
            ["app/app read a file that its inputs do not name: version.txt."],
            problems.Select(static one => one.What)
        );
        Assert.Equal(["app FAILED", "lib up to date"], (await RunAsync()).Ends);
        // Without the flag it is as it was.
        Assert.Equal(["app done", "lib up to date"], await machine.RunAsync(Build));
    }

    [Fact]
    public async Task A_task_that_reads_what_a_job_makes_which_it_does_not_need_fails()
    {
        machine.Commands["make"] = (_, _) => DoAsync("out/lib", ["src/a", "out/app"]);
        machine.Files["out/app"] = "of an earlier run";
        Assert.Contains("lib FAILED", (await RunAsync()).Ends);
    }

    [Fact]
    public async Task What_could_not_be_seen_is_not_called_right()
    {
        machine.SeesAll = false;
        var (ends, problems) = await RunAsync();
        Assert.Contains("lib FAILED", ends);
        Assert.Equal("pipeline.undeclared-input", problems[0].Code);
    }

    private async Task<(IReadOnlyList<string> Ends, IReadOnlyList<Problem> Problems)> RunAsync()
    {
        var pipeline = PipelineReader.Read(Build);
        var settings = new RunSettings(1, new("main", "", "push"), "source") { IsStrict = true };
        var run = new PipelineRun(pipeline, Graph.Of(pipeline, []), machine.Ports, settings);
        var record = await run.RunAsync(TestContext.Current.CancellationToken);
        return (
            [
                .. record
                    .Results.Select(static one => $"{one.Job} {Waterfall.Word(one.Outcome)}")
                    .Order(StringComparer.Ordinal),
            ],
            run.Problems
        );
    }

    private Task<int?> DoAsync(string output, string[] reads)
    {
        machine.Read.AddRange(reads);
        machine.Files[output] = "made";
        return Task.FromResult<int?>(0);
    }
}
