using System.Runtime.CompilerServices;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Making;
using Fairlead.Engine.Pipelines.Vendors;
using Fairlead.Tests.Fakes;
using Fairlead.Tests.Manifests.Detecting;

namespace Fairlead.Tests.Pipelines.Making;

/// <summary>
/// Every repository that detection knows, and the pipeline that is made for it. Run once with FAIRLEAD_GOLDEN=write to take new
/// answers, and read the difference.
/// </summary>
public sealed class PipelineMakerTests
{
    public static TheoryData<string> GoldenFiles =>
        [
            .. new DirectoryInfo(GoldenCase.Folder)
                .EnumerateFiles("*.txt")
                .Select(static file => file.Name)
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void Repositories_get_the_pipeline_that_an_expert_would_begin_with(string file)
    {
        var actual = string.Concat(
            GoldenCase
                .Read(Path.Combine(GoldenCase.Folder, file))
                .Select(static one => $"==== {one.Title}\n{Text(one)}\n")
        );
        var golden = Path.Combine(Here(), "Golden", file);
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(golden, actual);
        }
        Assert.Equal(File.ReadAllText(golden), actual);
    }

    [Fact]
    public void What_a_repository_has_for_its_quality_is_used()
    {
        var path = Path.Combine(Here(), "Checked.txt");
        var cases = GoldenCase.Read(path);
        var actual = GoldenCase.Text(cases.Select(static one => one with { Expected = Text(one).TrimEnd('\n') }));
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, actual);
        }
        Assert.Equal(GoldenCase.Text(cases), actual);
    }

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void What_is_made_is_read_as_the_same_and_written_for_every_CI_system(string file) =>
        Same(Path.Combine(GoldenCase.Folder, file));

    [Fact]
    public void So_is_what_uses_all_that_a_repository_has_for_its_quality() =>
        Same(Path.Combine(Here(), "Checked.txt"));

    private static void Same(string path)
    {
        foreach (var one in GoldenCase.Read(path))
        {
            if (PipelineMaker.Of(new MemoryTree(one.Files)).Pipeline is not { } pipeline)
            {
                continue;
            }
            Assert.Equal(
                PipelineText.Of(pipeline),
                PipelineText.Of(PipelineReader.Read(PipelineWriter.Write(pipeline)))
            );
            foreach (var vendor in AllVendors.All)
            {
                Assert.NotEqual("", vendor.Write(pipeline, ExportMode.Native).Text);
            }
        }
    }

    [Theory]
    [InlineData(".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/master\n", "master")]
    [InlineData(".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/$(id)\n", "main")]
    [InlineData(".git/HEAD", "ref: refs/heads/trunk\n", "trunk")]
    [InlineData(".git/HEAD", "ref: refs/heads/my-change\n", "main")]
    public void What_is_deployed_is_the_branch_that_clones_begin_on(string file, string text, string branch)
    {
        var pipeline = PipelineMaker
            .Of(new MemoryTree(new Dictionary<string, string> { ["index.html"] = "<p>", [file] = text }))
            .Pipeline!;
        Assert.Equal([branch], pipeline.On.Push);
        Assert.Equal($"branch == '{branch}' && event == 'push'", pipeline.Jobs[^1].If);
    }

    [Fact]
    public void A_folder_that_tells_nothing_gets_none() =>
        Assert.Null(PipelineMaker.Of(new MemoryTree(new Dictionary<string, string> { ["notes.txt"] = "x" })).Pipeline);

    private static string Text(GoldenCase one)
    {
        var (pipeline, notes) = PipelineMaker.Of(new MemoryTree(one.Files));
        Assert.Equal(
            pipeline?.Jobs.Count,
            pipeline is null ? null : PipelineReader.Read(PipelineWriter.Write(pipeline)).Jobs.Count
        );
        return pipeline is null
            ? "nothing\n"
            : PipelineWriter.Write(pipeline) + string.Concat(notes.Select(static note => $"# {note}\n"));
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
