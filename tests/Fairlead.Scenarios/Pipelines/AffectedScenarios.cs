using System.Diagnostics;

namespace Fairlead.Scenarios.Pipelines;

/// <summary>The real program asks the real git what changed.</summary>
public sealed class AffectedScenarios : IDisposable
{
    private readonly CiFolder folder = new(new Dictionary<string, string>());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Only_what_a_branch_touched_runs_committed_or_not_and_gone_files_count()
    {
        folder.Pipeline(
            """
            jobs:
              lib: { run: echo lib, inputs: ['lib/**'] }
              app: { run: echo app, inputs: ['app/**'], needs: lib }
              docs: { run: echo docs, inputs: ['docs/**'] }
            """
        );
        foreach (var path in (string[])["lib/a", "app/ä b", "docs/a", "docs/gone"])
        {
            folder.Write(path, path);
        }
        await GitAsync("init", "-q", "-b", "main");
        await CommitAsync();
        await GitAsync("checkout", "-q", "-b", "change");

        var nothing = await folder.RunAsync(Stop, "ci", "run", "--affected");
        Assert.True(nothing.Code == 0, nothing.Error);
        Assert.Contains("0 files changed since main: 0 of 3 jobs to do", nothing.Error, StringComparison.Ordinal);

        folder.Write("app/ä b", "other");
        var open = await folder.RunAsync(Stop, "ci", "plan", "--affected");
        Assert.Matches(@"app +app +run +app/ä b changed; never done before", open.Out);
        Assert.Matches(@"lib +lib +run +app needs it; never done before", open.Out);
        Assert.Matches(@"docs +docs +leave +no changed file is among its inputs", open.Out);

        await CommitAsync();
        // What main does meanwhile is no change of this branch.
        await GitAsync("checkout", "-q", "main");
        folder.Write("lib/a", "of main");
        await CommitAsync();
        await GitAsync("checkout", "-q", "change");
        File.Delete(folder.PathOf("docs/gone"));
        folder.Write("docs/new", "new");
        var run = await folder.RunAsync(Stop, "ci", "run", "--affected");
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("3 files changed since main: 3 of 3 jobs to do", run.Error, StringComparison.Ordinal);
        Assert.Contains("docs: echo docs", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_repository_or_a_common_commit_it_says_so()
    {
        folder.Pipeline("jobs: { a: { run: echo a } }");
        var (_, _, none) = await folder.RunAsync(Stop, "ci", "run", "--affected");
        Assert.Contains("pipeline.no-repository", none, StringComparison.Ordinal);

        await GitAsync("init", "-q", "-b", "trunk");
        await CommitAsync();
        Assert.Contains(
            "pipeline.no-such-commit",
            (await folder.RunAsync(Stop, "ci", "run", "--affected")).Error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "pipeline.no-such-commit",
            (await folder.RunAsync(Stop, "ci", "run", "--since", "--output=x")).Error
                + (await folder.RunAsync(Stop, "ci", "run", "--since=--output=x")).Error,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(folder.PathOf("x")));

        await GitAsync("checkout", "-q", "--orphan", "other");
        await CommitAsync();
        var apart = await folder.RunAsync(Stop, "ci", "run", "--since", "trunk");
        Assert.Equal(2, apart.Code);
        Assert.Contains("pipeline.no-common-commit", apart.Error, StringComparison.Ordinal);
    }

    private async Task CommitAsync()
    {
        await GitAsync("add", "-A");
        await GitAsync(
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@localhost",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "more"
        );
    }

    private async Task GitAsync(params string[] words)
    {
        using var process = Process.Start(
            new ProcessStartInfo("git", words) { WorkingDirectory = folder.PathOf(".") }
        )!;
        await process.WaitForExitAsync(Stop);
        Assert.Equal(0, process.ExitCode);
    }
}
