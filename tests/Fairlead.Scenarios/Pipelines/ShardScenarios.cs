namespace Fairlead.Scenarios.Pipelines;

/// <summary>The real program parts real tests, which Node runs.</summary>
public sealed class ShardScenarios : IDisposable
{
    private readonly CiFolder folder = new(new Dictionary<string, string>());

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Tests_are_parted_by_how_long_they_took_and_each_runs_exactly_once()
    {
        PipelinePeers.Need();
        var stop = TestContext.Current.CancellationToken;
        WriteTests();
        var (code, output, error) = await folder.RunAsync(stop, "ci", "run", "--strict");
        Assert.True(code == 0, error);
        Assert.Equal(
            [
                "1/2 test/a.test.js",
                "1/2 test/c.test.js",
                "1/2 test/it's slow.test.js",
                "2/2 test/b.test.js",
                "2/2 test/d.test.js",
            ],
            Seen()
        );
        Assert.Matches(@"passed\s+5\b", output);

        // It is known now which one is slow; and yet nothing changed.
        await DoneAsync(stop);
        Assert.Empty(Seen());

        // What somebody left there, or put there, is nothing that is written through.
        folder.Write("other/kept", "1");
        Directory.CreateSymbolicLink(folder.PathOf(".fairlead-run"), folder.PathOf("other"));
        folder.Write("web/src/a", "2");
        await DoneAsync(stop);
        Assert.Equal(
            [
                "1/2 test/it's slow.test.js",
                "2/2 test/a.test.js",
                "2/2 test/b.test.js",
                "2/2 test/c.test.js",
                "2/2 test/d.test.js",
            ],
            Seen()
        );
        Assert.False(Directory.Exists(folder.PathOf(".fairlead-run")));
        Assert.Equal(["kept"], Directory.EnumerateFileSystemEntries(folder.PathOf("other")).Select(Path.GetFileName));
    }

    private void WriteTests()
    {
        // Writes JUnit's form as Jest's and Mocha's reporters do, each test by its file.
        folder.Write(
            "web/run.mjs",
            """
            import { execFileSync } from 'node:child_process';
            import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
            const shard = process.env.FAIRLEAD_SHARD;
            const cases = readFileSync(process.env.FAIRLEAD_SHARD_FILE, 'utf8').trim().split('\n').map(file => {
              const began = performance.now();
              execFileSync(process.execPath, ['--test', file]);
              appendFileSync('../seen', `${shard}/${process.env.FAIRLEAD_SHARDS} ${file}\n`);
              return `<testcase name="all" file="web/${file}" time="${(performance.now() - began) / 1000}"/>`;
            });
            mkdirSync('reports', { recursive: true });
            writeFileSync(`reports/${shard}.xml`, `<testsuite>${cases.join('')}</testsuite>`);
            """
        );
        folder.Write("web/src/a", "1");
        foreach (var name in (string[])["a", "b", "c", "d", "it's slow"])
        {
            folder.Write(
                $"web/test/{name}.test.js",
                name == "it's slow"
                    ? "require('node:test').test('waits', () => new Promise(r => setTimeout(r, 3000)))"
                    : "require('node:test').test('is quick', () => {})"
            );
        }
        folder.Write("web/test/no-test.txt", "");
        folder.Pipeline(
            """
            jobs:
              test:
                shards: { count: 2, files: [web/test/**/*.test.js] }
                folder: web
                run: node run.mjs
                inputs: [web/src/**, web/run.mjs]
                reports: [web/reports/*.xml]
            """
        );
    }

    [Fact]
    public async Task A_command_may_list_tests_and_what_it_says_beside_is_none()
    {
        var stop = TestContext.Current.CancellationToken;
        folder.Write("list.sh", "echo 'downloading' >&2; test ! -e broken || exit 3; echo list >> lists; cat suites");
        folder.Write("suites", "cart\nsort\n\nwith blanks\ncart\n");
        folder.Pipeline(
            """
            jobs:
              suites:
                shards: { count: 5, list: sh list.sh }
                inputs: [suites, list.sh]
                script: cat "$FAIRLEAD_SHARD_FILE" >> seen
            """
        );

        Assert.Contains(
            "its tests are not listed yet",
            (await folder.RunAsync(stop, "ci", "plan")).Out,
            StringComparison.Ordinal
        );
        var (code, output, error) = await folder.RunAsync(stop, "ci", "run");
        Assert.True(code == 0, error);
        Assert.Equal(["cart", "sort", "with blanks"], Seen());
        Assert.Contains("skipped", output, StringComparison.Ordinal);
        // Five shards ask once, and not again while nothing changed.
        await DoneAsync(stop);
        Assert.Single(File.ReadAllLines(folder.PathOf("lists")));

        folder.Write("broken", "");
        folder.Write("suites", "cart\n");
        (code, _, error) = await folder.RunAsync(stop, "ci", "run");
        Assert.NotEqual(0, code);
        Assert.Contains("pipeline.shards-list", error, StringComparison.Ordinal);
        Assert.Contains("downloading", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_another_system_does_several_times_at_once_is_done_so_here_and_what_all_make_comes_together()
    {
        var stop = TestContext.Current.CancellationToken;
        folder.Write(
            ".gitlab-ci.yml",
            """
            test:
              parallel: 3
              script: mkdir -p made && echo "part $CI_NODE_INDEX of $CI_NODE_TOTAL" > "made/$CI_NODE_INDEX"
              artifacts: { paths: [made/] }
            after:
              needs: [test]
              script: cat made/* > seen
              artifacts: { paths: [seen] }
            """
        );
        var (code, _, error) = await folder.RunAsync(stop, "ci", "import", ".gitlab-ci.yml");
        Assert.True(code == 0, error);

        await DoneAsync(stop);

        Assert.Equal(["part 1 of 3", "part 2 of 3", "part 3 of 3"], Seen());
    }

    private async Task DoneAsync(CancellationToken stop)
    {
        var (code, _, error) = await folder.RunAsync(stop, "ci", "run");
        Assert.True(code == 0, error);
    }

    private string[] Seen()
    {
        var path = folder.PathOf("seen");
        string[] lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        File.Delete(path);
        Array.Sort(lines, StringComparer.Ordinal);
        return lines;
    }
}
