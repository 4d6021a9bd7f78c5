using CsCheck;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Pipelines;

public sealed class PipelineWriterTests
{
    private static readonly Pipeline Example = new()
    {
        Name = "ci",
        On = new() { Push = ["main"], Tag = ["v*"] },
        Concurrency = new("deploy-${{ branch }}", CancelsOlder: false),
        Jobs =
        [
            new()
            {
                Name = "install",
                Caches = [new(["~/.npm"], ["package-lock.json"])],
                Tasks =
                [
                    new()
                    {
                        Name = "install",
                        Act = new Act.Command(["npm", "ci"]),
                        Outputs = ["node_modules/**"],
                    },
                ],
            },
            new()
            {
                Name = "test",
                Needs = ["install"],
                Matrix = new([new("node", ["20", "22"])], [], []),
                Tools = new Dictionary<string, string> { ["node"] = "${{ matrix.node }}" },
                Tasks =
                [
                    new() { Name = "task-1", Act = new Act.Command(["npm", "test"]) },
                    new()
                    {
                        Name = "report",
                        If = "always()",
                        Act = new Act.Script("bash", "set -u\n./report.sh \"$HOME\"\n"),
                    },
                ],
            },
        ],
    };

    [Fact]
    public void What_is_written_is_read_as_the_same_pipeline() =>
        AnyPipeline.All.Sample(
            static pipeline =>
            {
                var written = PipelineWriter.Write(pipeline);
                try
                {
                    Assert.Equal(PipelineText.Of(pipeline), PipelineText.Of(PipelineReader.Read(written)));
                }
                catch (ProblemException found)
                {
                    Assert.Fail($"{found.Problems[0]}\n{written}");
                }
            },
            iter: 2_000
        );

    [Fact]
    public void It_is_written_as_a_person_would() =>
        Assert.Equal(
            """
            on:
              push: main
              tag: v*
            concurrency: deploy-${{ branch }}
            jobs:
              install:
                caches:
                  - paths: ~/.npm
                    key: package-lock.json
                run: npm ci
                outputs: node_modules/**
              test:
                needs: install
                matrix:
                  axes:
                    node: ["20", "22"]
                tools:
                  node: ${{ matrix.node }}
                tasks:
                  - run: npm test
                  - name: report
                    if: always()
                    shell: bash
                    script: |
                      set -u
                      ./report.sh "$HOME"

            """,
            PipelineWriter.Write(Example)
        );
}
