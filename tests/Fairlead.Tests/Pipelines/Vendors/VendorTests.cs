using System.Globalization;
using System.Runtime.CompilerServices;
using CsCheck;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors;
using Fairlead.Engine.Pipelines.Vendors.Azure;
using Fairlead.Engine.Pipelines.Vendors.CircleCi;
using Fairlead.Engine.Pipelines.Vendors.GitHub;
using Fairlead.Engine.Pipelines.Vendors.GitLab;
using Fairlead.Engine.Pipelines.Vendors.Jenkins;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Pipelines.Vendors;

/// <summary>
/// Files of CI systems beside what is made of them. Run once with FAIRLEAD_GOLDEN=write to take new answers, and read the difference.
/// </summary>
public sealed class VendorTests
{
    private static readonly string Folder = Here();

    /// <summary>What Jenkins can say, and we can read again.</summary>
    private static readonly Gen<Pipeline> OfJenkins =
        from scripts in AnyPipeline
            .Of("npm ci", "npm ci\nnpm test\n", "a | tee 'b' \\; c\n", "echo \"$HOME\" '''x''' \\u0041", "echo x\n")
            .Array[1, 3]
        from kind in Gen.Int[0, 5]
        select new Pipeline
        {
            Name = "ci",
            On = new()
            {
                Push = ["**"],
                Tag = ["**"],
                Change = ["**"],
                Schedule = kind == 1 ? ["0 4 * * 1", "30 5 * * *"] : [],
                Manual = true,
            },
            Env = new Dictionary<string, string> { ["LEVEL"] = kind == 2 ? "it's $5 \\ \"x\"" : "1.10" },
            Concurrency = kind == 3 ? new("${{ ref }}", CancelsOlder: true) : null,
            Jobs =
            [
                Named(
                    new Job
                    {
                        Name = "first",
                        IsApart = true,
                        If = kind == 2 ? "branch == 'main'" : null,
                        Timeout = TimeSpan.FromMinutes(20),
                        Machine = kind == 4 ? "big" : "linux",
                        Image = kind == 5 ? "node:22" : null,
                        Secrets = ["TOKEN"],
                        Tasks =
                        [
                            .. scripts.Select(
                                (text, at) =>
                                    new JobTask
                                    {
                                        Name = string.Create(CultureInfo.InvariantCulture, $"task-{at + 1}"),
                                        Title = at == 0 ? "It's \"first\"" : null,
                                        Act = new Act.Script(at == 1 ? "bash" : "sh", text),
                                        Env =
                                            at == 1
                                                ? new Dictionary<string, string> { ["A"] = "$x ${y} '" }
                                                : new Dictionary<string, string>(),
                                        Folder = at == 1 ? "sub/folder" : ".",
                                        Timeout = at == 2 ? TimeSpan.FromSeconds(300) : null,
                                        Retries = at == 0 ? 3 : 0,
                                        MayFail = at == 2,
                                        Outputs = at == scripts.Length - 1 ? ["dist/**", "!dist/x"] : [],
                                        Reports = at == scripts.Length - 1 ? ["out/*.xml"] : [],
                                    }
                            ),
                        ],
                    }
                ),
                new()
                {
                    Name = "second",
                    Needs = ["first"],
                    If = kind == 2 ? "!failure() && !cancelled()" : null,
                    IsApart = true,
                    Manual = kind == 1,
                    Timeout = TimeSpan.FromHours(1),
                    Tasks = [new() { Name = "second", Act = new Act.Script("sh", "./deploy.sh") }],
                },
            ],
        };

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
                Named(
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
                Named(
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

    /// <summary>Files as teams have them, written for these tests, of each system.</summary>
    public static TheoryData<string> Files { get; } =
        new(
            Directory
                .EnumerateDirectories(Path.Combine(Folder, "Golden"))
                .SelectMany(Directory.EnumerateFiles)
                .Where(static one => Path.GetExtension(one) != ".txt")
                .Select(static one => Path.GetRelativePath(Path.Combine(Folder, "Golden"), one))
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Files))]
    public void Files_are_read_as_far_as_they_go_and_every_part_is_said(string file)
    {
        var vendor = AllVendors.Find(file.Split('/')[0])!;
        var path = Path.Combine(Folder, "Golden", file);
        var imported = vendor.Read!(
            File.ReadAllText(path),
            file.Split('/')[1],
            other =>
                Path.Combine(Path.GetDirectoryName(path)!, other.TrimStart('/')) is var found && File.Exists(found)
                    ? File.ReadAllText(found)
                    : null
        );
        var written = PipelineWriter.Write(imported.Pipeline);
        var notes = imported.Notes.Select(static one => $"{one.Where} {one.Fate}: {one.What} {one.Note}\n");
        Same(
            Path.Combine("Golden", Path.ChangeExtension(file, ".txt")),
            $"{written}\n----------\n{Coverage(imported.Notes)}\n{string.Concat(notes)}"
        );
        Assert.Equal(PipelineText.Of(imported.Pipeline), PipelineText.Of(PipelineReader.Read(written)));
    }

