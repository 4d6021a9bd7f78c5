using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Running;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Pipelines;

public sealed class AffectedTests
{
    private const string Text = """
        jobs:
          install: { run: npm ci, inputs: [lock], outputs: [modules/**] }
          lib: { run: make lib, needs: install, inputs: [lib/**], outputs: [out/lib] }
          app: { run: make app, needs: lib, inputs: [app/**, '!app/notes'], outputs: [app/out] }
          docs: { run: make docs, inputs: [docs/**] }
          lint: { run: lint }
        """;

    [Fact]
    public void What_a_change_touches_is_done_with_what_follows_and_what_is_needed() =>
        Assert.Equal(
            [
                "in   install: lib needs it",
                "in   lib: lib/a, lib/b changed",
                "in   app: needs lib, which a change touches",
                "out  docs: no changed file is among its inputs",
                "in   lint: its inputs are not said, so any change may touch it",
                "2 files changed since main: 4 of 5 jobs to do",
            ],
            Of(Text, "lib/a", "lib/b")
        );

    [Fact]
    public void Where_nothing_changed_nothing_is_done() =>
        Assert.All(Of(Text)[..^1], static line => Assert.StartsWith("out  ", line, StringComparison.Ordinal));

    [Fact]
    public void The_pipelines_own_file_touches_everything() =>
        Assert.All(
            Of(Text, "fairlead.pipeline.yaml")[..^1],
            static line => Assert.EndsWith(": fairlead.pipeline.yaml changed", line, StringComparison.Ordinal)
        );

    [Fact]
    public void What_a_task_makes_or_takes_away_again_is_not_what_it_reads() =>
        Assert.Equal(
            [
                "out  docs: no changed file is among its inputs",
                "in   lint: its inputs are not said, so any change may touch it",
            ],
            Of(Text, "app/out", "app/notes")[3..5]
        );

    [Fact]
    public void Of_many_files_the_first_are_named() =>
        Assert.Equal(
            "in   docs: docs/1, docs/2, docs/3 and more changed",
            Of(Text, "docs/1", "docs/2", "docs/3", "docs/4")[3]
        );

    [Fact]
    public void Tasks_of_a_job_go_together_and_hashes_of_files_may_be_of_any() =>
        Assert.Equal(
            [
                "in   a/one: no changed file is among its inputs",
                "in   a/two: x changed",
                "in   a/three: one before it in its job is touched",
                "in   b: it asks for hashFiles, so any change may touch it",
            ],
            Of(
                """
                jobs:
                  a: { tasks: [{ name: one, run: x, inputs: [y] }, { name: two, run: x, inputs: [x] }, { name: three, run: x, inputs: [y] }] }
                  b: { script: "echo ${{ hashFiles('x') }}", inputs: [y] }
                """,
                "x"
            )[..^1]
        );

    [Fact]
    public void What_is_left_is_a_graph_of_its_own()
    {
        var pipeline = PipelineReader.Read(Text);
        var graph = Graph.Of(pipeline, []);
        var affected = new Affected(graph, new("main", ["lock"]), new MemoryPipelines(), "fairlead.pipeline.yaml");

        Assert.Equal(
            ["install <- ", "lib <- install", "app <- lib", "lint <- "],
            affected.Only.Runs.Select(run =>
                $"{run.Id} <- {string.Join(',', run.Needs.Select(need => affected.Only.Runs[need].Id))}"
            )
        );
    }

    private static string[] Of(string text, params string[] changed)
    {
        var graph = Graph.Of(PipelineReader.Read(text), []);
        var affected = new Affected(
            graph,
            new ChangedFiles("main", changed),
            new MemoryPipelines(),
            "fairlead.pipeline.yaml"
        );
        return
        [
            .. graph.Runs.SelectMany(
                (run, at) =>
                    run.Job.Tasks.Select(task =>
                        $"{(affected.IsIn(at) ? "in  " : "out ")} {run.Id}{(task.Name == run.Id ? "" : $"/{task.Name}")}: {affected.Why(run, task)}"
                    )
            ),
            affected.Text,
        ];
    }
}
