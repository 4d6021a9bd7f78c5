using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Fairlead.Scenarios.Pipelines;

/// <summary>
/// What CI systems read their own files with, from npm, in a folder outside of the tree, where CI puts it:
/// <c>npm install --prefix ~/.cache/fairlead-peers/pipelines @actions/expressions@0.3.61 ...</c> (see <c>.ci/run</c>).
/// </summary>
internal static class PipelinePeers
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string Modules = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "fairlead-peers",
        "pipelines",
        "node_modules"
    );

    /// <summary>Skips the test where a package or Node itself is missing.</summary>
    public static void Need(params string[] packages)
    {
        Assert.SkipWhen(Program("node") is null, "node is not installed (Debian package nodejs)");
        foreach (var package in packages)
        {
            Assert.SkipUnless(
                Directory.Exists(Path.Combine(Modules, package)),
                $"{package} is not installed: npm install --prefix {Path.GetDirectoryName(Modules)} {package}"
            );
        }
    }

    /// <summary>Runs one of the scripts beside this file, bundled with what it imports, and gives what it wrote.</summary>
    public static async Task<string> AskAsync(string script, string question, string folder, CancellationToken stop)
    {
        // Their packages import JSON in a way that old versions of Node do not know; bundled, all know it.
        var bundle = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(script)}.bundle.mjs");
        await RunAsync(
            Path.Combine(Modules, ".bin", "esbuild"),
            [
                Path.Combine(Here(), script),
                "--bundle",
                "--platform=node",
                "--format=esm",
                "--log-level=error",
                // Some of what they import asks for Node's own parts in the old way.
                "--banner:js=import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
                $"--outfile={bundle}",
            ],
            folder,
            "",
            stop
        );
        return await RunAsync(Program("node")!, [bundle], folder, question, stop);
    }

    /// <summary>Runs one of the scripts beside this file as it is, for packages that read files beside themselves.</summary>
    public static Task<string> AskPlainAsync(string script, string question, string folder, CancellationToken stop) =>
        RunAsync(Program("node")!, [Path.Combine(Here(), script)], folder, question, stop);

    /// <summary>Runs a command of one of the packages, and gives what it wrote and how it ended.</summary>
    public static async Task<(int Code, string Output)> RunAsync(
        string command,
        IReadOnlyList<string> words,
        string folder,
        CancellationToken stop
    )
    {
        var (code, output, errors) = await StartAsync(Path.Combine(Modules, ".bin", command), words, folder, "", stop);
        return (code, output + errors);
    }

    /// <summary>Skips the test where Groovy is missing, or a Java that its version knows.</summary>
    public static void NeedGroovy()
    {
        Assert.SkipWhen(Program("groovy") is null, "groovy is not installed (Debian package groovy)");
        Assert.SkipWhen(JavaHome() is null, "no OpenJDK is in /usr/lib/jvm (Debian package default-jre-headless)");
    }

    /// <summary>Runs one of the scripts beside this file in Groovy, and gives what it wrote.</summary>
    public static Task<string> GroovyAsync(
        string script,
        IReadOnlyList<string> words,
        string folder,
        CancellationToken stop
    ) => RunAsync(Program("groovy")!, [Path.Combine(Here(), script), .. words], folder, "", stop);

    private static async Task<string> RunAsync(
        string program,
        IReadOnlyList<string> words,
        string folder,
        string input,
        CancellationToken stop
    )
    {
        var (code, output, errors) = await StartAsync(program, words, folder, input, stop);
        Assert.True(code == 0, $"{program} ended with {code}: {output} {errors}");
        return output;
    }

    private static async Task<(int Code, string Output, string Errors)> StartAsync(
        string program,
        IReadOnlyList<string> words,
        string folder,
        string input,
        CancellationToken stop
    )
    {
        var start = new ProcessStartInfo(program, words)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["NODE_PATH"] = Modules;
        // Debian's groovy asks for it, and not all systems say it.
        start.Environment["JAVA_HOME"] = JavaHome() ?? "";
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string? JavaHome() =>
        Directory.Exists("/usr/lib/jvm")
            ? Directory
                .EnumerateDirectories("/usr/lib/jvm", "java-*-openjdk-*")
                .Where(static one => File.Exists(Path.Combine(one, "bin", "java")))
                .Order(StringComparer.Ordinal)
                .FirstOrDefault()
            : null;

    private static string? Program(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
