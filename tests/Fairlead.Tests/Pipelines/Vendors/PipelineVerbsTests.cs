using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Faces.Cli;

namespace Fairlead.Tests.Pipelines.Vendors;

/// <summary>Imports and exports as people ask for them.</summary>
public sealed class PipelineVerbsTests : IDisposable
{
    private const string Pipeline = "jobs:\n  test:\n    apart: true\n    shell: bash\n    script: npm test\n";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fl-verbs-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_in_the_repository_that_is_stale_fails_the_check()
    {
        await File.WriteAllTextAsync(PathOf(PipelineFile.Name), Pipeline, TestContext.Current.CancellationToken);
        Assert.Equal(
            0,
            (await RunAsync("ci", "export", "github", "--folder", folder.FullName, "--to", PathOf("ci.yml"))).Code
        );
        string[] check = ["ci", "export", "github", "--folder", folder.FullName, "--to", PathOf("ci.yml"), "--check"];
        Assert.Equal(0, (await RunAsync(check)).Code);

        await File.AppendAllTextAsync(
            PathOf(PipelineFile.Name),
            "    mayFail: true\n",
            TestContext.Current.CancellationToken
        );
        var (code, told) = await RunAsync(check);

        Assert.Equal(5, code);
        Assert.Contains("ci.yml is not what fairlead.pipeline.yaml says now.", told, StringComparison.Ordinal);
        Assert.Contains(
            "There is no .github/workflows/ci.yml.",
            (await RunAsync([.. check[..5], "--check"])).Told,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_import_writes_the_file_once_and_leaves_one_that_is_there_alone()
    {
        await File.WriteAllTextAsync(
            PathOf(".gitlab-ci.yml"),
            "test:\n  script: npm test\n  timeout: 1h\n",
            TestContext.Current.CancellationToken
        );
        string[] import = ["ci", "import", PathOf(".gitlab-ci.yml"), "--folder", folder.FullName];
        Assert.Equal(0, (await RunAsync([.. import, "--explain"])).Code);
        Assert.False(File.Exists(PathOf(PipelineFile.Name)));

        Assert.Equal(0, (await RunAsync(import)).Code);

        var written = await File.ReadAllTextAsync(PathOf(PipelineFile.Name), TestContext.Current.CancellationToken);
        Assert.Contains(Pipeline, written, StringComparison.Ordinal);
        Assert.Contains("already", (await RunAsync(import)).Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Templates_of_the_repository_are_read_and_nothing_outside_of_it()
    {
        Directory.CreateDirectory(PathOf("repo/.git"));
        Directory.CreateDirectory(PathOf("repo/shared"));
        Directory.CreateDirectory(PathOf("repo/app/ci"));
        var stop = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(PathOf("outside.yml"), "steps: [{ bash: echo outside }]\n", stop);
        await File.WriteAllTextAsync(PathOf("repo/shared/steps.yml"), "steps: [{ bash: echo shared }]\n", stop);
        await File.WriteAllTextAsync(PathOf("repo/app/ci/own.yml"), "steps: [{ bash: echo own }]\n", stop);
        await File.WriteAllTextAsync(
            PathOf("repo/app/azure-pipelines.yml"),
            """
            steps:
            - template: ci/own.yml
            - template: /shared/steps.yml
            - template: ../shared/steps.yml
            - template: ../../outside.yml
            """,
            stop
        );
        var (code, told) = await RunAsync(
            "ci",
            "import",
            PathOf("repo/app/azure-pipelines.yml"),
            "--folder",
            folder.FullName,
            "--explain"
        );
        Assert.Equal(0, code);
        Assert.Contains("echo own", told, StringComparison.Ordinal);
        Assert.Equal(3, told.Split("echo shared").Length);
        Assert.DoesNotContain("echo outside", told, StringComparison.Ordinal);
        Assert.Contains("There is no such file beside this one", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("native", "      - run: npm test\n")]
    [InlineData("thin", "fairlead ci run")]
    public async Task Both_ways_of_writing_are_asked_for_by_their_words(string mode, string written)
    {
        await File.WriteAllTextAsync(PathOf(PipelineFile.Name), Pipeline, TestContext.Current.CancellationToken);
        string[] words = ["ci", "export", "github", "--folder", folder.FullName, "--mode", mode];
        var (code, told) = await RunAsync(words);

        Assert.Equal(0, code);
        // As it stands, for a file; what is to be known stands apart.
        Assert.StartsWith("# Written by 'fairlead ci export'", told, StringComparison.Ordinal);
        Assert.Contains(written, told, StringComparison.Ordinal);
        Assert.DoesNotMatch("\"fate\":[0-9]", (await RunAsync([.. words, "--json"])).Told);
    }

    [Theory]
    [InlineData("gitlap", "'gitlap' is no CI system that is known here.")]
    [InlineData("github", "There is no file 'fairlead.pipeline.yaml'")]
    public async Task What_cannot_be_is_said(string system, string what)
    {
        var (code, told) = await RunAsync("ci", "export", system, "--folder", folder.FullName);
        Assert.NotEqual(0, code);
        Assert.Contains(what, told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifest", "fairlead.yaml")]
    [InlineData("pipeline", "fairlead.pipeline.yaml")]
    [InlineData("checks", "fairlead.checks.yaml")]
    public async Task A_schema_is_printed_as_it_stands_for_a_file(string of, string file)
    {
        var (code, told) = await RunAsync("schema", of);
        Assert.Equal((0, file), (code, JsonNode.Parse(told)!["title"]!.GetValue<string>()));
    }

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private async Task<(int Code, string Told)> RunAsync(params string[] words)
    {
        var context = Compose.Cli(Compose.World()) with
        {
            Terminal = new Terminal(TextReader.Null, new StringWriter(), new StringWriter())
            {
                Folder = folder.FullName,
            },
        };
        var verbs = CliFace.Verbs(context, AllOperations.Entries, []);
        var code = await CliFace.RunAsync(context, verbs, words, TestContext.Current.CancellationToken);
        return (code, $"{context.Terminal.Out}{context.Terminal.Error}");
    }
}
