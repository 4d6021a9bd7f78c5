using System.Diagnostics;
using System.Globalization;
using System.Text;
using Fairlead.Drivers.Shell;

namespace Fairlead.Scenarios.Pipelines;

/// <summary>The real program runs real commands, is killed in their midst, and goes on.</summary>
public sealed class RunScenarios : IDisposable
{
    private const string Build = """
        jobs:
          lib: { script: mkdir -p out && cat src/* > out/lib, inputs: [src/**], outputs: [out/lib] }
          app: { script: tr a-z A-Z < out/lib > out/app, inputs: [app/**], outputs: [out/app], needs: lib }
          test: { run: grep -q ONE out/app, inputs: [tests/**], needs: app }
        """;

    /// <summary>A program that prints a secret in every form that programs use.</summary>
    private const string Prints = """
        import base64, html, json, os, sys, time
        from urllib.parse import quote, quote_plus
        s = os.environ["LEAKED_KEY"]
        b = s.encode()
        forms = [
            s, base64.b64encode(b).decode(), base64.urlsafe_b64encode(b).decode().rstrip("="),
            base64.b64encode(b"user:" + b + b":more").decode(), b.hex(), b.hex().upper(),
            quote(s, safe=""), quote(quote(s, safe=""), safe=""), quote_plus(s),
            json.dumps(s), json.dumps(json.dumps(s)), html.escape(s),
            "'" + s.replace("'", "'\\''") + "'",
            "\n".join(s), "\n".join(base64.b64encode(b).decode()[at:at + 10] for at in range(0, 60, 10)),
        ]
        for number, form in enumerate(forms):
            print(number, form, flush=True)
        for letter in s:
            sys.stdout.write(letter)
            sys.stdout.flush()
            time.sleep(0.01)
        print()
        print(f"password={s};", file=sys.stderr)
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fairlead-ci-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public async Task A_run_does_only_what_a_change_touches_and_restores_what_is_gone()
    {
        Write("fairlead.pipeline.yaml", Build);
        (Write("src/one", "one"), Write("app/a", "1"), Write("tests/t", "1")).ToString();

        Assert.Contains("done  3", (await RunAsync("ci", "run")).Out, StringComparison.Ordinal);
        Assert.Contains("up to date  3", (await RunAsync("ci", "run")).Out, StringComparison.Ordinal);

        Directory.Delete(PathOf("out"), recursive: true);
        Assert.Contains("restored    2", (await RunAsync("ci", "run")).Out, StringComparison.Ordinal);
        Assert.Equal("ONE", File.ReadAllText(PathOf("out/app")));

        Write("tests/t", "2");
        Assert.Contains("file tests/t changed", (await RunAsync("ci", "why", "test")).Out, StringComparison.Ordinal);
        var plan = await RunAsync("ci", "plan");
        Assert.Matches("test +test +run +file tests/t changed", plan.Out);
        Assert.Matches("app +app +nothing", plan.Out);
        Assert.Contains("done        1", (await RunAsync("ci", "run")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_without_a_pipeline_gets_one_that_runs()
    {
        Write("api/main.py", "print('ready')");
        Write(
            "api/test_main.py",
            "import unittest\n\n\nclass Sums(unittest.TestCase):\n    def test_one(self):\n        self.assertEqual(2, 1 + 1)\n"
        );
        Write("web/index.html", "<script src='a.js'></script>");
        Write("web/a.js", new string('x', 400_000));

        var made = await RunAsync("ci", "init");
        Assert.True(made.Code == 0, made.Error);
        var first = await RunAsync("ci", "run", "api");
        Assert.True(first.Code == 0, first.Error);
        Assert.Contains("up to date  1", (await RunAsync("ci", "run", "api")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("ci", "run", "web")).Code);
        Write("web/b.js", new string('y', 200_000));
        var over = await RunAsync("ci", "run", "web");
        Assert.Equal(1, over.Code);
        Assert.Contains("600 kB of scripts and styles, at most 500 kB", over.Error, StringComparison.Ordinal);
        Assert.Contains("pipeline.exists", (await RunAsync("ci", "init")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_reads_what_it_does_not_name_is_told_by_the_files_name()
    {
        Write(
            "fairlead.pipeline.yaml",
            Build.Replace("cat src/*", "cat src/* config/*.json", StringComparison.Ordinal)
        );
        (Write("src/one", "one"), Write("app/a", "1"), Write("tests/t", "1"), Write("config/a.json", "")).ToString();

        var usual = await RunAsync("ci", "run");
        Assert.True(usual.Code == 0, usual.Error);
        var strict = await RunAsync("ci", "run", "--strict", "--no-cache");
        Assert.Equal(1, strict.Code);
        Assert.Contains(
            "lib/lib read a file that its inputs do not name: config/a.json",
            strict.Error,
            StringComparison.Ordinal
        );

        Write("fairlead.pipeline.yaml", Build);
        var right = await RunAsync("ci", "run", "--strict");
        Assert.True(right.Code == 0, right.Error);
        Assert.Contains("done", right.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_says_what_was_printed_and_ends_with_a_code()
    {
        Write(
            "fairlead.pipeline.yaml",
            "jobs: { a: { script: \"echo the reason >&2; exit 7\" }, b: { run: echo, needs: a } }"
        );
        var end = await RunAsync("ci", "run");

        Assert.Equal(1, end.Code);
        Assert.Contains("a/a ended with exit code 7", end.Error, StringComparison.Ordinal);
        Assert.Contains("why: the reason", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_nowhere_in_what_a_run_prints_keeps_or_writes_down()
    {
        const string Secret = "s3cr3t-v4lue/with+s'gns=&\"<q>";
        Write("print.py", Prints);
        Write(
            "fairlead.pipeline.yaml",
            """
            jobs:
              leak: { secrets: [LEAKED_KEY], inputs: [print.py], run: python3 print.py }
            """
        );
        var end = await RunAsync(["ci", "run"], new() { ["LEAKED_KEY"] = Secret });

        Assert.True(end.Code == 0, end.Error);
        var forms = Forms(Secret);
        var kept = Directory
            .EnumerateFiles(State, "*", SearchOption.AllDirectories)
            .Where(static one => Path.GetFileName(one) != "key")
            .Select(File.ReadAllText);
        // Lines, indents and marks of the log are no disguise.
        Assert.All(
            kept.Append(end.Out).Append(end.Error),
            text =>
                Assert.All(
                    forms,
                    form =>
                    {
                        Assert.DoesNotContain(form, text, StringComparison.Ordinal);
                        Assert.DoesNotContain(
                            form,
                            string.Concat(text.Where(static one => one > ' ')),
                            StringComparison.Ordinal
                        );
                    }
                )
        );
        // Each of the forms was printed, and hidden.
        Assert.All(Enumerable.Range(0, 13), number => Assert.Matches($@"(?m)\b{number} .*\*\*\*", end.Out + end.Error));
    }

    private static string[] Forms(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        return
        [
            secret,
            Convert.ToBase64String(bytes),
            Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
            // What of "user:…:more" does not depend on what stands around it.
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{secret}:more"))[8..40],
            Convert.ToHexStringLower(bytes),
            Convert.ToHexString(bytes),
            Uri.EscapeDataString(secret),
            Uri.EscapeDataString(Uri.EscapeDataString(secret)),
            System.Net.WebUtility.UrlEncode(secret),
            secret.Replace("\"", "\\\"", StringComparison.Ordinal),
            secret.Replace("\"", "\\\\\\\"", StringComparison.Ordinal),
            System.Net.WebUtility.HtmlEncode(secret),
            System.Net.WebUtility.HtmlEncode(secret).Replace("&#39;", "&#x27;", StringComparison.Ordinal),
            secret.Replace("'", "'\\''", StringComparison.Ordinal),
        ];
    }

    [Fact]
    public async Task A_task_whose_time_is_over_ends_with_all_it_began()
    {
        Write(
            "fairlead.pipeline.yaml",
            """
            jobs:
              hang:
                timeout: 1s
                script: |
                  setsid sh -c 'trap "" TERM; echo $$ > pids; exec sleep 300' &
                  setsid nohup sh -c 'echo $$ >> pids2; exec sleep 300' >/dev/null 2>&1 &
                  sleep 300
            """
        );
        var end = await RunAsync("ci", "run");

        Assert.Equal(1, end.Code);
        Assert.Contains("TIMED OUT", end.Error, StringComparison.Ordinal);
        Assert.All(
            (string[])["pids", "pids2"],
            file =>
                Assert.True(
                    Child.HasEnded(int.Parse(File.ReadAllText(PathOf(file)).Trim(), CultureInfo.InvariantCulture))
                )
        );
    }

    [Fact]
    public async Task A_run_that_is_killed_is_gone_on_with_and_what_must_not_be_done_twice_asks_first()
    {
        Write(
            "fairlead.pipeline.yaml",
            """
            jobs:
              first: { script: echo x >> first }
              publish: { script: "echo x >> published; touch begun; sleep 60", once: true, needs: first }
            """
        );
        using (var process = Start(["ci", "run"], []))
        {
            await UntilAsync(() => File.Exists(PathOf("begun")));
            process.Kill();
            await process.WaitForExitAsync(Stop);
        }
        var again = await RunAsync("ci", "run", "--resume");
        Assert.Equal(1, again.Code);
        Assert.Contains("Nobody knows whether publish/publish was done.", again.Error, StringComparison.Ordinal);
        Assert.Equal("x\n", File.ReadAllText(PathOf("first")));
        // The command had outlived its run; whoever comes next ends it.
        Assert.Contains("which was cut off, were ended", again.Error, StringComparison.Ordinal);

        using (var process = Start(["ci", "run", "--resume", "--again", "publish/publish"], []))
        {
            await UntilAsync(() => File.ReadAllText(PathOf("published")) == "x\nx\n");
            Assert.Contains("Another run goes on", (await RunAsync("ci", "run")).Error, StringComparison.Ordinal);
            // Not SIGINT: what a shell starts in the background never hears it.
            Assert.Equal(0, await ShellAsync($"kill -TERM {process.Id}"));
            await process.WaitForExitAsync(Stop);
        }
        Assert.Equal("x\n", File.ReadAllText(PathOf("first")));
        // What was stopped by hand had begun as well.
        Assert.Equal(1, (await RunAsync("ci", "run")).Code);
    }

    [Fact]
    public async Task The_storefront_is_built_once_and_a_change_of_its_page_builds_nothing_again()
    {
        var samples = Path.Combine(RepositoryRoot(), "samples");
        foreach (var file in Directory.EnumerateFiles(samples, "Directory.*"))
        {
            Write(Path.Combine("..", Path.GetFileName(file)), await File.ReadAllTextAsync(file, Stop));
        }
        var source = Path.Combine(samples, "storefront");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(source, file);
            if (!path.Split('/').Any(static name => name is "bin" or "obj" or "out"))
            {
                Write(path, await File.ReadAllTextAsync(file, Stop));
            }
        }
        Write(".git/HEAD", "ref: refs/heads/main");
        var cold = await RunAsync("ci", "run");
        Assert.True(cold.Code == 0, cold.Error);
        Assert.Matches("done +4\n +skipped +1", cold.Out);
        Assert.Matches("skipped +1\n +up to date +4", (await RunAsync("ci", "run")).Out);

        Write("web/shop.css", "body { color: navy; }");
        Assert.Matches("done +1\n +skipped +1\n +up to date +3", (await RunAsync("ci", "run")).Out);

        Directory.Delete(PathOf("out"), recursive: true);
        Assert.Matches("restored +2\n +skipped +1\n +up to date +2", (await RunAsync("ci", "run")).Out);
        Assert.Matches("deploy +deploy +run", (await RunAsync("ci", "plan", "--event", "push")).Out);
    }

    [Fact]
    public async Task What_a_task_makes_is_not_what_it_reads_whatever_its_globs_say()
    {
        Write("fairlead.pipeline.yaml", "jobs: { a: { script: date +%N > made, inputs: ['**'], outputs: [made] } }");

        Assert.Contains("done  1", (await RunAsync("ci", "run")).Out, StringComparison.Ordinal);
        Assert.Contains("up to date  1", (await RunAsync("ci", "run")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_of_tests_are_counted_together_and_failures_named()
    {
        Write(
            "fairlead.pipeline.yaml",
            """
            jobs:
              one: { script: "echo '<testsuite><testcase name=\"a\"/></testsuite>' > one.xml", reports: ['*.xml'] }
              two: { script: "echo '<testsuite><testcase name=\"b\"><failure message=\"why not\"/></testcase></testsuite>' > two.xml; exit 1", apart: true, reports: [two.xml] }
            """
        );
        var end = await RunAsync("ci", "run", "--json");

        Assert.Equal(1, end.Code);
        Assert.Contains(
            "\"tests\":{\"passed\":1,\"failed\":1,\"skipped\":0,\"failures\":[{\"name\":\"b\",\"why\":\"why not\"}]",
            end.Out,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Jobs_apart_do_not_disturb_each_other_and_give_on_what_they_make()
    {
        Write(".gitignore", "ignored\n");
        (Write("ignored/x", "no"), Write("src/a", "1")).ToString();
        Write(
            "fairlead.pipeline.yaml",
            """
            jobs:
              one: { script: "test ! -e ignored; echo 1 > work; sleep 0.3; grep 1 work; mkdir -p out; echo made > out/one", apart: true, outputs: [out/one] }
              two: { script: "echo 2 > work; sleep 0.3; grep 2 work", apart: true }
              three: { script: "test ! -e work; cat out/one", apart: true, needs: one }
            """
        );
        var end = await RunAsync("ci", "run");

        Assert.True(end.Code == 0, end.Error);
        Assert.Contains("three | made", end.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("work")));
    }

    private string State => Path.Combine(root.FullName, "state");

    private string PathOf(string path) => Path.Combine(root.FullName, "work", path);

    private string Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
        return path;
    }

    private async Task<(int Code, string Out, string Error)> RunAsync(params string[] words) =>
        await RunAsync(words, []);

    private async Task<(int Code, string Out, string Error)> RunAsync(string[] words, Dictionary<string, string> env)
    {
        using var process = Start(words, env);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await output, await error);
    }

    private Process Start(string[] words, Dictionary<string, string> env)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = PathOf("."),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var word in (string[])[Path.Combine(AppContext.BaseDirectory, "fairlead.dll"), .. words, "--state", State]
        )
        {
            start.ArgumentList.Add(word);
        }
        foreach (var (name, value) in env)
        {
            start.Environment[name] = value;
        }
        return Process.Start(start)!;
    }

    private static async Task<int> ShellAsync(string script)
    {
        using var process = Process.Start("sh", ["-c", script]);
        await process.WaitForExitAsync(Stop);
        return process.ExitCode;
    }

    private static string RepositoryRoot([System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    private static async Task UntilAsync(Func<bool> isMet)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isMet())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "It did not happen.");
            await Task.Delay(20, Stop);
        }
    }
}
