using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Fairlead.Scenarios.Kubernetes;

/// <summary>A real API server of Kubernetes with its store, and no node: it judges objects, and runs nothing.</summary>
internal sealed class ControlPlane : IAsyncDisposable
{
    private const string Token = "scenario";
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fairlead-k8s-");
    private readonly List<Process> processes = [];
    private int port;

    private ControlPlane() { }

    /// <summary>Where a built Kubernetes is: as FAIRLEAD_K8S_BIN says, else in the user's cache.</summary>
    private static string Binaries =>
        Environment.GetEnvironmentVariable("FAIRLEAD_K8S_BIN")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/fairlead-k8s/bin");

    public static async Task<ControlPlane> StartAsync(CancellationToken stop)
    {
        var server = Path.Combine(Binaries, "kube-apiserver");
        Assert.SkipUnless(
            File.Exists(server) && File.Exists("/usr/bin/etcd") && File.Exists("/usr/bin/kubectl"),
            $"Needs kube-apiserver in {Binaries}, etcd and kubectl."
        );
        var plane = new ControlPlane();
        await plane.LaunchAsync(server, stop);
        return plane;
    }

    /// <summary>What <c>kubectl</c> says, its errors included.</summary>
    public async Task<(int Code, string Said)> AskAsync(CancellationToken stop, params string[] words)
    {
        var start = new ProcessStartInfo(
            "/usr/bin/kubectl",
            [$"--server=https://127.0.0.1:{port}", $"--token={Token}", "--insecure-skip-tls-verify", .. words]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["HOME"] = root.FullName;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var errors = await process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return (process.ExitCode, await output + errors);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(processes))
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        root.Delete(recursive: true);
    }

    private async Task LaunchAsync(string server, CancellationToken stop)
    {
        var (client, peer) = (FreePort(), FreePort());
        port = FreePort();
        using var key = RSA.Create(2048);
        var keyFile = Path.Combine(root.FullName, "accounts.pem");
        await File.WriteAllTextAsync(keyFile, key.ExportRSAPrivateKeyPem(), stop);
        var tokens = Path.Combine(root.FullName, "tokens.csv");
        await File.WriteAllTextAsync(tokens, $"{Token},admin,1,system:masters\n", stop);
        Run(
            "/usr/bin/etcd",
            "--data-dir",
            Path.Combine(root.FullName, "etcd"),
            "--listen-client-urls",
            $"http://127.0.0.1:{client}",
            "--advertise-client-urls",
            $"http://127.0.0.1:{client}",
            "--listen-peer-urls",
            $"http://127.0.0.1:{peer}",
            "--unsafe-no-fsync"
        );
        Run(
            server,
            $"--etcd-servers=http://127.0.0.1:{client}",
            "--bind-address=127.0.0.1",
            $"--secure-port={port}",
            $"--cert-dir={Path.Combine(root.FullName, "certs")}",
            "--service-account-issuer=https://kubernetes.default.svc",
            $"--service-account-key-file={keyFile}",
            $"--service-account-signing-key-file={keyFile}",
            $"--token-auth-file={tokens}",
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=198.19.0.0/16"
        );
        for (var end = DateTime.UtcNow + StartMax; ; )
        {
            var (code, said) = await AskAsync(stop, "get", "namespace", "default");
            if (code == 0)
            {
                return;
            }
            Assert.True(DateTime.UtcNow < end, said);
            await Task.Delay(300, stop);
        }
    }

    private void Run(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        processes.Add(process);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
