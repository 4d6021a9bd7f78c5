using Fairlead.Engine.Pipelines;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Pipelines;

public sealed class PipelineReaderTests
{
    [Fact]
    public void A_job_of_one_task_is_written_as_that_task()
    {
        var pipeline = PipelineReader.Read(
            """
            jobs:
              build:
                run: npm run build
                inputs: [src/**, package.json]
                outputs: dist/**
                needs: install
                tools: { node: 22 }
                timeout: 5m
              install: { script: "npm ci | tee log", shell: bash }
            """
        );

        Assert.Equal(("ci", "**", "**"), (pipeline.Name, pipeline.On.Push[0], pipeline.On.Change[0]));
        var (build, install) = (pipeline.Jobs[0], pipeline.Jobs[1]);
        Assert.Equal(["npm", "run", "build"], ((Act.Command)Assert.Single(build.Tasks).Act).Words);
        Assert.Equal(["src/**", "package.json"], build.Tasks[0].Inputs!);
        Assert.Equal(["dist/**", "install"], [.. build.Tasks[0].Outputs, .. build.Needs]);
        Assert.Equal((TimeSpan.FromMinutes(5), null), (build.Timeout, build.Tasks[0].Timeout));
        Assert.Equal("22", build.Tools["node"]);
        Assert.Equal(new Act.Script("bash", "npm ci | tee log"), install.Tasks[0].Act);
        Assert.Null(install.Tasks[0].Inputs);
    }

    [Fact]
    public void Everything_wrong_is_said_at_once_with_its_place_in_this_file() =>
        Assert.Equal(
            [
                "fairlead.pipeline.yaml:2:6 jobs.a says nothing to do.",
                "fairlead.pipeline.yaml:4:5 jobs.b says 'run' and 'tasks'.",
                "fairlead.pipeline.yaml:7:8 jobs.b.tasks[1] is called 'x', as one before it.",
                "fairlead.pipeline.yaml:8:23 Job 'c' needs 'bb', which is no job.",
                "fairlead.pipeline.yaml:9:23 Jobs need each other in a circle: d needs e needs d.",
            ],
            Found(
                """
                jobs:
                  a: { needs: b }
                  b:
                    run: "true"
                    tasks:
                      [{ name: x, run: "true" },
                       { name: x, run: "true" }]
                  c: { run: x, needs: bb }
                  d: { run: x, needs: [e] }
                  e: { run: x, needs: [d] }
                """
            )
        );

    [Theory]
    [InlineData("", "fairlead.pipeline.yaml is empty.")]
    [InlineData("jobs: {}", "The pipeline has no jobs.")]
    [InlineData("jobs: { a: { run: x, matrix: {} } }", "jobs.a.matrix says no values.")]
    [InlineData("jobs: { a: { run: x, inputs: ../b } }", "jobs.a.inputs is '../b'.")]
    [InlineData("jobs: { a: { run: x, step: y } }", "jobs.a has an unknown key 'step'.")]
    [InlineData("stages: { a: { run: x } }", "fairlead.pipeline.yaml has an unknown key 'stages'.")]
    [InlineData("jobs: { a: { run: x | y } }", "jobs.a.run is no command: 'x | y'.")]
    [InlineData("jobs: { a: &x { run: x } }", "jobs.a uses an anchor or alias.")]
    [InlineData("jobs: { a: { run: x, needs: a } }", "Jobs need each other in a circle: a needs a.")]
    public void Bad_files_are_refused(string text, string what) => Assert.Contains(what, Texts(text));

    [Fact]
    public void An_expression_is_a_part_of_its_word() =>
        Assert.Equal(
            new Act.Command(["npm", "run", "test:${{ matrix.suite || 'all tests' }}", "--", "x${{ branch }}y"]).Words,
            (
                (Act.Command)
                    PipelineReader
                        .Read(
                            "jobs: { a: { run: \"npm run test:${{ matrix.suite || 'all tests' }} -- x${{ branch }}y\", matrix: { axes: { suite: [unit] } } } }"
                        )
                        .Jobs[0]
                        .Tasks[0]
                        .Act
            ).Words
        );

    [Fact]
    public void A_chain_of_a_thousand_jobs_is_read()
    {
        var jobs = Enumerable
            .Range(0, 1000)
            .Select(at => $"  j{at}: {{ run: x, needs: [{(at == 0 ? "" : $"j{at - 1}")}] }}");
        Assert.Equal(1000, PipelineReader.Read($"jobs:\n{string.Join('\n', jobs)}").Jobs.Count);
    }

