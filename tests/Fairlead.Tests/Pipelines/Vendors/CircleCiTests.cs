using System.Globalization;
using CsCheck;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors;
using Fairlead.Engine.Pipelines.Vendors.CircleCi;
using Fairlead.Model.Pipelines;

namespace Fairlead.Tests.Pipelines.Vendors;

/// <summary>CircleCI, both ways, with what looks like something else to it.</summary>
public sealed class CircleCiTests
{
    /// <summary>What Azure can say, and we can read again.</summary>
    /// <summary>What CircleCI can say, and we can read again.</summary>
    private static readonly Gen<Pipeline> OfCircle =
        from scripts in AnyPipeline
            .Of(
                "npm ci",
                "npm ci\nnpm test\n",
                "cat <<END\n$HOME\nEND\n",
                "echo << x >> ${{ commit }}",
                "make '${{ '${{' }}'"
            )
            .Array[1, 3]
        from kind in Gen.Int[0, 7]
        from condition in AnyPipeline.Of<string?>(
            null,
            "branch == 'main'",
            "branch != 'it''s'",
            "startsWith(branch, 'release/') || branch == 'main'",
            "event != 'schedule' && branch != 'x'"
        )
        from task in AnyPipeline.Of<string?>(
            null,
            "failure()",
            "always()",
            "matrix.level == 'high'",
            "contains(branch, 'fix') && matrix.level != 'low'"
        )
        select new Pipeline
        {
            Name = "ci",
            On = new()
            {
                Push = kind == 0 ? ["main", "release/**", "a*"] : ["**"],
                Tag = kind == 1 ? ["v*", "**"] : [],
                Manual = kind == 0,
            },
            Jobs =
            [
                new()
                {
                    Name = "first",
                    Title = kind == 2 ? "The first" : null,
                    IsApart = true,
                    If = kind == 1 ? null : condition,
                    Image = kind == 3 ? "node:22" : null,
                    Machine =
                        kind == 4 ? "${{ matrix.os }}"
                        : kind == 5 ? "macos"
                        : "linux",
                    Env = new Dictionary<string, string> { ["A"] = "a << b", ["B"] = "${{ matrix.level }}" },
                    Caches = [new(["~/.npm", "x"], ["package-lock.json"])],
                    Matrix = new(
                        kind == 4
                            ? [new("level", ["low", "high"]), new("os", ["linux", "macos"])]
                            : [new("level", ["low", "high"])],
                        [],
                        kind == 4 ? [new Dictionary<string, string> { ["level"] = "low", ["os"] = "macos" }] : []
                    )
                    {
                        FailsFast = false,
                    },
                    Tasks =
                    [
                        .. scripts.Select(
                            (text, at) =>
                                new JobTask
                                {
                                    Name =
                                        at == 1 ? "named"
                                        : scripts.Length == 1 ? "first"
                                        : string.Create(CultureInfo.InvariantCulture, $"task-{at + 1}"),
                                    Title = at == 2 ? "Third: all" : null,
                                    Act = new Act.Script(at == 2 ? "sh" : "bash", text),
                                    If = at == 1 && scripts.Length == 3 ? task : null,
                                    Env =
                                        at == 1
                                            ? new Dictionary<string, string> { ["C"] = "${{ branch }}" }
                                            : new Dictionary<string, string>(),
                                    Folder = at == 1 ? "sub/folder" : ".",
                                    Retries = at == 2 ? 3 : 0,
                                    Outputs = at == scripts.Length - 1 ? ["dist/**", "app.tar"] : [],
                                    Reports = at == scripts.Length - 1 ? ["out/junit.xml"] : [],
                                }
                        ),
                    ],
                },
                new()
                {
                    Name = "second",
                    Needs = ["first"],
                    If = kind == 6 ? "always()" : null,
                    IsApart = true,
                    Manual = kind == 7,
                    Environment = kind == 7 ? "production" : null,
                    Tasks = [new() { Name = "second", Act = new Act.Script("bash", "./deploy.sh") }],
                },
            ],
        };

    [Fact]
    public void What_is_written_for_CircleCI_is_read_as_the_same_pipeline() =>
        OfCircle.Sample(
            static pipeline =>
            {
                var exported = CircleExport.Run(pipeline, ExportMode.Native);
                var again = CircleImport.Run(exported.Text, "config.yml");
                Assert.Equal(
                    $"{exported.Text}\n{PipelineText.Of(pipeline)}",
                    $"{exported.Text}\n{PipelineText.Of(again.Pipeline)}"
                );
            },
            iter: 1_000
        );

