using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Fairlead.Scenarios.Telemetry;

/// <summary>OpenTelemetry's own Node SDK, which .ci/run puts into a folder outside of the tree.</summary>
internal static class OtlpPeers
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static string Folder { get; } =
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "fairlead-peers/otlp"
        );

    public static string Script(string name) => Path.Combine(Here(), name);

    public static void SkipUnlessThere() =>
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "node_modules/@opentelemetry/sdk-node")),
            $"OpenTelemetry's Node SDK is not in {Folder} (.ci/run installs it)"
        );

    /// <summary>Runs a script of this folder to its end.</summary>
    /// <returns>What it wrote, both to those who read and to those who listen.</returns>
    public static async Task<(string Output, string Messages)> RunAsync(
        string script,
        IReadOnlyDictionary<string, string> env,
        CancellationToken stop
    )
    {
        var start = new ProcessStartInfo("node", [Script(script)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in env)
        {
            start.Environment[name] = value;
        }
        start.Environment["PEERS"] = Folder;
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var messages = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"{await output}\n{await messages}");
            return ((await output).Trim(), await messages);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