    [Theory]
    [InlineData("azure", ExportMode.Native)]
    [InlineData("azure", ExportMode.Thin)]
    [InlineData("circleci", ExportMode.Native)]
    [InlineData("circleci", ExportMode.Thin)]
    [InlineData("github", ExportMode.Native)]
    [InlineData("github", ExportMode.Thin)]
    [InlineData("gitlab", ExportMode.Native)]
    [InlineData("gitlab", ExportMode.Thin)]
    [InlineData("jenkins", ExportMode.Native)]
    [InlineData("jenkins", ExportMode.Thin)]
    public void Pipelines_are_written_as_an_expert_would_and_every_loss_is_said(string system, ExportMode mode)
    {
        var pipeline = PipelineReader.Read(File.ReadAllText(Path.Combine(Folder, "Exports", "wide.yaml")));
        var exported = AllVendors.Find(system)!.Write(pipeline, mode);
        var (sign, extension) = system == "jenkins" ? ("//", "Jenkinsfile") : ("#", "yml");
        var notes = exported.Notes.Select(one => $"{sign} {one.Where} {one.Fate}: {one.What} {one.Note}\n");
        Same(
            Path.Combine("Exports", $"{system}-{mode.ToString().ToLowerInvariant()}.{extension}"),
            $"{exported.Text}\n{string.Concat(notes)}"
        );
    }

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

    [Fact]
    public void What_is_written_for_Jenkins_is_read_as_the_same_pipeline() =>
        OfJenkins.Sample(
            static pipeline =>
            {
                var exported = JenkinsExport.Run(pipeline, ExportMode.Native);
                var again = JenkinsImport.Run(exported.Text, "ci");
                Assert.Equal(
                    $"{exported.Text}\n{PipelineText.Of(pipeline)}",
                    $"{exported.Text}\n{PipelineText.Of(again.Pipeline)}"
                );
            },
            iter: 1_000
        );

    [Fact]
    public void Any_pipeline_can_be_written_and_what_is_written_can_be_read() =>
        AnyPipeline.All.Sample(
            static pipeline =>
            {
                foreach (var vendor in AllVendors.All)
                {
                    foreach (var mode in Enum.GetValues<ExportMode>())
                    {
                        var text = vendor.Write(pipeline, mode).Text;
                        Assert.Equal(text, vendor.Write(pipeline, mode).Text);
                        var findings = new Findings("file");
                        _ =
                            vendor.Name == "jenkins"
                                ? (object?)GroovyReader.Read(text, findings)
                                : YamlReader.Read(text, findings);
                        Assert.True(findings.IsEmpty, text);
                        var again = vendor.Read(text, "file", static _ => null).Pipeline;
                        Assert.Equal(
                            PipelineText.Of(again),
                            PipelineText.Of(PipelineReader.Read(PipelineWriter.Write(again)))
                        );
                    }
                }
            },
            iter: 300
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
        Same(Path.Combine("Exports", "azure-hostile.yml"), $"{exported.Text}\n{string.Concat(notes)}");
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
        Same(Path.Combine("Exports", "circleci-hostile.yml"), text);
    }

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

