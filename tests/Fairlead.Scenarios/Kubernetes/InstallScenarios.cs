using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Fairlead.Scenarios.Kubernetes;

/// <summary>Fairlead's own image, in a pod of a real cluster, deploys to that cluster.</summary>
[Collection(Cluster.Collection)]
public sealed class InstallScenarios(Cluster cluster)
{
    private const string Image = "localhost/fairlead";
    private const string Host = "inhouse.example.com";
    private static readonly TimeSpan BuildMax = TimeSpan.FromMinutes(9);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Repository([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../.."));

    [Fact]
    public async Task A_Fairlead_in_a_pod_deploys_to_its_own_cluster_and_the_next_pod_ends_what_the_last_one_began()
    {
        cluster.SkipUnlessThere();
        Assert.SkipUnless(File.Exists("/usr/bin/skopeo"), "Needs /usr/bin/skopeo.");
        var image = await ImageAsync();
        var web = await WebAsync();
        await StateAsync();
        await InstallAsync(image, web);

        await DeniedAsync();
        await SucceedsAsync("deploy", "/apps/inhouse");
        Assert.Equal("hello", await VisitAsync());
        Assert.Contains(
            "networkpolicy.networking.k8s.io/web-1",
            await AskAsync("get", "networkpolicies", "-n", "inhouse", "-o", "name"),
            StringComparison.Ordinal
        );
        await SignInAsync();
        await KilledAsync();

        Assert.Equal("hello", await VisitAsync());
        await UntilAsync(async () =>
            await DeploymentsAsync()
            == (await AskAsync("get", "networkpolicies", "-n", "inhouse", "-o", "name")).Replace(
                "networkpolicy.networking.k8s.io",
                "deployment.apps",
                StringComparison.Ordinal
            )
        );
        // No right that the role has not was missed on the way.
        Assert.DoesNotContain(
            "cluster.denied",
            (await LogsAsync()).Split("inhouse@1 failed", 2)[^1],
            StringComparison.Ordinal
        );
    }

    private async Task DeniedAsync()
    {
        // Nobody allowed it yet: what is missing is said as the rule to add.
        var denied = await FairleadAsync("deploy", "/apps/inhouse");
        TestContext.Current.TestOutputHelper!.WriteLine(denied);
        Assert.StartsWith("exit 4", denied, StringComparison.Ordinal);
        Assert.Contains(
            "Add to its role: apiGroups: [\"\"], resources: [namespaces], verbs: [get]",
            denied,
            StringComparison.Ordinal
        );
        await AskAsync(
            "create",
            "rolebinding",
            "fairlead-deployer",
            "-n",
            "inhouse",
            "--clusterrole=fairlead-deployer",
            "--serviceaccount=fairlead:fairlead"
        );
    }

    private async Task KilledAsync()
    {
        // Killed in the midst, twice: told to end, and at once.
        var deploying = FairleadAsync("deploy", "/apps/inhouse", "--set", "web.env.N=2");
        await UntilAsync(async () =>
            (await DeploymentsAsync()).Contains("deployment.apps/web-", StringComparison.Ordinal)
            && (await DeploymentsAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == 2
        );
        await AskAsync("delete", "pod", "-n", "fairlead", "-l", "app.kubernetes.io/name=fairlead", "--wait=false");
        await deploying;
        await ReadyAsync();
        await AskAsync(
            "delete",
            "pod",
            "-n",
            "fairlead",
            "-l",
            "app.kubernetes.io/name=fairlead",
            "--grace-period=0",
            "--force"
        );
        await ReadyAsync();
        await UntilAsync(async () =>
            (await FairleadAsync("status", "inhouse", "--json")).Contains(
                "\"phase\":\"promoted\"",
                StringComparison.Ordinal
            )
            && (await DeploymentsAsync()).Trim() != "deployment.apps/web-1"
            && (await DeploymentsAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == 1
        );
    }

    private async Task SignInAsync()
    {
        Assert.Contains("/welcome#", await FairleadAsync("person", "invite", "--owner"), StringComparison.Ordinal);
        var token = (await FairleadAsync("token", "create", "pipeline", "--role", "operator", "--json"))
            .Split('"')
            .First(word => word.StartsWith("fla_", StringComparison.Ordinal));
        var port = FreePort();
        using var forward = Process.Start(
            new ProcessStartInfo(
                "/usr/bin/kubectl",
                [
                    "--kubeconfig",
                    cluster.Kubeconfig,
                    "port-forward",
                    "-n",
                    "fairlead",
                    "deployment/fairlead",
                    $"{port}:8077",
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        try
        {
            await forward.StandardOutput.ReadLineAsync(Stop);
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
            using var nobody = await http.PostAsync("api/status", Json("{}"), Stop);
            Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            using var known = await http.PostAsync("api/status", Json("{}"), Stop);
            Assert.Contains("inhouse", await known.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
        finally
        {
            forward.Kill();
            await forward.WaitForExitAsync(Stop);
        }
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private async Task StateAsync()
    {
        var state = cluster.Folder("fairlead-state");
        File.SetUnixFileMode(state, (UnixFileMode)0b111_111_111);
        await cluster.ApplyAsync(
            $$"""
            apiVersion: v1
            kind: PersistentVolume
            metadata: { name: fairlead-state }
            spec:
              capacity: { storage: 20Gi }
              accessModes: [ReadWriteOnce]
              claimRef: { namespace: fairlead, name: fairlead }
              hostPath: { path: {{state}} }
            ---
            apiVersion: v1
            kind: Namespace
            metadata: { name: inhouse }
            """
        );
    }

    // As docs/guides/install-kubernetes.md says it for those without Helm.
    private async Task InstallAsync(string image, string web)
    {
        var folder = cluster.Folder("install");
        File.Copy(Path.Combine(Repository(), "deploy/kubernetes/fairlead.yaml"), Path.Combine(folder, "fairlead.yaml"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "fairlead-app.yaml"),
            $$"""
            app: inhouse
            services:
              web:
                kind: web
                port: 8080
                replicas: 2
                keep: 1s
                container: { image: "{{web}}" }
                health: { http: /, every: 200ms }
                deploy: { strategy: canary, shares: [50%], hold: 5s }
            environments:
              production: { target: kubernetes, hosts: [{{Host}}], cluster: { namespace: inhouse } }
            """,
            Stop
        );
        await File.WriteAllTextAsync(
            Path.Combine(folder, "kustomization.yaml"),
            $$"""
            resources: [fairlead.yaml]
            namespace: fairlead
            configMapGenerator:
              - { name: inhouse, files: [fairlead.yaml=fairlead-app.yaml] }
            patchesStrategicMerge:
              - |-
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: fairlead, namespace: fairlead }
                spec:
                  template:
                    spec:
                      containers:
                        - name: fairlead
                          image: {{image}}
                          env:
                            - { name: FAIRLEAD_NEIGHBOURS, value: 10.254.64.0/18 }
                            - { name: FAIRLEAD_PLAIN_REGISTRIES, value: "{{cluster.Registry}}" }
                          volumeMounts: [{ name: inhouse, mountPath: /apps/inhouse }]
                      volumes: [{ name: inhouse, configMap: { name: inhouse } }]
            """,
            Stop
        );
        await AskAsync("apply", "--kustomize", folder);
        await ReadyAsync();
    }

    private Task ReadyAsync() =>
        UntilAsync(async () =>
            (
                await cluster.AskAsync("rollout", "status", "deployment/fairlead", "-n", "fairlead", "--timeout=60s")
            ).Contains("successfully rolled out", StringComparison.Ordinal)
            && (await FairleadAsync("status", "--json")).Contains("\"ok\":true", StringComparison.Ordinal)
        );

    private async Task<string> ImageAsync()
    {
        var (code, said) = await RunAsync("dotnet", ["run", Path.Combine(Repository(), "build.cs"), "--", "image"]);
        Assert.True(code == 0, said);
        var line = said.Split('\n').First(one => one.Contains($"{Image}:", StringComparison.Ordinal));
        var name = line[line.IndexOf(Image, StringComparison.Ordinal)..].Split('@')[0];
        return await SendAsync(Path.Combine(Repository(), "artifacts/image/images"), name, "fairlead:1");
    }

    /// <summary>A ready image of somebody else's: a web server that is one static file.</summary>
    private async Task<string> WebAsync()
    {
        var folder = cluster.Folder("web");
        File.Copy("/bin/busybox", Path.Combine(folder, "busybox"));
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "hello", Stop);
        string[] command = ["./busybox", "httpd", "-f", "-p", "8080", "-h", "/app"];
        var state = cluster.Folder("web-image");
        var (code, said) = await RunAsync(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "fairlead.dll"),
                "image",
                "pack",
                folder,
                "--name",
                "localhost/web:1",
                .. command.Select(word => $"--run={word}"),
                "--state",
                state,
            ]
        );
        Assert.True(code == 0, said);
        return await SendAsync(Path.Combine(state, "images"), "localhost/web:1", "web:1");
    }

    private async Task<string> SendAsync(string layout, string name, string to)
    {
        var image = $"{cluster.Registry}/{to}";
        var (code, said) = await RunAsync(
            "skopeo",
            ["copy", "--quiet", "--dest-tls-verify=false", $"oci:{layout}:{name}", $"docker://{image}"]
        );
        Assert.True(code == 0, said);
        return image;
    }

    private async Task<string> VisitAsync()
    {
        var address = (
            await AskAsync(
                "get",
                "pods",
                "-n",
                "fairlead",
                "-l",
                "app.kubernetes.io/name=fairlead",
                "--field-selector=status.phase=Running",
                "-o",
                "jsonpath={.items[0].status.podIP}"
            )
        ).Trim();
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Host = Host;
        return await http.GetStringAsync(new Uri($"http://{address}:8080/"), Stop);
    }

    private Task<string> DeploymentsAsync() => AskAsync("get", "deployments", "-n", "inhouse", "-o", "name");

    private async Task<string> LogsAsync() =>
        await File.ReadAllTextAsync(Path.Combine(cluster.Folder("fairlead-state"), "logs", "server.log"), Stop);

    private Task<string> FairleadAsync(params string[] words) =>
        cluster.AskAsync(["exec", "-n", "fairlead", "deployment/fairlead", "--", "./fairlead", .. words]);

    private async Task SucceedsAsync(params string[] words)
    {
        var said = await FairleadAsync(words);
        Assert.False(said.StartsWith("exit ", StringComparison.Ordinal), said);
    }

    private async Task<string> AskAsync(params string[] words)
    {
        var said = await cluster.AskAsync(words);
        Assert.False(said.StartsWith("exit ", StringComparison.Ordinal), said);
        return said;
    }

    private static async Task<(int Code, string Said)> RunAsync(string program, string[] words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, messages) = (
            process.StandardOutput.ReadToEndAsync(Stop),
            process.StandardError.ReadToEndAsync(Stop)
        );
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(BuildMax);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await messages);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var end = DateTime.UtcNow.AddMinutes(4); !await isSo(); )
        {
            Assert.True(DateTime.UtcNow < end, "It never came to be so.");
            await Task.Delay(300, Stop);
        }
    }
}
