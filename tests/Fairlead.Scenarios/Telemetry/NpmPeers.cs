using System.Diagnostics;

namespace Fairlead.Scenarios.Telemetry;

/// <summary>
/// Vendors' own libraries from npm, in a folder outside of the tree, where CI puts them:
/// <c>npm install --prefix ~/.cache/fairlead-peers/errors @sentry/node@11.12.0 ...</c> (see <c>.ci/run</c>).
/// </summary>
internal static class NpmPeers
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static string Modules { get; } =
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "fairlead-peers",
            "errors",
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

    /// <summary>Runs a script to its end and gives what it wrote.</summary>
    public static Task<string> NodeAsync(
        string script,
        IReadOnlyDictionary<string, string> env,
        CancellationToken stop
    ) => RunAsync(Program("node")!, ["-e", script], Path.GetTempPath(), env, stop);

    /// <summary>Bundles and minifies a page's script with its source map; its name has a hash of what is in it.</summary>
    /// <returns>The folder with both files.</returns>
    public static async Task<string> BundleAsync(string folder, string script, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "shop.js"), script, stop);
        await RunAsync(
            Path.Combine(Modules, ".bin", "esbuild"),
            [
                "shop.js",
                "--bundle",
                "--minify",
                "--sourcemap",
                "--format=iife",
                "--outdir=assets",
                "--entry-names=shop.[hash]",
            ],
            folder,
            new Dictionary<string, string> { ["NODE_PATH"] = Modules },
            stop
        );
        return Path.Combine(folder, "assets");
    }

    private static async Task<string> RunAsync(
        string program,
        string[] words,
        string folder,
        IReadOnlyDictionary<string, string> env,
        CancellationToken stop
    )
    {
        var start = new ProcessStartInfo(program, words)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["NODE_PATH"] = Modules;
        foreach (var (name, value) in env)
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var messages = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(
                process.ExitCode == 0,
                $"{program} ended with {process.ExitCode}: {await output} {await messages}"
            );
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string? Program(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
