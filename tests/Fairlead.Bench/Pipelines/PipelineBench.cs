using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Fairlead.Bench.Pipelines;

/// <summary>
/// One graph of 36 tasks (12 libraries, each built and tested; 6 apps on two libraries each) by <c>fairlead ci run</c>, by <c>make -j2</c> and, where it is
/// given, by gitlab-ci-local with its shell executor: from nothing, with nothing to do, and with all outputs gone. In turns.
/// </summary>
internal static class PipelineBench
{
    private const int Rounds = 5;

    // Some 100 ms of a shell's counting on a machine of these days.
    private const string Work = """
        #!/bin/sh
        out=$1; shift
        mkdir -p "$(dirname "$out")"
        i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done
        cat "$@" | sha256sum > "$out"

        """;

    /// <summary>Fairlead as its launcher built it; where it did not, as it is beside this program, which is not compiled ahead of time.</summary>
    internal static string[] Ours { get; } =
        File.Exists("artifacts/fairlead/current/fairlead")
            ? [Path.GetFullPath("artifacts/fairlead/current/fairlead")]
            : ["dotnet", Path.Combine(AppContext.BaseDirectory, "fairlead.dll")];

    /// <param name="other">The script of gitlab-ci-local; null to leave it out.</param>
    public static int Run(string? other)
    {
        var folder = Directory.CreateTempSubdirectory("fairlead-graph-").FullName;
        try
        {
            Write(folder);
            var state = Path.Combine(folder, "..", Path.GetFileName(folder) + "-state");
            var runners = new List<(string Name, string[] Words, Action Forget)>
            {
                (
                    "fairlead ci run",
                    [.. Ours, "ci", "run", "--cores", "2", "--quiet", "--state", state],
                    () => Remove(state)
                ),
                ("make -j2", ["make", "-j2", "-s", "all"], static () => { }),
            };
            if (other is not null)
            {
                runners.Add(
                    (
                        "gitlab-ci-local",
                        ["node", other, "--force-shell-executor", "--concurrency", "2", "--quiet"],
                        () => Remove(Path.Combine(folder, ".gitlab-ci-local"))
                    )
                );
            }
            Measure(folder, runners);
            Remove(state);
            TreeBench.Run();
            return 0;
        }
        finally
        {
            Remove(folder);
        }
    }

    private static void Measure(string folder, List<(string Name, string[] Words, Action Forget)> runners)
    {
        Console.WriteLine("| median of 5 | from nothing | nothing to do | outputs gone |");
        Console.WriteLine("| --- | --- | --- | --- |");
        var times = runners.ConvertAll(static _ =>
            (Cold: new List<double>(), Idle: new List<double>(), Gone: new List<double>())
        );
        for (var round = 0; round < Rounds; round++)
        {
            for (var at = 0; at < runners.Count; at++)
            {
                var (_, words, forget) = runners[at];
                forget();
                Remove(Path.Combine(folder, "out"));
                times[at].Cold.Add(Time(folder, words));
                times[at].Idle.Add(Time(folder, words));
                Remove(Path.Combine(folder, "out"));
                times[at].Gone.Add(Time(folder, words));
            }
        }
        for (var at = 0; at < runners.Count; at++)
        {
            var (cold, idle, gone) = times[at];
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {runners[at].Name} | {Median(cold):0.00} s | {Median(idle):0.000} s | {Median(gone):0.00} s |"
                )
            );
        }
    }

    internal static double Time(string folder, string[] words)
    {
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return process.ExitCode == 0
            ? took
            : throw new InvalidOperationException($"{words[0]} failed: {output.Result}{error.Result}");
    }

    private static void Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "bin"));
        File.WriteAllText(Path.Combine(folder, "bin", "work"), Work);
        File.SetUnixFileMode(
            Path.Combine(folder, "bin", "work"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        var (ours, make, theirs) = (
            new StringBuilder("jobs:\n"),
            new StringBuilder(),
            new StringBuilder("stages: [all]\n")
        );
        var outputs = new List<string>();
        void Add(string package, string kind, string[] needs)
        {
            var (name, output) = ($"{package}-{kind}", $"out/{package}.{kind}");
            var before = string.Join(", ", needs);
            ours.AppendLine(
                CultureInfo.InvariantCulture,
                $"  {name}: {{ script: bin/work {output} {package}/*, inputs: [{package}/**, bin/work], outputs: [{output}], needs: [{before}] }}"
            );
            var files = string.Join(' ', needs.Select(static one => $"out/{one.Replace('-', '.')}"));
            make.AppendLine(
                CultureInfo.InvariantCulture,
                $"{output}: $(wildcard {package}/*) bin/work {files}\n\tbin/work {output} {package}/*"
            );
            theirs.AppendLine(
                CultureInfo.InvariantCulture,
                $"{name}: {{ stage: all, needs: [{before}], script: ['bin/work {output} {package}/*'], artifacts: {{ paths: [{output}] }} }}"
            );
            outputs.Add(output);
        }
        for (var at = 0; at < 18; at++)
        {
            var (package, isApp) = (at < 12 ? $"lib{at}" : $"app{at - 12}", at >= 12);
            Directory.CreateDirectory(Path.Combine(folder, package));
            for (var file = 0; file < 20; file++)
            {
                File.WriteAllText(
                    Path.Combine(folder, package, $"{file}.txt"),
                    string.Concat(Enumerable.Repeat($"{package} {file}\n", 50))
                );
            }
            var first = 2 * (at - 12);
            Add(package, "build", isApp ? [$"lib{first}-build", $"lib{first + 1}-build"] : []);
            Add(package, "test", [$"{package}-build"]);
        }
        File.WriteAllText(Path.Combine(folder, "fairlead.pipeline.yaml"), ours.ToString());
        File.WriteAllText(Path.Combine(folder, "Makefile"), $"all: {string.Join(' ', outputs)}\n{make}");
        File.WriteAllText(Path.Combine(folder, ".gitlab-ci.yml"), theirs.ToString());
        _ = Time(folder, ["git", "init", "-q"]);
        _ = Time(folder, ["git", "add", "."]);
        _ = Time(
            folder,
            ["git", "-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-qm", "graph"]
        );
        _ = Time(folder, ["git", "remote", "add", "origin", "git@localhost:bench/graph.git"]);
    }

    internal static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static double Median(List<double> all) => all.Order().ElementAt(all.Count / 2);
}