    [Theory]
    [InlineData("$CI_COMMIT_BRANCH == \"main\"", "branch == 'main'")]
    [InlineData(
        "$CI_COMMIT_TAG =~ /^v/ || $CI_PIPELINE_SOURCE == 'schedule'",
        "startsWith(tag, 'v') || event == 'schedule'"
    )]
    [InlineData(
        "$CI_COMMIT_BRANCH && ($LEVEL == \"high\" || $CI_COMMIT_TAG == null)",
        "branch != '' && (true || !(tag != ''))"
    )]
    [InlineData("$CI_COMMIT_BRANCH !~ /^release\\/.*$/", "!startsWith(branch, 'release/')")]
    [InlineData("$CI_COMMIT_BRANCH =~ /^v[0-9]+$/", null)]
    [InlineData("$UNKNOWN == \"x\"", null)]
    [InlineData("$CI_COMMIT_BRANCH == \"main", null)]
    [InlineData("$CI_COMMIT_BRANCH == \"main\" &&", null)]
    [InlineData("((((", null)]
    [InlineData("", null)]
    public void Rules_of_GitLab_are_read_in_neutral_words(string rule, string? condition) =>
        Assert.Equal(
            condition,
            GitLabRules.Read(rule, new Dictionary<string, string> { ["LEVEL"] = "high" }).Condition
        );

    [Theory]
    [InlineData("github", "")]
    [InlineData("github", "jobs: 7")]
    [InlineData("github", "jobs: { a: }")]
    [InlineData("github", "a: &a [*a]")]
    [InlineData("github", "a: &a { b: *a }\njobs: { x: *a }")]
    [InlineData("github", "[jobs]")]
    [InlineData("github", "jobs: {a: {runs-on: x, steps: [{run: \"${{\"}, {uses: 7}, 3, {run: [a]}, {}]}}")]
    [InlineData("azure", "")]
    [InlineData("azure", "steps: 7")]
    [InlineData(
        "azure",
        "jobs: [7, { job: a }, { job: a, steps: [7, { bash: }, { task: }, { publish: }, { download: x }] }]"
    )]
    [InlineData(
        "azure",
        "stages: [{ stage: a, dependsOn: [a, b], jobs: { x: y } }, { stage: b, steps: [{ bash: x }] }]"
    )]
    [InlineData("azure", "jobs: [{ job: a, dependsOn: b, steps: [] }, { job: b, dependsOn: a, steps: [] }]")]
    [InlineData("azure", "extends: { template: x.yml }")]
    [InlineData(
        "azure",
        "parameters: [{ name: a, default: '${{ parameters.a }}' }]\nsteps: [{ bash: '${{ parameters.a }}' }]"
    )]
    [InlineData(
        "azure",
        "jobs: [{ job: a, strategy: { matrix: { x: { FAIRLEAD_COMBINATION: y } } }, steps: [{ bash: x }] }]"
    )]
    [InlineData("azure", "variables: { a: $(b)$(b), b: $(a), c: $(c) }\nsteps: [{ bash: $(a) $(c), condition: '((' }]")]
    [InlineData(
        "jenkins",
        "pipeline { agent any\n stages { stage('a') { when\n steps\n } \n stage { parallel } \n stage('b') { matrix\n } } }"
    )]
    [InlineData("circleci", "")]
    [InlineData("circleci", "jobs: { build: 7 }")]
    [InlineData("circleci", "jobs: { build: { steps: [a] } }\ncommands: { a: { steps: [a, a] } }")]
    [InlineData(
        "circleci",
        "jobs: { a: { executor: << parameters.x >>, steps: [{ run: { command: << parameters.y >> } }, { when: 7 }, {}] } }\nworkflows: { w: { jobs: [{ a: { x: [1], requires: [7, {a: b}] } }, [], 3, { a: }] } }"
    )]
    [InlineData("gitlab", "")]
    [InlineData(
        "gitlab",
        "a: { extends: a, script: x }\nb: { extends: [c], script: x }\nc: { extends: b, script: !reference [b, script] }"
    )]
    [InlineData("gitlab", "a: { script: !reference [a, script], rules: !reference [z], needs: { job: a } }")]
    [InlineData("jenkins", "")]
    [InlineData("jenkins", "node { sh 'x' }")]
    [InlineData("jenkins", "pipeline { agent any; stages { stage('a') { steps { sh 'x' } } }")]
    [InlineData("jenkins", "pipeline { stages { stage('a') { steps { sh 'x } } } }")]
    [InlineData("jenkins", "pipeline { stages { stage() { steps { sh(] } } } }")]
    [InlineData(
        "jenkins",
        "pipeline { agent {}\nstages { stage { } ; x ; stage('a') { when { } environment { A = } steps { sh() ; dir { sh 'x' } } } } }"
    )]
    [InlineData(
        "jenkins",
        "pipeline { stages { stage('a') { matrix { axes { axis { name 'A' ; values 'x' } axis { name 'A' ; values 'y' } } stages { stage('b') { steps { sh 'x' } } } } } } }"
    )]
    [InlineData(
        "gitlab",
        "default: 7\nvariables: [x]\na: { script: { b: c }, parallel: { matrix: [x, { Y: { z: 1 } }] }, cache: [], only: { x: 1 } }"
    )]
    public void Broken_and_hostile_files_are_refused_or_read(string system, string text) => Survives(system, text);

