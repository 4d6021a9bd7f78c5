using System.Globalization;
using CsCheck;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors;
using Fairlead.Engine.Pipelines.Vendors.GitHub;
using Fairlead.Model.Pipelines;

namespace Fairlead.Tests.Pipelines.Vendors;

/// <summary>GitHub Actions, both ways, with what others could name.</summary>
public sealed class GitHubTests
{
    /// <summary>What GitHub can say, and we can read again.</summary>
    private static readonly Gen<Pipeline> OfGitHub =
        from scripts in AnyPipeline.Of("npm ci", "npm ci\nnpm test\n", "echo ${{ commit }} ${{ matrix.node }}").Array[
            1,
            3
        ]
        from kind in Gen.Int[0, 7]
        from condition in AnyPipeline.Of<string?>(
            null,
            "branch == 'main'",
            "tag != 'v1' && event != 'change'",
            "event == 'push' && !startsWith(tag, 'v')",
            "always()",
            "event == 'tag' || event == 'schedule'",
            "contains(source, 'fix') && target == 'main'"
        )
        select new Pipeline
        {
            Name = "ci",
            On = new()
            {
                Push = ["main", "release/*"],
                Tag = kind == 1 ? ["v*"] : [],
                Change = kind == 2 ? ["main"] : ["**"],
                Schedule = kind == 3 ? ["0 4 * * 1", "30 5 * * *"] : [],
                Manual = kind == 4,
            },
            Env = kind == 5 ? new Dictionary<string, string> { ["LEVEL"] = "1.10" } : new Dictionary<string, string>(),
            Concurrency = kind == 6 ? new("ci-${{ ref }}", CancelsOlder: true) : null,
            Jobs =
            [
                VendorFiles.Named(
                    new Job
                    {
                        Name = "first",
                        IsApart = true,
                        If = condition,
                        Timeout = TimeSpan.FromMinutes(20),
                        Tools = new Dictionary<string, string> { ["node"] = "${{ matrix.node }}", ["java"] = "21" },
                        Matrix = new(
                            [new("node", ["20", "22"]), new("os", ["linux", "macos"])],
                            [new Dictionary<string, string> { ["node"] = "24", ["os"] = "windows" }],
                            kind == 7 ? [new Dictionary<string, string> { ["node"] = "20", ["os"] = "macos" }] : []
                        )
                        {
                            FailsFast = kind == 1,
                            Parallel = kind == 2 ? 2 : null,
                        },
                        Machine = "${{ matrix.os }}",
                        Secrets = ["TOKEN"],
                        Caches = [new(["~/.npm", "x"], ["package-lock.json", "b/**"])],
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
                                        Title = at == 0 && scripts.Length > 1 ? "On ${{ matrix.os }}" : null,
                                        Act = new Act.Script(at == 2 ? "sh" : "bash", text),
                                        If = at == 1 ? "matrix.os == 'windows' || failure()" : null,
                                        Env =
                                            at == 1
                                                ? new Dictionary<string, string> { ["A"] = "${{ matrix.node }}" }
                                                : new Dictionary<string, string>(),
                                        Folder = at == 1 ? "sub/folder" : ".",
                                        Timeout = at == 2 ? TimeSpan.FromMinutes(5) : null,
                                        MayFail = at == 2,
                                        Outputs = at == scripts.Length - 1 ? ["dist/**", "!dist/x"] : [],
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
                    Environment = kind == 0 ? "production" : null,
                    MayFail = kind == 1,
                    Image = kind == 2 ? "node:22" : null,
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
    public void What_is_written_for_GitHub_is_read_as_the_same_pipeline() =>
        OfGitHub.Sample(
            static pipeline =>
            {
                var exported = GitHubExport.Run(pipeline, ExportMode.Native);
                var again = GitHubImport.Run(exported.Text, "ci.yml");
                Assert.Equal(PipelineText.Of(pipeline), PipelineText.Of(again.Pipeline));
                Assert.DoesNotContain(
                    again.Notes,
                    static one =>
                        one.Fate == Fate.LeftOut && !one.What.Contains("permissions", StringComparison.Ordinal)
                );
            },
            iter: 1_000
        );

    [Fact]
    public void What_others_name_reaches_a_shell_of_GitHub_as_a_variable()
    {
        var text = GitHubExport
            .Run(
                PipelineReader.Read(
                    """
                    env: { A: "1" }
                    jobs:
                      a:
                        matrix: { axes: { node: ["20"], odd: ["it's"] } }
                        machine: windows
                        tasks:
                          - run: [echo, "${{ matrix.node }}", "x${{ branch }}`y`", "${{ matrix.odd }}", "$ ${{ branch }}", "${{ env.A }}"]
                            env: { BRANCH: mine }
                    """
                ),
                ExportMode.Native
            )
            .Text;
        Assert.Contains(
            """
                  - run: echo '${{ matrix.node }}' "x${BRANCH_2}\`y\`" "${MATRIX_ODD}" "\$ ${BRANCH_2}" "${A}"
                    shell: bash
                    env:
                      BRANCH: mine
                      BRANCH_2: ${{ github.event_name != 'pull_request' && github.ref_type == 'branch' && github.ref_name || '' }}
                      MATRIX_ODD: ${{ matrix.odd }}
            """,
            text,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("run: echo ${{ github.head_ref }}", "bash", "echo ${SOURCE}", "SOURCE=${{ source }}")]
    [InlineData("run: echo ${{ github.ref }}\n        shell: pwsh", "pwsh", "echo ${env:REF}", "REF=${{ ref }}")]
    [InlineData(
        "run: echo ${{ env.A }} ${{ github.sha }}\n        env: { A: x }",
        "bash",
        "echo ${A} ${{ commit }}",
        "A=x"
    )]
    public void What_others_name_in_a_script_of_GitHub_is_read_as_a_variable(
        string step,
        string shell,
        string script,
        string env
    )
    {
        var read = GitHubImport.Run(
            $"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - {step}\n",
            "ci.yml"
        );
        var task = Assert.Single(read.Pipeline.Jobs[0].Tasks);
        Assert.Equal(new Act.Script(shell, script), task.Act);
        Assert.Equal(env, string.Join(',', task.Env.Select(static one => $"{one.Key}={one.Value}")));
        Assert.Contains(
            read.Notes,
            static one => one.Fate == Fate.Approximated && one.Note.Contains("single quotes", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_program_that_knows_no_variables_of_shells_is_kept_for_GitHub()
    {
        var read = GitHubImport.Run(
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: print('${{ github.ref }}')\n        shell: python\n",
            "ci.yml"
        );
        Assert.IsType<Act.Foreign>(Assert.Single(read.Pipeline.Jobs[0].Tasks).Act);
    }

    [Fact]
    public void What_is_kept_for_GitHub_alone_comes_back_as_it_was()
    {
        const string Workflow = """
            name: ci
            on:
              push:
                branches: ["**"]
            jobs:
              called:
                uses: ./.github/workflows/other.yml
                with:
                  level: 3
                  text: "3"
              own:
                runs-on: ubuntu-latest
                steps:
                  - uses: some/action@v1
                    with:
                      items: [a, b]
                      yes: true

            """;
        var text = GitHubExport.Run(GitHubImport.Run(Workflow, "ci.yml").Pipeline, ExportMode.Native).Text;
        Assert.Contains(
            "    uses: ./.github/workflows/other.yml\n    with:\n      level: 3\n      text: \"3\"\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "      - uses: some/action@v1\n        with:\n          items: [a, b]\n          \"yes\": true\n",
            text,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("branch == 'main'", "github.ref == 'refs/heads/main'")]
    [InlineData("branch != 'main'", "github.ref != 'refs/heads/main'")]
    [InlineData("event == 'change'", "github.event_name == 'pull_request'")]
    [InlineData(
        "event == 'tag' && env.A == '1'",
        "github.event_name == 'push' && github.ref_type == 'tag' && env.A == '1'"
    )]
    [InlineData("startsWith(branch, 'release/')", "startsWith(github.ref, 'refs/heads/release/')")]
    [InlineData("!(event == 'push')", "!(github.event_name == 'push' && github.ref_type == 'branch')")]
    [InlineData("needs.a.result == 'success' && always()", "needs.a.result == 'success' && always()")]
    [InlineData("matrix.os == 'linux'", "matrix.os == 'ubuntu-latest'")]
    [InlineData("machine == 'windows'", "runner.os == 'Windows'")]
    public void Conditions_are_said_in_GitHubs_words_and_back(string ours, string theirs)
    {
        var words = new GitHubWords("ci", new HashSet<string> { "os" });
        var read = Expression.Parse(ours).Expression!;
        var text = ExpressionText.Of(words.Out(read));
        Assert.Equal(theirs, text);
        var back = words.In(Expression.Parse(text).Expression!);
        Assert.Equal(ExpressionText.Of(read), ExpressionText.Of(back!));
    }

    [Theory]
    [InlineData("github.actor == 'me'")]
    [InlineData("steps.a.outcome == 'success'")]
    [InlineData("github.event.pull_request.draft")]
    [InlineData("needs.a.outputs.x")]
    [InlineData("vars.X || inputs.y")]
    [InlineData("github")]
    [InlineData("github.*")]
    public void What_only_GitHub_knows_has_no_neutral_words(string text) =>
        Assert.Null(new GitHubWords("ci", new HashSet<string>()).In(Expression.Parse(text).Expression!));
}