    [Fact]
    public void A_matrix_is_combined_as_GitHub_does()
    {
        var matrix = PipelineReader
            .Read(
                """
                jobs:
                  test:
                    run: x
                    matrix:
                      axes: { fruit: [apple, pear], animal: [cat, dog] }
                      exclude: [{ fruit: pear, animal: dog }]
                      include:
                        - { color: green }
                        - { color: pink, animal: cat }
                        - { fruit: apple, shape: circle }
                        - { fruit: banana }
                        - { fruit: banana, animal: cat }
                """
            )
            .Jobs[0]
            .Matrix!;

        Assert.Equal(
            [
                "fruit=apple animal=cat color=pink shape=circle",
                "fruit=apple animal=dog color=green shape=circle",
                "fruit=pear animal=cat color=pink",
                "fruit=banana",
                "fruit=banana animal=cat",
            ],
            Matrices
                .Combinations(matrix)
                .Select(static one => string.Join(' ', one.Select(static of => $"{of.Key}={of.Value}")))
        );
    }

    [Fact]
    public void Expressions_are_checked_where_they_stand() =>
        Assert.Equal(
            [
                "fairlead.pipeline.yaml:1:25 concurrency: 'brunch' is not known. Did you mean 'branch'?",
                "fairlead.pipeline.yaml:3:16 env.A: 'env' is not known here. Use it in the 'if', the command or the variables of a task.",
                "fairlead.pipeline.yaml:6:9 jobs.a.if: 'github' is not known. Use the word that is the same in every CI system, such as 'branch' or 'event'.",
                "fairlead.pipeline.yaml:7:26 jobs.a.script: 'env.B' is not known. Did you mean 'env.A'?",
                "fairlead.pipeline.yaml:10:23 jobs.b.if: 'matrix' is not known here. Use it in the 'if', the command or the variables of a task.",
                "fairlead.pipeline.yaml:12:20 jobs.b.tools.node: 'matrix.nod' is not known. Did you mean 'matrix.node'?",
                "fairlead.pipeline.yaml:14:21 jobs.b.tasks[0].run[1]: An expression begins here and never ends. Add '}}', and see that quotes within it are closed.",
                "fairlead.pipeline.yaml:15:26 jobs.b.tasks[1].if: A job has no 'outputs' here. Write for example: needs.test.result == 'success'",
                "fairlead.pipeline.yaml:16:32 jobs.b.tasks[2].env.T: Secrets are not known to expressions. Write 'secrets: [NAME]' at the job, and use the variable NAME.",
                "fairlead.pipeline.yaml:17:33 jobs.b.tasks[3].if: '=' cannot be read. Write '=='.",
            ],
            Assert
                .Throws<ProblemException>(() =>
                    PipelineReader.Read(
                        """
                        concurrency: deploy-${{ brunch }}
                        env:
                          A: level ${{ env.A }}
                        jobs:
                          a:
                            if: github.ref == 'refs/heads/main'
                            script: echo ${{ env.B }}
                          b:
                            needs: [a]
                            if: event == 1 && matrix.node == 20
                            matrix: { axes: { node: [20, 22] } }
                            tools: { node: "${{ matrix.nod }}" }
                            tasks:
                              - run: [echo, "${{ matrix.node"]
                              - { script: x, if: 'needs.a.result == 1 && needs.a.outputs.x' }
                              - { script: x, env: { T: "${{ secrets.T }}" } }
                              - { script: x, if: branch = 'main' }
                        """
                    )
                )
                .Problems.Select(static one => $"{one.Where} {one.What} {one.Fix}")
        );

    [Theory]
    [InlineData("script: 'echo ${{ branch }}'", "${{ branch }}")]
    [InlineData("script: 'echo ${{ format(''{0}'', source) }}'", null)]
    [InlineData("script: 'echo ${{ branch || commit }}'", null)]
    [InlineData("script: 'echo ${{ toJSON(env) }}', env: { A: b }", null)]
    [InlineData("run: [bash, -c, 'echo ${{ tag }}']", "${{ tag }}")]
    public void What_others_name_is_no_part_of_a_script(string task, string? value)
    {
        var found = Assert
            .Throws<ProblemException>(() => PipelineReader.Read($"jobs: {{ a: {{ {task} }} }}"))
            .Problems.Single();
        Assert.Equal("manifest.injection", found.Code);
        Assert.Contains(value ?? "VALUE", found.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "script: 'echo ${{ commit }} ${{ branch == ''main'' && ''prod'' || ''test'' }} ${{ contains(tag, ''v'') }}'"
    )]
    [InlineData("script: 'echo $BRANCH', env: { BRANCH: '${{ branch }}' }")]
    [InlineData("run: [echo, '${{ branch }}', '${{ env.A }}'], env: { A: b }")]
    public void What_cannot_be_chosen_by_others_is(string task) =>
        Assert.Single(PipelineReader.Read($"jobs: {{ a: {{ {task} }} }}").Jobs);

    private static IEnumerable<string> Found(string text) =>
        Assert
            .Throws<ProblemException>(() => PipelineReader.Read(text))
            .Problems.Select(static one => $"{one.Where} {one.What}");

    private static IEnumerable<string> Texts(string text) =>
        Assert.Throws<ProblemException>(() => PipelineReader.Read(text)).Problems.Select(static one => one.What);
}
