using System.Diagnostics;
using System.Formats.Tar;

namespace Fairlead.Scenarios.Containers;

/// <summary>A Docker engine of the test's own, which runs containers on while it is restarted.</summary>
internal sealed class DockerEngine : IAsyncDisposable
{
    /// <summary>One at a time: an engine that starts makes the machine's chains of iptables anew, from under the others.</summary>
    public const string Collection = "docker";

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);

    // Short, because sockets' paths are; apart from the test's folders, which are removed while the engine still holds its own.
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fl-dock-");
    private Process? daemon;
    private Task<string> errors = Task.FromResult("");

    private DockerEngine() { }

    public string Address => $"unix://{root.FullName}/docker.sock";

    /// <summary>What Fairlead is told of it.</summary>
    public IReadOnlyDictionary<string, string> Env =>
        new Dictionary<string, string> { ["FAIRLEAD_CONTAINERS"] = Address, ["FAIRLEAD_BRIDGE"] = "172.31.254.1" };

    public static async Task<DockerEngine> StartAsync(CancellationToken stop)
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess && File.Exists("/usr/sbin/dockerd"),
            "Needs dockerd (apt-get install docker.io) and root to start it."
        );
        var engine = new DockerEngine();
        engine.Launch();
        await engine.AnswersAsync(stop);
        return engine;
    }

    /// <summary>Ends the engine and starts it again; its containers run on.</summary>
    public async Task RestartAsync(CancellationToken stop)
    {
        await EndAsync(stop);
        Launch();
        await AnswersAsync(stop);
    }

    /// <summary>What <c>docker</c> says.</summary>
    public Task<string> AskAsync(CancellationToken stop, params string[] words) =>
        AskAsync((words[0], ""), stop, words[1..]);

    /// <param name="told">The command, and what it reads.</param>
    public async Task<string> AskAsync(
        (string Command, string Text) told,
        CancellationToken stop,
        params string[] words
    )
    {
        var start = new ProcessStartInfo("docker", ["-H", Address, told.Command, .. words])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(told.Text.AsMemory(), stop);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var faults = await process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return process.ExitCode == 0 ? await output : $"exit {process.ExitCode}: {faults}";
    }

    /// <summary>What a container wrote, to both of its ends.</summary>
    public async Task<string> LogsAsync(string id, CancellationToken stop)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"docker -H '{Address}' logs --tail 40 {id} 2>&1"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return output;
    }

    /// <summary>Makes an image of one program.</summary>
    public async Task ImportAsync(string name, string program, CancellationToken stop)
    {
        var tar = Path.Combine(root.FullName, "image.tar");
        await using (var writer = new TarWriter(File.Create(tar)))
        {
            await writer.WriteEntryAsync(program, Path.GetFileName(program), stop);
        }
        var said = await AskAsync(stop, "import", tar, name);
        Assert.StartsWith("sha256:", said, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        var left = await AskAsync(CancellationToken.None, "ps", "--all", "--quiet");
        foreach (var id in left.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await AskAsync(CancellationToken.None, "rm", "--force", id);
        }
        await AskAsync(CancellationToken.None, "network", "prune", "--force");
        await EndAsync(CancellationToken.None);
        // The engine mounts its folder upon itself.
        using (var unmount = Process.Start("umount", ["--lazy", "--quiet", $"{root.FullName}/data"]))
        {
            await unmount.WaitForExitAsync();
        }
        root.Delete(recursive: true);
    }

    private void Launch()
    {
        var start = new ProcessStartInfo(
            "/usr/sbin/dockerd",
            [
                "--host",
                Address,
                "--data-root",
                $"{root.FullName}/data",
                "--exec-root",
                $"{root.FullName}/exec",
                "--pidfile",
                $"{root.FullName}/pid",
                "--bridge",
                "none",
                "--live-restore",
                "--default-address-pool",
                "base=172.30.0.0/16,size=28",
                "--log-level",
                "warn",
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        daemon = Process.Start(start)!;
        // Read, or it would be blocked when the pipe is full.
        _ = daemon.StandardOutput.ReadToEndAsync();
        errors = daemon.StandardError.ReadToEndAsync();
    }

    private async Task AnswersAsync(CancellationToken stop)
    {
        for (var end = DateTime.UtcNow + StartMax; ; )
        {
            var answer = await AskAsync(stop, "version", "--format", "{{.Server.Version}}");
            if (!answer.StartsWith("exit", StringComparison.Ordinal))
            {
                return;
            }
            if (daemon!.HasExited)
            {
                var why = (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
                Assert.Skip($"dockerd cannot run here: {why}");
            }
            Assert.True(DateTime.UtcNow < end, answer);
            await Task.Delay(200, stop);
        }
    }

    private async Task EndAsync(CancellationToken stop)
    {
        Fairlead.Drivers.Shell.Child.Signal(daemon!.Id, Fairlead.Drivers.Shell.Signal.Terminate);
        await daemon.WaitForExitAsync(stop);
        daemon.Dispose();
    }
}
