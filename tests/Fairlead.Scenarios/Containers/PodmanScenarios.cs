using System.Diagnostics;

namespace Fairlead.Scenarios.Containers;

/// <summary>Podman answers the calls of Docker: the same deployment runs there.</summary>
public sealed class PodmanScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deploys_under_load_lose_no_request()
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess && File.Exists("/usr/bin/podman"),
            "Needs podman (apt-get install podman) and root."
        );
        var root = Directory.CreateTempSubdirectory("fl-pod-");
        var socket = $"unix://{root.FullName}/podman.sock";
        using var service = Begin(root.FullName, "system", "service", "--time=0", socket);
        try
        {
            await AnswersAsync(service, Path.Combine(root.FullName, "podman.sock"));
            await using var platform = await Voyages.Platform.StartAsync(
                new Dictionary<string, string>
                {
                    ["FAIRLEAD_CONTAINERS"] = socket,
                    ["FAIRLEAD_BRIDGE"] = "172.31.252.1",
                }
            );
            var folder = platform.App(
                "hello",
                """
                app: hello
                services:
                  web: { kind: web, path: ., drain: 5s, stopGrace: 5s, keep: 1s, health: { http: /healthz, every: 200ms } }
                environments:
                  production: { target: docker }
                """
            );
            var first = await platform.DeployAsync(folder);
            Assert.SkipWhen(
                first.Messages.Contains("cgroups in hybrid mode", StringComparison.Ordinal),
                "Podman's crun cannot run containers on a machine with hybrid cgroups."
            );
            Assert.True(first.Code == 0, first.ToString());
            using var end = new CancellationTokenSource();
            var load = platform.LoadAsync("hello", 50, end.Token);
            await SucceedsAsync(platform.DeployAsync(folder, "web.env.N=2"));
            await SucceedsAsync(platform.DeployAsync(folder, "web.env.N=3"));
            await end.CancelAsync();
            var report = await load;
            TestContext.Current.TestOutputHelper!.WriteLine($"podman: {report}");
            Assert.True(report.Lost == 0, report.ToString());
        }
        finally
        {
            using (var remove = Begin(root.FullName, "rm", "--all", "--force"))
            {
                await remove.WaitForExitAsync(CancellationToken.None);
            }
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync(CancellationToken.None);
            // Its store is mounted upon itself.
            using (var unmount = Process.Start("umount", ["--lazy", "--quiet", $"{root.FullName}/storage/overlay"]))
            {
                await unmount.WaitForExitAsync(CancellationToken.None);
            }
            root.Delete(recursive: true);
        }
    }

    private static async Task AnswersAsync(Process service, string socket)
    {
        for (var end = DateTime.UtcNow.AddSeconds(20); !File.Exists(socket); )
        {
            Assert.False(service.HasExited, "podman cannot run here.");
            Assert.True(DateTime.UtcNow < end, "podman did not begin to listen.");
            await Task.Delay(100, Stop);
        }
    }

    private static async Task SucceedsAsync(Task<Voyages.Platform.Answer> running)
    {
        var answer = await running;
        Assert.True(answer.Code == 0, answer.ToString());
    }

    // Everything of its own: images, containers and networks' settings are in the folder.
    private static Process Begin(string root, params string[] words)
    {
        var start = new ProcessStartInfo(
            "/usr/bin/podman",
            [
                "--root",
                $"{root}/storage",
                "--runroot",
                $"{root}/run",
                "--network-config-dir",
                $"{root}/networks",
                .. words,
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // What is usual for a container may be more than a machine like this one lets anybody have.
        var settings = Path.Combine(root, "containers.conf");
        File.WriteAllText(settings, "[containers]\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=1024:1024\"]\n");
        start.Environment["CONTAINERS_CONF"] = settings;
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }
}
