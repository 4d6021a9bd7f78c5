using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Fairlead.Bench.Dashboard;

/// <summary>A demo of its own; all of it is gone afterwards.</summary>
internal sealed class DemoServer : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fairlead-bench-demo-");

    public string State => Path.Combine(root.FullName, "state");

    public Uri Address =>
        new($"http://{JsonNode.Parse(File.ReadAllText(Path.Combine(State, "run", "addresses.json")))!["api"]}");

    public string Token => File.ReadAllText(Path.Combine(State, "api-token")).Trim();

    public static DemoServer Start()
    {
        var demo = new DemoServer();
        string[] ports = ["--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--api", "127.0.0.1:0"];
        Run(["up", "--demo", "--background", .. ports, "--state", demo.State]);
        return demo;
    }

    public void Dispose()
    {
        Run(["down", "--state", State]);
        root.Delete(recursive: true);
    }

    private static void Run(string[] words)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "fairlead.dll"), .. words])
        )!;
        process.WaitForExit();
    }
}
