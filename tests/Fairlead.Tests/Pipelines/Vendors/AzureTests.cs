using System.Globalization;
using CsCheck;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors;
using Fairlead.Engine.Pipelines.Vendors.Azure;
using Fairlead.Model.Pipelines;

namespace Fairlead.Tests.Pipelines.Vendors;

/// <summary>Azure Pipelines, both ways, with what looks like something else to it.</summary>
public sealed class AzureTests
{
    private static readonly Gen<Pipeline> OfAzure =
        from scripts in AnyPipeline
            .Of("npm ci", "npm ci\nnpm test\n", "a | tee b; c\n", "make \"$LEVEL\" ${{ commit }} || x", "\techo\nx\n")
            .Array[1, 3]
        from kind in Gen.Int[0, 8]
        from condition in AnyPipeline.Of<string?>(
            null,
            "branch == 'main'",
            "tag != 'v1' && event != 'change'",
            "event == 'push' && !startsWith(tag, 'v')",
            "always()",
            "event == 'tag' || event == 'schedule'",
            "always() && (branch == 'it''s' || failure())",
            "!cancelled() && source == 'fix' && target != 'main'",
            "startsWith(branch, 'release/') && commit != 'x'"
        )
        from task in AnyPipeline.Of<string?>(
            null,
            "failure()",
            "matrix.os == 'b-11' && env.LEVEL != 'low'",
            "always() && machine == 'linux'",
            "contains(env.LEVEL, 'x') || endsWith(ref, '/main')"
        )
        select new Pipeline
        {
            Name = "ci",
            On = new()
            {
                Push = kind == 0 ? [] : ["main", "release/**"],
                Tag = kind == 1 ? ["v**"] : [],
                Change = kind == 2 ? [] : ["**"],
                Schedule = kind == 3 ? ["0 4 * * 1", "30 5 * * *"] : [],
                Manual = true,
            },
            Env = new Dictionary<string, string> { ["LEVEL"] = "1.10" },
            Jobs =
            [
                VendorFiles.Named(
                    new Job
                    {
                        Name = "first",
                        Title = kind == 4 ? "The ${{ env.LEVEL }}" : null,
                        IsApart = true,
                        If = condition,
                        Timeout = TimeSpan.FromMinutes(kind == 5 ? 20 : 60),
                        Tools = new Dictionary<string, string> { ["python"] = "${{ matrix.python }}", ["java"] = "21" },
                        Matrix = new(
                            kind == 6 ? [] : [new("python", ["3.9", "3.13"]), new("os", ["a", "b-11"])],
                            kind == 6
                                ?
                                [
                                    new Dictionary<string, string> { ["python"] = "3.9", ["os"] = "b" },
                                    new Dictionary<string, string>
                                    {
                                        ["python"] = "3.13",
                                        ["os"] = "c",
                                        ["z"] = "",
                                    },
                                ]
                                : [],
                            []
                        )
                        {
                            FailsFast = false,
                            Parallel = kind == 2 ? 2 : null,
                        },
                        Machine = kind == 7 ? "${{ matrix.os }}" : "linux",
                        Secrets = ["TOKEN"],
                        Caches = [new(["~/.npm"], ["package-lock.json", "b/**"])],
                        Tasks =
                        [
                            .. scripts.Select(
                                (text, at) =>
                                    new JobTask
                                    {
                                        Name =
                                            at == 1
                                                ? "named"
                                                : string.Create(CultureInfo.InvariantCulture, $"task-{at + 1}"),
                                        Title = at == 0 ? "On ${{ matrix.os }}" : null,
                                        Act = new Act.Script(at == 2 ? "pwsh" : "bash", text),
                                        If = at == 1 ? task : null,
                                        Env =
                                            at == 1
                                                ? new Dictionary<string, string> { ["A"] = "${{ matrix.python }}" }
                                                : new Dictionary<string, string>(),
                                        Folder = at == 1 ? "sub/folder" : ".",
                                        Timeout = at == 2 ? TimeSpan.FromMinutes(5) : null,
                                        Retries = at == 0 ? 3 : 0,
                                        MayFail = at == 2,
                                        Outputs =
                                            at < scripts.Length - 1 ? []
                                            : kind == 8 ? ["dist/**"]
                                            : ["dist/**", "!dist/x"],
                                        Reports = at == scripts.Length - 1 ? ["out/*.xml"] : [],
                                    }
                            ),
                        ],
                    }
                ),
                new()
                {
                    Name = "second",
                    Title = "The second",
                    Needs = ["first"],
                    IsApart = true,
                    If = kind == 0 ? "always() && needs.first.result == 'success'" : null,
                    Manual = kind == 1,
                    Environment = kind is 0 or 1 ? "production" : null,
                    MayFail = kind == 1,
                    Image = kind == 2 ? "node:22" : null,
                    Env = new Dictionary<string, string> { ["REGION"] = "west $(LEVEL" },
                    Services =
                    [
                        new("db", "postgres:17", [5432])
                        {
                            Env = new Dictionary<string, string> { ["POSTGRES_PASSWORD"] = "x y" },
                            Ready = ["pg_isready", "-U", "postgres"],
                        },
                    ],
                    Tasks = [new() { Name = "second", Act = new Act.Script("bash", "./deploy.sh \"$TOKEN\"") }],
                },
            ],
        };

