using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Fairlead.Scenarios.Telemetry;

/// <summary>Node's libraries that ship logs, which .ci/run puts into a folder outside of the tree.</summary>
internal static class LogPeers
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static string Folder { get; } =
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "fairlead-peers/logs"
        );

    public static void SkipUnlessThere() =>
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "node_modules/winston-loki")),
            $"winston-loki is not in {Folder} (.ci/run installs it)"
        );

    /// <summary>Lets one of them send.</summary>
    /// <returns>What it wrote.</returns>
    public static Task<string> SendAsync(IReadOnlyDictionary<string, string> env, CancellationToken stop) =>
        RunAsync("node", [Script()], new Dictionary<string, string>(env) { ["PEERS"] = Folder }, stop);

    /// <summary>Runs a program to its end.</summary>
    public static async Task<string> RunAsync(
        string program,
        IReadOnlyList<string> words,
        IReadOnlyDictionary<string, string> env,
        CancellationToken stop
    )
    {
        var start = new ProcessStartInfo(program, words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
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
            Assert.True(process.ExitCode == 0, $"{await output}\n{await messages}");
            return (await output).Trim();
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static string Script([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "log-peer.cjs");
}
