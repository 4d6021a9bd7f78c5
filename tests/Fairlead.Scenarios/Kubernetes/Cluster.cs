using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Fairlead.Scenarios.Kubernetes;

/// <summary>A real Kubernetes of one machine that runs pods, and a registry that it fetches from; one for all scenarios.</summary>
public sealed class Cluster : IAsyncLifetime
{
    public const string Collection = "cluster";

    /// <summary>Where pods reach this machine.</summary>
    private const string Here = "10.255.198.1";

    private static readonly TimeSpan CommandMax = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fl-k8s-");
    private readonly int api = FreePort(IPAddress.Loopback);
    private Process? registry;
    private string? missing;
    private int registryPort;

    /// <summary>As images are named for it.</summary>
    public string Registry => $"{Here}:{registryPort}";

    /// <summary>What Fairlead is told of it.</summary>
    public IReadOnlyDictionary<string, string> Env =>
        new Dictionary<string, string>
        {
            ["KUBECONFIG"] = Kubeconfig,
            ["FAIRLEAD_BRIDGE"] = Here,
            ["FAIRLEAD_NEIGHBOURS"] = "10.254.64.0/18",
            ["FAIRLEAD_PLAIN_REGISTRIES"] = Registry,
        };

    public string Kubeconfig => Path.Combine(root.FullName, "run", "admin-inline.kubeconfig");

    private static string Binaries =>
        Environment.GetEnvironmentVariable("FAIRLEAD_K8S_BIN")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/fairlead-k8s/bin");

    public async ValueTask InitializeAsync()
    {
        missing =
            !Environment.IsPrivilegedProcess ? "Needs root, for a cluster with a network of its own."
            : !File.Exists(Path.Combine(Binaries, "kubelet"))
                ? $"Needs a built Kubernetes in {Binaries}: ./build.cs kubernetes"
            : Array.Find(
                [
                    "/usr/bin/containerd",
                    "/usr/bin/etcd",
                    "/usr/bin/kubectl",
                    "/usr/bin/socat",
                    "/usr/bin/docker-registry",
                    "/bin/busybox",
                ],
                program => !File.Exists(program)
            )
                is { } absent
                ? $"Needs {absent}."
            : null;
        if (missing is not null)
        {
            return;
        }
        registryPort = FreePort(IPAddress.Loopback);
        var (code, said) = await ScriptAsync("start");
        if (code != 0)
        {
            await ScriptAsync("stop");
            missing = $"The cluster does not start here: {said[^Math.Min(said.Length, 400)..]}";
            return;
        }
        var settings = Path.Combine(root.FullName, "registry.yml");
        await File.WriteAllTextAsync(
            settings,
            $$"""
            version: 0.1
            storage: { filesystem: { rootdirectory: {{root.FullName}}/registry } }
            http: { addr: "{{Registry}}" }
            """
        );
        registry = Process.Start(Quiet("/usr/bin/docker-registry", "serve", settings))!;
        _ = registry.StandardOutput.ReadToEndAsync();
        _ = registry.StandardError.ReadToEndAsync();
    }

    public void SkipUnlessThere() => Assert.SkipWhen(missing is not null, missing ?? "");

    /// <summary>What <c>kubectl</c> says.</summary>
    public async Task<string> AskAsync(params string[] words)
    {
        var (code, said) = await RunAsync(Quiet("/usr/bin/kubectl", ["--kubeconfig", Kubeconfig, .. words]));
        return code == 0 ? said : $"exit {code}: {said}";
    }

    /// <summary>Applies an object, or several.</summary>
    public async Task ApplyAsync(string yaml)
    {
        var file = Path.Combine(root.FullName, $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, yaml);
        var said = await AskAsync("apply", "--filename", file);
        Assert.DoesNotContain("exit ", said, StringComparison.Ordinal);
    }

    /// <summary>Teaches it the kinds of routers; they are the routers' makers', and not carried along.</summary>
    public async Task KnowRoutesAsync()
    {
        var folder = Environment.GetEnvironmentVariable("FAIRLEAD_K8S_CRDS");
        Assert.SkipWhen(
            folder is null || !Directory.Exists(folder),
            "Needs the CRDs of Gateway API and Istio, fit for this cluster's version, in the folder FAIRLEAD_K8S_CRDS."
        );
        var said = await AskAsync("apply", "--server-side", "--validate=false", "--filename", folder!); // It is there.
        Assert.DoesNotContain("exit ", said, StringComparison.Ordinal);
    }

    /// <summary>A folder of this machine that is its only node.</summary>
    public string Folder(string name) => root.CreateSubdirectory(name).FullName;

    /// <summary>Kills the API server; what runs, runs on.</summary>
    public Task KillApiAsync() => ScriptAsync("kill-api");

    public async Task StartApiAsync()
    {
        var (code, said) = await ScriptAsync("start-api");
        Assert.True(code == 0, said);
    }

    public async ValueTask DisposeAsync()
    {
        if (registry is not null)
        {
            registry.Kill();
            await registry.WaitForExitAsync();
            registry.Dispose();
        }
        if (missing is null)
        {
            await ScriptAsync("stop");
        }
        root.Delete(recursive: true);
    }

    private async Task<(int Code, string Said)> ScriptAsync(string word, [CallerFilePath] string path = "")
    {
        var start = Quiet("/bin/bash", Path.Combine(Path.GetDirectoryName(path)!, "cluster.sh"), word);
        start.Environment["FLK_HOME"] = Path.GetDirectoryName(Binaries)!;
        start.Environment["FLK_RUN"] = Path.Combine(root.FullName, "run");
        start.Environment["FLK_API_PORT"] = $"{api}";
        start.Environment["FLK_REGISTRY"] = Registry;
        return await RunAsync(start);
    }

    // Its daemons keep what it writes to open, so its own end is waited for, not theirs.
    private static async Task<(int Code, string Said)> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var said = new System.Text.StringBuilder();
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(CommandMax);
        await process.WaitForExitAsync(limit.Token);
        lock (said)
        {
            return (process.ExitCode, said.ToString());
        }

        void Add(string? line)
        {
            lock (said)
            {
                said.AppendLine(line);
            }
        }
    }

    private static ProcessStartInfo Quiet(string program, params string[] words) =>
        new(program, words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>There is room for one cluster.</summary>
[CollectionDefinition(Cluster.Collection)]
public sealed class ClusterDefinition : ICollectionFixture<Cluster>;