    [Fact]
    public void A_bomb_of_anchors_is_refused()
    {
        var bomb =
            "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(
                Enumerable
                    .Range(1, 9)
                    .Select(static at => $"a{at}: &a{at} [{string.Join(", ", Enumerable.Repeat($"*a{at - 1}", 9))}]\n")
            );
        // A Jenkinsfile is no YAML, and has no anchors.
        foreach (var read in AllVendors.All.Where(static one => one.Name != "jenkins").Select(static one => one.Read))
        {
            var found = Assert.Throws<ProblemException>(() =>
                read($"{bomb}jobs: {{ a: *a9 }}\n", "file", static _ => null)
            );
            Assert.Contains("manifest.too-large", found.Problems.Select(static one => one.Code));
        }
    }

    [Fact]
    public void What_looks_like_something_else_to_Jenkins_or_its_shell_stays_what_it_is()
    {
        var exported = JenkinsExport.Run(
            PipelineReader.Read(
                """
                on: { push: [main] }
                env: { LEVEL: "$HOME ${x} it's \\ \"so\"", WHERE: "on ${{ branch }}" }
                jobs:
                  first:
                    title: "'); evil(); ('"
                    matrix: { axes: { class: ["it's", "$A \\u0041"], os: [linux, "x'] }"] } }
                    machine: ${{ matrix.os }}
                    services: { db: { image: "postgres:17", ports: [5432], env: { P: "x'; rm -rf ~" }, ready: "sh -c \"exit '0'\"" } }
                    tasks:
                      - run: [echo, "${{ matrix.class }}", "$(date) $HOME", "it's ${{ env.LEVEL }} `$x` ${{ branch }}"]
                      - script: "echo ''' \\\\ $PWD ${{ commit }}\n/* \\u000a\n"
                        env: { A: "$B ${{ env.WHERE }}" }
                        if: "matrix.class == 'it''s' && tag != '' && event == 'push'"
                        retries: 2
                        timeout: 90s
                        mayFail: true
                        folder: "a'b"
                      - { shell: pwsh, script: "echo ${{ commit }}", title: "a 'b'" }
                      - { shell: python3, script: "print('${{ commit }}')" }
                  after: { needs: first, if: "always() && target == 'ma''in'", script: "true" }
                """
            ),
            ExportMode.Native
        );
        var notes = exported.Notes.Select(static one => $"// {one.Where} {one.Fate}: {one.What} {one.Note}\n");
        Same(Path.Combine("Exports", "jenkins-hostile.Jenkinsfile"), $"{exported.Text}\n{string.Concat(notes)}");
    }

    [Fact]
    public void A_text_in_a_Jenkinsfile_is_read_as_it_was_written() =>
        Gen.String.Sample(
            static text =>
            {
                var read = GroovyReader.Read($"echo {GroovyText.Quoted(text)}\n", new Findings("file"));
                Assert.Equal(text, Assert.Single(read!).Text());
            },
            iter: 5_000
        );

    [Fact]
    public void Templates_that_hold_each_other_or_grow_are_refused()
    {
        var found = Assert.Throws<ProblemException>(static () =>
            AzureImport.Run(
                "steps: [{ template: a.yml }]",
                "file",
                static _ => "steps: [{ template: a.yml }, { template: a.yml }]"
            )
        );
        Assert.Contains("manifest.too-large", found.Problems.Select(static one => one.Code));
        const string Growing = """
            parameters: { x: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }
            steps:
            - ${{ each a in parameters.x }}:
              - ${{ each b in parameters.x }}:
                - ${{ each c in parameters.x }}:
                  - ${{ each d in parameters.x }}:
                    - ${{ each e in parameters.x }}:
                      - bash: echo ${{ a }} ${{ e }}
            """;
        found = Assert.Throws<ProblemException>(static () => AzureImport.Run(Growing, "file", static _ => null));
        Assert.Contains("manifest.too-large", found.Problems.Select(static one => one.Code));
    }

    [Fact]
    public void Files_with_slips_are_refused_or_read()
    {
        string[] files =
        [
            "azure/hard.yml",
            "azure/stages.yml",
            "azure/templates.yml",
            "azure/variables.yml",
            "github/node-ci.yml",
            "github/hard.yml",
            "gitlab/stages.yml",
            "circleci/node.yml",
            "circleci/reuse.yml",
            "circleci/filters.yml",
            "jenkins/library.Jenkinsfile",
            "jenkins/maven.Jenkinsfile",
            "jenkins/parallel.Jenkinsfile",
        ];
        Gen.Select(
                Gen.Int[0, files.Length - 1],
                Gen.Int[0, 4_000],
                Gen.Int[0, 4],
                AnyPipeline.Of(
                    "",
                    "  ",
                    ":",
                    "- ",
                    "$",
                    "${{",
                    "}}",
                    "[",
                    "!",
                    "&a ",
                    "*a",
                    "\n",
                    "''",
                    "\"",
                    "0",
                    "null",
                    "{",
                    "}",
                    "'''"
                )
            )
            .Sample(
                (file, at, length, text) =>
                {
                    var whole = File.ReadAllText(Path.Combine(Folder, "Golden", files[file]));
                    at %= whole.Length;
                    Survives(
                        files[file].Split('/')[0],
                        whole[..at] + text + whole[Math.Min(whole.Length, at + length)..]
                    );
                },
                iter: 3_000
            );
    }

    /// <summary>It is refused in words, or what is made of it is a pipeline.</summary>
    private static void Survives(string system, string text)
    {
        Pipeline pipeline;
        try
        {
            pipeline = AllVendors.Find(system)!.Read!(text, "file", static _ => null).Pipeline;
        }
        catch (ProblemException)
        {
            return;
        }
        var written = PipelineWriter.Write(pipeline);
        try
        {
            Assert.Equal(PipelineText.Of(pipeline), PipelineText.Of(PipelineReader.Read(written)));
        }
        catch (ProblemException found)
        {
            // Circles of needs, and names that cannot be, are the file's own.
            Assert.All(
                found.Problems,
                one =>
                    Assert.True(
                        one.Code is "manifest.circle" or "manifest.unknown-need" or "manifest.bad-value",
                        $"{one}\n{written}"
                    )
            );
        }
    }

    /// <summary>The only task of a job has its name.</summary>
    private static Job Named(Job job) =>
        job.Tasks is [var only] ? job with { Tasks = [only with { Name = job.Name }] } : job;

    private static string Coverage(IReadOnlyList<TranslationNote> notes) =>
        string.Join(
            ", ",
            Enum.GetValues<Fate>()
                .Select(fate =>
                    string.Create(CultureInfo.InvariantCulture, $"{fate}: {notes.Count(one => one.Fate == fate)}")
                )
        );

    private static void Same(string file, string actual)
    {
        var path = Path.Combine(Folder, file);
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, actual);
        }
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