    [Theory]
    [InlineData("pipeline.git.branch == \"main\"", "branch == 'main'")]
    [InlineData("not (pipeline.git.branch == 'it' or pipeline.git.tag != \"\")", "!(branch == 'it' || tag != '')")]
    [InlineData("pipeline.git.branch =~ \"^release/\"", "startsWith(branch, 'release/')")]
    [InlineData("pipeline.trigger_source == \"scheduled_pipeline\"", "event == 'schedule'")]
    [InlineData("pipeline.git.branch =~ \"^v[0-9]+$\"", null)]
    [InlineData("pipeline.number == \"1\"", null)]
    [InlineData("pipeline.git.branch == \"main", null)]
    [InlineData("pipeline.git.branch == \"main\" and", null)]
    [InlineData("pipeline.git.branch $ \"main\"", null)]
    [InlineData("((((", null)]
    [InlineData("", null)]
    public void Filters_of_CircleCI_are_read_in_neutral_words(string filter, string? condition) =>
        Assert.Equal(
            condition,
            CircleLogic.Tidy(
                CircleFilter.Read(
                    filter,
                    new(new Dictionary<string, CircleValue>(), new Dictionary<string, CircleValue>())
                )
            )
        );

    [Theory]
    [InlineData("branch == 'main'", "pipeline.git.branch == \"main\"")]
    [InlineData("branch != 'main'", "not (pipeline.git.branch == \"main\")")]
    [InlineData("tag == ''", "not (pipeline.git.tag != \"\")")]
    [InlineData("startsWith(tag, 'v')", "pipeline.git.tag starts-with \"v\"")]
    [InlineData("branch == 'a\"b\\'", "pipeline.git.branch == \"a\\\"b\\\\\"")]
    [InlineData(
        "event == 'manual' && (branch == 'a' || branch == 'b')",
        "pipeline.trigger_source == \"api\" and (pipeline.git.branch == \"a\" or pipeline.git.branch == \"b\")"
    )]
    [InlineData("!(event == 'schedule')", "not (pipeline.trigger_source == \"scheduled_pipeline\")")]
    [InlineData("event == 'change'", null)]
    [InlineData("branch == 'a<<b'", null)]
    [InlineData("endsWith(branch, 'x')", null)]
    [InlineData("needs.a.result == 'success'", null)]
    public void Filters_of_CircleCI_say_what_they_can(string ours, string? theirs) =>
        Assert.Equal(theirs, CircleConditions.Filter(Expression.Parse(ours).Expression!));

    [Fact]
    public void What_looks_like_something_else_to_CircleCI_or_its_shell_stays_what_it_is()
    {
        var text = CircleExport
            .Run(
                PipelineReader.Read(
                    """
                    on: { push: [main, "a/<<b"] }
                    env: { LEVEL: "<< pipeline.id >>" }
                    jobs:
                      _first:
                        matrix: { axes: { type: ["<< x >>", "it's"], os: [linux, Big/Machine] } }
                        machine: ${{ matrix.os }}
                        title: "a: << b"
                        tasks:
                          - run: [echo, "${{ matrix.type }}", "${{ matrix.os }}", "<<a $HOME", "it's ${{ env.LEVEL }} `$x`"]
                          - script: "cat <<END | tr a b\n$BRANCH\nEND\n"
                            env: { BRANCH: "${{ branch }}" }
                            mayFail: true
                          - shell: python3
                            script: |
                              print("${{ commit }}")
                              END
                            if: always() && (matrix.os != 'linux' || endsWith(branch, '.x'))
                          - { run: [x, "${{ matrix.os }}"], folder: "a b", outputs: "!a/**/*.txt", if: failure() }
                    """
                ),
                ExportMode.Native
            )
            .Text;
        VendorFiles.Same(Path.Combine("Exports", "circleci-hostile.yml"), text);
    }

    [Fact]
    public void A_job_that_is_kept_for_CircleCI_comes_back_with_what_it_asks_for()
    {
        var read = CircleImport.Run(
            File.ReadAllText(Path.Combine(VendorFiles.Folder, "Exports", "circleci-kept.in.yml")),
            "config.yml"
        );
        VendorFiles.Same(
            Path.Combine("Exports", "circleci-kept.yml"),
            CircleExport.Run(read.Pipeline, ExportMode.Native).Text
        );
    }
}