    [Fact]
    public void What_is_written_for_Azure_is_read_as_the_same_pipeline() =>
        OfAzure.Sample(
            static pipeline =>
            {
                var exported = AzureExport.Run(pipeline, ExportMode.Native);
                var again = AzureImport.Run(exported.Text, "ci.yml", static _ => null);
                Assert.Equal(
                    $"{exported.Text}\n{PipelineText.Of(pipeline)}",
                    $"{exported.Text}\n{PipelineText.Of(again.Pipeline)}"
                );
                Assert.DoesNotContain(again.Notes, static one => one.Fate == Fate.LeftOut);
            },
            iter: 1_000
        );

    [Fact]
    public void What_looks_like_something_else_to_Azure_or_its_shell_stays_what_it_is()
    {
        var exported = AzureExport.Run(
            PipelineReader.Read(
                """
                on: { push: [main, "a/*"], change: "**" }
                env: { LEVEL: "$(Build.BuildId)", path: "x", SECRET_KEY: "a", WHERE: "on ${{ branch }}" }
                jobs:
                  a-b:
                    matrix: { axes: { type: ["it's", "$(LEVEL)"], os: [linux, windows], path: [x] } }
                    machine: ${{ matrix.os }}
                    tasks:
                      - run: [echo, "${{ matrix.type }}", "$(LEVEL) $(date) $HOME", "it's ${{ env.LEVEL }} `$x` ${{ branch }}"]
                      - script: "cat <<END\n${{ commit }} $(date) $(WHERE) $WHERE $path\nEND\n"
                        mayFail: true
                      - { shell: pwsh, script: "echo ${{ matrix.type }} ${{ event }} $(WHERE)" }
                      - shell: python3
                        script: |
                          print("${{ commit }}")
                          END
                        if: always() && (matrix.os != 'linux' || endsWith(branch, '.x'))
                      - { shell: python3, script: "print('$(WHERE)')" }
                      - { run: [x, "${{ matrix.os }}"], folder: "a b", outputs: "!a/**/*.txt", if: failure() }
                  a_b: { needs: a-b, environment: live, matrix: { axes: { x: [a, b] } }, script: deploy }
                  c: { needs: a_b, manual: true, if: "endsWith(branch, '/x')", deploy: live, environment: live }
                """
            ),
            ExportMode.Native
        );
        var notes = exported.Notes.Select(static one => $"# {one.Where} {one.Fate}: {one.What} {one.Note}\n");
        VendorFiles.Same(Path.Combine("Exports", "azure-hostile.yml"), $"{exported.Text}\n{string.Concat(notes)}");
    }

