using System.Diagnostics;
using System.Globalization;
using Fairlead.Drivers.Shell;

namespace Fairlead.Scenarios.Pipelines;

/// <summary>The real program watches real files, as beside an editor.</summary>
public sealed class WatchScenarios : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CiFolder folder = new(new Dictionary<string, string>());
    private readonly List<string> said = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_changes_is_done_again_what_is_stale_is_ended_and_nothing_outlives_the_watch()
    {
        folder.Pipeline(
            """
            jobs:
              lib: { script: mkdir -p out && cat src/a > out/lib && cp src/a src/made, inputs: ['src/**'], outputs: [out/lib, src/made] }
              docs: { run: echo docs, inputs: ['docs/**'] }
              slow: { script: echo $$ >> pids; setsid sleep 300 & echo $! >> pids; test ! -e slow/now || wait, inputs: ['slow/**'] }
              publish: { run: echo published, inputs: ['src/**'], once: true }
            """
        );
        foreach (var path in (string[])["src/a", "docs/a", "slow/a"])
        {
            folder.Write(path, "1");
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience * 2);
        using var process = folder.Start("ci", "run", "--watch");
        try
        {
            await SayAsync(process, "watch: waiting for changes", limit.Token);
            Assert.Contains(said, static line => line.Contains("watch: publish is left out", StringComparison.Ordinal));

            var first = said.Count;
            folder.Write("src/a", "2");
            await SayAsync(process, "watch: waiting for changes", limit.Token);
            Assert.Equal("2", File.ReadAllText(folder.PathOf("out/lib")));
            Assert.Contains(said[first..], static line => line.Contains("lib: done", StringComparison.Ordinal));
            Assert.DoesNotContain(said[first..], static line => line.Contains("docs", StringComparison.Ordinal));

            var slow = said.Count;
            folder.Write("slow/now", "");
            await SayAsync(process, "slow: sh:", limit.Token);
            folder.Write("slow/a", "2");
            await SayAsync(process, "watch: what goes on is out of date and is ended", limit.Token);
            await SayAsync(process, "slow: sh:", limit.Token);
            Assert.DoesNotContain(said[slow..], static line => line.Contains("slow: done", StringComparison.Ordinal));

            // Wrong for a moment, as while it is written.
            var right = File.ReadAllText(folder.PathOf("fairlead.pipeline.yaml"));
            folder.Pipeline("jobs: {");
            await SayAsync(process, "fairlead.pipeline.yaml changed", limit.Token);
            folder.Pipeline(right + "\n  more: { run: echo more, inputs: ['docs/**'] }\n");
            await SayAsync(process, "more: done", limit.Token);
        }
        finally
        {
            await EndAsync(process);
        }
        Assert.NotEqual(0, process.ExitCode);
        Assert.All(
            File.ReadAllLines(folder.PathOf("pids")),
            static pid => Assert.True(Child.HasEnded(int.Parse(pid, CultureInfo.InvariantCulture)), pid)
        );
    }

    [Fact]
    public async Task A_task_that_writes_what_it_reads_ends_its_rounds_ever_more_slowly_and_is_named()
    {
        folder.Pipeline("jobs: { lint: { script: 'date +%N > src/stamp; sleep 1', inputs: ['src/**'] } }");
        folder.Write("src/a", "1");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var process = folder.Start("ci", "run", "--watch", "--file", "./fairlead.pipeline.yaml");
        try
        {
            await SayAsync(process, "watch: src/stamp changed in 3 rounds in a row", limit.Token);
            await SayAsync(process, "lint: done", limit.Token);

            // Who mends it does so while it is watched, and gone files count too.
            File.Delete(folder.PathOf("src/a"));
            await SayAsync(process, "src/a", limit.Token);
            folder.Pipeline("jobs: { lint: { run: test -e src/b, inputs: ['src/**', '!src/stamp'] } }");
            await SayAsync(process, "lint: FAILED", limit.Token);
            folder.Write("src/b", "1");
            await SayAsync(process, "watch: src/b changed", limit.Token);
            await SayAsync(process, "lint: done", limit.Token);
        }
        finally
        {
            await EndAsync(process);
        }
    }

    [Fact]
    public async Task What_cannot_be_watched_says_so()
    {
        var stop = TestContext.Current.CancellationToken;
        folder.Pipeline("jobs: { a: { run: echo a } }");
        Assert.Contains(
            "pipeline.nothing-to-watch",
            (await folder.RunAsync(stop, "ci", "run", "--watch")).Error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "pipeline.watch-with",
            (await folder.RunAsync(stop, "ci", "run", "--watch", "--resume")).Error,
            StringComparison.Ordinal
        );
    }

    // Not SIGINT: what a shell starts in the background never hears it.
    private static async Task EndAsync(Process process)
    {
        using var end = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
    }

    private async Task SayAsync(Process process, string text, CancellationToken stop)
    {
        try
        {
            while (await process.StandardError.ReadLineAsync(stop) is { } line)
            {
                said.Add(line);
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Its time is over: told below.
        }
        Assert.Fail($"It did not say '{text}':\n{string.Join('\n', said)}");
    }
}