    [Theory]
    [InlineData("branch == 'main'", "and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))")]
    [InlineData("always()", "always()")]
    [InlineData("success()", null)]
    [InlineData("always() && tag != ''", "and(always(), startsWith(variables['Build.SourceBranch'], 'refs/tags/'))")]
    [InlineData(
        "event == 'change' || branch == 'it''s'",
        "and(succeeded(), or(eq(variables['Build.Reason'], 'PullRequest'), eq(variables['Build.SourceBranch'], 'refs/heads/it''s')))"
    )]
    [InlineData("needs.a.result == 'failure' && always()", "and(eq(dependencies.a.result, 'Failed'), always())")]
    public void Conditions_are_said_in_Azures_functions_and_back(string ours, string? theirs)
    {
        var jobs = new AzureNames(
            new()
            {
                Name = "ci",
                Jobs = [new() { Name = "a", Tasks = [new() { Name = "a", Act = new Act.Command(["x"]) }] }],
            }
        );
        var (condition, isSaid) = new AzureConditions { Jobs = jobs }.Of(ours);
        Assert.True(isSaid);
        Assert.Equal(theirs, condition);
        if (theirs is not null)
        {
            var names = new Dictionary<string, string> { ["a"] = "a" };
            Assert.Equal((ours, true), new AzureRules { Jobs = names }.Read(theirs));
        }
    }

    [Theory]
    [InlineData("endsWith(branch, '/x')")]
    [InlineData("contains(branch, 'head')")]
    [InlineData("contains(tag, 's/v')")]
    [InlineData("env.X == 'a'")]
    [InlineData("matrix.x == 'a'")]
    [InlineData("branch < 'a'")]
    [InlineData("needs.a.result == 'odd'")]
    public void What_Azure_cannot_say_is_not_said(string ours) =>
        Assert.Equal((null, false), new AzureConditions().Of(ours));

    [Theory]
    [InlineData("eq(variables['Build.SourceBranch'], 'refs/heads/main')", "always() && branch == 'main'")]
    [InlineData("succeeded()", null)]
    [InlineData("and(succeeded(), ne(variables['Build.Reason'], 'Schedule'))", "event != 'schedule'")]
    [InlineData("eq('refs/tags/v1', variables['Build.SourceBranch'])", "always() && tag == 'v1'")]
    [InlineData("and(succeeded(), eq(variables.LEVEL, 'HIGH'))", "'high' == 'HIGH'")]
    [InlineData("and(succeeded(), eq(variables['Build.SourceBranchName'], 'x'))", "endsWith(ref, '/x')")]
    [InlineData("succeeded('a')", "always() && needs.a.result == 'success'")]
    [InlineData("not(canceled())", "!cancelled()")]
    [InlineData(
        "or(failed(), in(dependencies.a.result, 'Succeeded', 'SucceededWithIssues', 'Skipped'))",
        "failure() || needs.a.result == 'success' || needs.a.result == 'skipped'"
    )]
    public void Conditions_of_Azure_are_read_in_neutral_words(string theirs, string? ours) =>
        Assert.Equal(
            (ours, true),
            new AzureRules
            {
                Variables = new Dictionary<string, string> { ["LEVEL"] = "'high'" },
                Jobs = new Dictionary<string, string> { ["a"] = "a" },
            }.Read(theirs)
        );

    [Theory]
    [InlineData("")]
    [InlineData("eq(variables['Build.BuildId'], '1')")]
    [InlineData("eq(dependencies.b.result, 'Failed')")]
    [InlineData("eq(dependencies.a.outputs['x.y'], 'Failed')")]
    [InlineData("and(succeeded()")]
    [InlineData("eq('a', 'b")]
    [InlineData("gt(counter('a', 1), 2)")]
    [InlineData(
        "and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and(and("
    )]
    public void Conditions_that_only_Azure_knows_have_no_neutral_words(string theirs) =>
        Assert.False(
            new AzureRules { Jobs = new Dictionary<string, string> { ["a"] = "a" } }
                .Read(theirs)
                .IsSaid
        );
}
