using System.Text.Json.Nodes;
using Fairlead.Drivers.Clusters;
using Fairlead.Drivers.State;
using Fairlead.Engine.Clusters;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Apps;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Scenarios.Node;

namespace Fairlead.Scenarios.Kubernetes;

/// <summary>The same deployments, in pods of a real Kubernetes.</summary>
[Collection(Cluster.Collection)]
public sealed class ClusterScenarios(Cluster cluster)
{
    private const int PerSecond = 50;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("blue-green", "{ strategy: blue-green }")]
    [InlineData("canary", "{ strategy: canary, shares: [10%, 50%], hold: 1s }")]
    [InlineData("rolling", "{ strategy: rolling }")]
    public async Task Deploys_of_the_storefront_under_load_lose_no_request_although_one_is_broken_and_the_API_server_is_killed_in_the_midst(
        string strategy,
        string deploy
    )
    {
        cluster.SkipUnlessThere();
        var space = $"shop-{strategy}";
        await VolumeAsync(space);
        await using var platform = await Voyages.Platform.StartAsync(cluster.Env);
        var folder = platform.App(strategy, Storefront(strategy, space, deploy), sample: "storefront");
        await SucceedsAsync(platform.DeployAsync(folder));
        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync(strategy, PerSecond, end.Token, path: "/api/products", slow: 0);

        await SucceedsAsync(platform.DeployAsync(folder, "api.env.N=2"));
        var broken = await platform.DeployAsync(folder, "api.env.FAULT=crash");
        Assert.True(broken.Code != 0, broken.ToString());
        // Taken back before the next one begins, whose rollout meets a cluster that answers nothing for a while.
        var last = platform.DeployAsync(folder, "api.env.N=3");
        await UntilAsync(async () => (await DeploymentsAsync(space)).Contains("api-4", StringComparison.Ordinal));
        await cluster.KillApiAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), Stop);
        await cluster.StartApiAsync();
        await SucceedsAsync(last);

        // What was acknowledged is there, whichever release took it.
        await BuyAsync(platform, strategy);
        await end.CancelAsync();
        var report = await load;
        TestContext.Current.TestOutputHelper!.WriteLine($"storefront by {strategy} in a cluster: {report}");
        Assert.True(report.Lost == 0, report.ToString());
        Assert.True(report.Sent > 100, report.ToString());
        // What is live is all there is, once what was kept for a moment is gone.
        await UntilAsync(async () => await DeploymentsAsync(space) == "api-4 worker-1");
        await cluster.AskAsync("delete", "namespace", space, "--wait=false");
    }

    [Fact]
    public async Task A_broken_version_is_taken_back_and_what_it_wrote_is_shown()
    {
        cluster.SkipUnlessThere();
        await using var platform = await Voyages.Platform.StartAsync(cluster.Env);
        var folder = platform.App("broken", Manifest("broken", "{ strategy: blue-green }"));
        await SucceedsAsync(platform.DeployAsync(folder));

        var broken = await platform.DeployAsync(folder, "web.env.FAULT=crash");

        TestContext.Current.TestOutputHelper!.WriteLine(broken.Messages);
        Assert.True(broken.Code != 0, broken.ToString());
        Assert.Contains("ended before it was ready", broken.Messages, StringComparison.Ordinal);
        await platform.AnswersAfterAsync("broken");
    }

    [Fact]
    public async Task A_server_that_is_killed_in_the_midst_goes_on_and_ends_right()
    {
        cluster.SkipUnlessThere();
        await using var platform = await Voyages.Platform.StartAsync(cluster.Env);
        var folder = platform.App("survivor", Manifest("survivor", "{ strategy: blue-green }", replicas: 2));
        await SucceedsAsync(platform.DeployAsync(folder));

        var deploying = platform.DeployAsync(folder, "web.env.N=2");
        await UntilAsync(async () =>
            (await platform.RunAsync("releases", "survivor", "--json")).Output.Contains(
                "\"release\":2",
                StringComparison.Ordinal
            )
        );
        for (var kills = 0; kills < 3; kills++)
        {
            platform.Kill("server");
            await Task.Delay(1_500, Stop);
        }
        await deploying;
        await UntilAsync(async () =>
            (await platform.RunAsync("status", "survivor", "--json")).Output.Contains(
                "\"live\":2",
                StringComparison.Ordinal
            )
        );

        await UntilAsync(async () =>
            (await cluster.AskAsync("get", "deployments", "-n", "survivor-production", "-o", "name")).Trim()
            == "deployment.apps/web-2"
        );
    }

    [Fact]
    public async Task The_storefront_runs_in_a_cluster_and_what_is_changed_by_hand_is_put_back()
    {
        cluster.SkipUnlessThere();
        await VolumeAsync("orders");
        await using var platform = await Voyages.Platform.StartAsync(cluster.Env);
        const string canary = "{ strategy: canary, shares: [10%, 50%], hold: 2s, gates: [error-rate < 1%] }";
        var folder = platform.App("storefront", Storefront("storefront", "shop", canary), sample: "storefront");
        await SucceedsAsync(platform.DeployAsync(folder));
        // Bought through the edge, packed by the worker, which reaches the api from its pod.
        await BuyAsync(platform, "storefront");
        await UntilAsync(async () =>
            (await platform.RunAsync("logs", "storefront", "--service", "worker", "--tail", "50")).Output.Contains(
                "packing order 1",
                StringComparison.Ordinal
            )
        );
        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("storefront", PerSecond, end.Token, path: "/api/products", slow: 0);

        await SucceedsAsync(platform.DeployAsync(folder, "api.env.N=2"));
        var broken = await platform.DeployAsync(folder, "api.env.FAULT=crash");
        Assert.True(broken.Code != 0, broken.ToString());
        // The third release was taken back.
        const string live = "deployment.apps/api-2";
        await cluster.AskAsync("scale", live, "-n", "shop", "--replicas=4");
        await cluster.AskAsync("set", "env", live, "-n", "shop", "DATA_DIR=/elsewhere");
        await UntilAsync(async () =>
            (await platform.RunAsync("finding", "list")).Output.Contains(
                "was changed by hand",
                StringComparison.Ordinal
            )
        );
        await SucceedsAsync(platform.DeployAsync(folder, "api.env.N=3"));

        await end.CancelAsync();
        var report = await load;
        TestContext.Current.TestOutputHelper!.WriteLine($"storefront in a cluster: {report}");
        Assert.True(report.Lost == 0, report.ToString());
        Assert.True(report.Sent > 100, report.ToString());
        Assert.DoesNotContain(
            "/elsewhere",
            await cluster.AskAsync("get", "deployments", "-n", "shop", "-o", "yaml"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_imported_from_objects_runs_in_the_cluster()
    {
        cluster.SkipUnlessThere();
        await using var platform = await Voyages.Platform.StartAsync(cluster.Env);
        // A ready image that the cluster can fetch: that of an app that was built here.
        await SucceedsAsync(
            platform.DeployAsync(platform.App("before", Manifest("before", "{ strategy: blue-green }")))
        );
        var image = (
            await ShownAsync("before-production", "deployments", "spec.template.spec.containers[0].image")
        ).Trim();
        var folder = Directory.CreateDirectory(Path.Combine(platform.State, "../objects")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "all.yaml"),
            $$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: hello-v1 }
            spec:
              replicas: 2
              selector: { matchLabels: { app: hello } }
              template:
                metadata: { labels: { app: hello } }
                spec:
                  containers:
                    - name: hello
                      image: "{{image}}"
                      ports: [{ name: http, containerPort: 8080 }]
                      env: [{ name: PORT, value: "8080" }, { name: N, value: "7" }]
                      readinessProbe: { httpGet: { path: /healthz, port: http }, periodSeconds: 1 }
                      securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: hello }
            spec: { selector: { app: hello }, ports: [{ port: 80, targetPort: http }] }
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: { name: hello }
            spec:
              rules:
                - host: imported.localhost
                  http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: hello, port: { number: 80 } } } }] }
            """,
            Stop
        );

        await SucceedsAsync(platform.RunAsync("import", "kubernetes", folder, "--name", "imported"));
        await SucceedsAsync(platform.DeployAsync(folder));

        await platform.AnswersAfterAsync("imported");
        Assert.Equal("hello-1", await DeploymentsAsync("imported-production"));
        Assert.Equal("2", (await ShownAsync("imported-production", "deployments", "spec.replicas")).Trim());
    }

    [Fact]
    public async Task The_clusters_autoscaler_decides_while_all_is_calm_and_a_rollout_begins_with_its_number()
    {
        cluster.SkipUnlessThere();
        await using var platform = await Voyages.Platform.StartAsync(cluster.Env);
        var manifest = Manifest("tides", "{ strategy: blue-green }")
            .Replace(
                "replicas: 1",
                "replicas: { min: 2, max: 5, cpu: 70%, stabilization: 1m }",
                StringComparison.Ordinal
            );
        var folder = platform.App("tides", manifest);
        await SucceedsAsync(platform.DeployAsync(folder));
        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("tides", PerSecond, end.Token);
        async Task<string> AskAsync(string kind, string path) =>
            (
                await cluster.AskAsync("get", kind, "-n", "tides-production", "-o", $"jsonpath={{.items[*]{path}}}")
            ).Trim();
        async Task<bool> HasAsync(string replicas) =>
            (await platform.RunAsync("status", "tides")).Output.Contains($"{replicas} (2-5)", StringComparison.Ordinal);
        await UntilAsync(async () => await AskAsync("hpa", ".metadata.name") == "web-1");
        Assert.Equal("2 5", await AskAsync("hpa", ".spec['minReplicas','maxReplicas']"));

        // As the autoscaler's controller says it, for there is nobody here who would measure: by the subresource.
        await cluster.AskAsync("scale", "deployment.apps/web-1", "-n", "tides-production", "--replicas=4");
        await UntilAsync(() => HasAsync("4"));
        await Task.Delay(TimeSpan.FromSeconds(25), Stop); // Longer than drift is looked for.
        Assert.Equal("4", await AskAsync("deployments", ".spec.replicas"));
        Assert.DoesNotContain(
            "was changed by hand",
            (await platform.RunAsync("finding", "list")).Output,
            StringComparison.Ordinal
        );

        await SucceedsAsync(platform.DeployAsync(folder, "web.env.N=2"));
        await UntilAsync(async () => await AskAsync("hpa", ".metadata.name") == "web-2");
        await UntilAsync(async () => await AskAsync("deployments", "['metadata.name','spec.replicas']") == "web-2 4");
        Assert.True(await HasAsync("4"));
        await cluster.AskAsync("scale", "deployment.apps/web-2", "-n", "tides-production", "--replicas=2");
        await UntilAsync(() => HasAsync("2"));

        await end.CancelAsync();
        var report = await load;
        TestContext.Current.TestOutputHelper!.WriteLine($"scaled by the cluster: {report}");
        Assert.True(report.Lost == 0, report.ToString());
    }

    [Fact]
    public async Task Secrets_come_by_variable_and_file_and_stand_in_objects_of_their_own()
    {
        cluster.SkipUnlessThere();
        await using var platform = await Voyages.Platform.StartAsync(cluster.Env);
        var manifest = Manifest("keeper", "{ strategy: blue-green }")
            .Replace(
                "health: { http: /healthz,",
                "secrets: [TOKEN, { KEY: { file: true } }]\n    health: { command: python3 check.py,",
                StringComparison.Ordinal
            );
        var folder = platform.App("keeper", manifest);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "check.py"),
            """
            import os, sys
            sys.exit(0 if open(os.environ["KEY_FILE"]).read() == "key-mzq4" and os.environ["TOKEN"] == "token-mzq4" else 3)
            """,
            Stop
        );
        foreach (var (name, value) in new[] { ("TOKEN", "token-mzq4"), ("KEY", "key-mzq4") })
        {
            var file = Path.Combine(platform.State, $"{name}.txt");
            await File.WriteAllTextAsync(file, value, Stop);
            await SucceedsAsync(platform.RunAsync("secret", "set", name, "--app", "keeper", "--file", file));
            File.Delete(file);
        }

        await SucceedsAsync(platform.DeployAsync(folder));

        var deployments = await cluster.AskAsync("get", "deployments", "-n", "keeper-production", "-o", "yaml");
        Assert.DoesNotContain("mzq4", deployments, StringComparison.Ordinal);
        // One that somebody removed is given again.
        await cluster.AskAsync(
            "delete",
            "secrets",
            "-n",
            "keeper-production",
            "-l",
            "app.kubernetes.io/part-of=keeper"
        );
        await UntilAsync(async () =>
            (
                await cluster.AskAsync(
                    "get",
                    "secrets",
                    "-n",
                    "keeper-production",
                    "-l",
                    "app.kubernetes.io/part-of=keeper",
                    "-o",
                    "name"
                )
            )
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Length == 2
        );
    }

    [Theory]
    [InlineData("huge", "900", "900Gi", "Insufficient cpu")]
    [InlineData("poor", "0.2", "32Mi", "exceeded quota")]
    public async Task Why_a_pod_does_not_run_is_said_in_words(string name, string cores, string quota, string expected)
    {
        cluster.SkipUnlessThere();
        await cluster.ApplyAsync(
            $$"""
            apiVersion: v1
            kind: Namespace
            metadata: { name: {{name}}-production }
            ---
            apiVersion: v1
            kind: ResourceQuota
            metadata: { name: small, namespace: {{name}}-production }
            spec: { hard: { "limits.memory": {{quota}} } }
            """
        );
        await using var platform = await Voyages.Platform.StartAsync(cluster.Env);
        var manifest = Manifest(name, "{ strategy: blue-green }")
            .Replace(
                "replicas: 1",
                $"replicas: 1\n    limits: {{ cpu: {cores}, memory: 64MiB }}",
                StringComparison.Ordinal
            )
            .Replace("every: 200ms", "every: 200ms, startGrace: 8s", StringComparison.Ordinal);
        var folder = platform.App(name, manifest);

        var answer = await platform.DeployAsync(folder);

        TestContext.Current.TestOutputHelper!.WriteLine(answer.Messages);
        Assert.True(answer.Code != 0, answer.ToString());
        Assert.Contains(expected, answer.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gateway", "httproutes", "spec.rules[0].backendRefs[*]['name','weight']", "web-1 web-2 50 50")]
    [InlineData("linkerd", "httproutes", "spec.rules[0].backendRefs[*]['name','weight']", "web-1 web-2 50 50")]
    [InlineData("istio", "virtualservices", "spec.http[0].route[*].weight", "50 50")]
    [InlineData("nginx", "ingresses", "metadata.annotations", "canary-weight\":\"50")]
    public async Task The_clusters_own_routers_are_told_the_shares(
        string routes,
        string kind,
        string path,
        string expected
    )
    {
        cluster.SkipUnlessThere();
        await cluster.KnowRoutesAsync();
        await using var platform = await Voyages.Platform.StartAsync(cluster.Env);
        var manifest = Manifest(routes, "{ strategy: canary, shares: [50%], hold: 20s }")
            .Replace(
                "cluster: { registry",
                $"cluster: {{ routes: {routes},{(routes == "istio" ? " mtls: true," : "")} registry",
                StringComparison.Ordinal
            );
        var folder = platform.App(routes, manifest);
        await SucceedsAsync(platform.DeployAsync(folder));

        var deploying = platform.DeployAsync(folder, "web.env.N=2");
        var seen = "";
        await UntilAsync(async () =>
            (seen = await ShownAsync($"{routes}-production", kind, path)).Contains(expected, StringComparison.Ordinal)
        );
        TestContext.Current.TestOutputHelper!.WriteLine($"{routes}: {seen}");
        if (routes == "istio")
        {
            Assert.Equal(
                "web-1 web-2 STRICT STRICT",
                (
                    await ShownAsync(
                        $"{routes}-production",
                        "peerauthentications",
                        "['metadata.name','spec.mtls.mode']"
                    )
                ).Trim()
            );
            Assert.Equal(
                "web-1 web-2",
                (await ShownAsync($"{routes}-production", "authorizationpolicies", "metadata.name")).Trim()
            );
        }
        await SucceedsAsync(deploying);

        await UntilAsync(async () =>
            !(await ShownAsync($"{routes}-production", kind, path)).Contains(expected, StringComparison.Ordinal)
        );
    }

    private Task<string> ShownAsync(string space, string kind, string path) =>
        cluster.AskAsync("get", kind, "-n", space, "-o", $"jsonpath={{.items[*]{(path[0] == '[' ? "" : ".")}{path}}}");

    private async Task VolumeAsync(string name)
    {
        var folder = cluster.Folder(name);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        await cluster.ApplyAsync(
            $$"""
            apiVersion: v1
            kind: PersistentVolume
            metadata: { name: {{name}} }
            spec:
              capacity: { storage: 20Gi }
              accessModes: [ReadWriteOnce]
              hostPath: { path: {{folder}} }
            """
        );
    }

    private string Storefront(string app, string space, string deploy) =>
        $$"""
            app: {{app}}
            services:
              api:
                kind: api
                path: ./api
                health: /healthz
                replicas: 2
                drain: 5s
                keep: 1s
                env: { DATA_DIR: /data }
                container: { volumes: { orders: /data } }
                deploy: {{deploy}}
              web: { kind: web, path: ./web, uses: [api] }
              worker: { kind: worker, path: ./worker, uses: [api] }
            environments:
              production: { target: kubernetes, cluster: { namespace: {{space}}, registry: "{{cluster.Registry}}" } }
            """;

    /// <summary>Names of the deployments in a namespace.</summary>
    private async Task<string> DeploymentsAsync(string space) =>
        (await cluster.AskAsync("get", "deployments", "-n", space, "-o", "jsonpath={.items[*].metadata.name}")).Trim();

    private static async Task BuyAsync(Voyages.Platform platform, string app)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Public}/") };
        http.DefaultRequestHeaders.Host = $"{app}.localhost";
        var products = JsonNode.Parse(await http.GetStringAsync("/api/products", Stop))!.AsArray();
        var first = products[0]!["id"] ?? products[0]!["name"];
        var basket = $$"""{"key":"scenario-1","lines":[{"product":"{{first}}","quantity":1}]}""";
        using var body = new StringContent(basket, System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/api/orders", body, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var end = DateTime.UtcNow.AddSeconds(120); !await isSo(); )
        {
            Assert.True(DateTime.UtcNow < end, "It never came to be so.");
            await Task.Delay(300, Stop);
        }
    }

    private static async Task SucceedsAsync(Task<Voyages.Platform.Answer> running)
    {
        var answer = await running;
        Assert.True(answer.Code == 0, answer.ToString());
    }

    private string Manifest(string app, string deploy, int replicas = 1) =>
        $$"""
            app: {{app}}
            services:
              web:
                kind: web
                path: .
                replicas: {{replicas}}
                stopGrace: 5s
                drain: 5s
                keep: 1s
                health: { http: /healthz, every: 200ms }
                deploy: {{deploy}}
            environments:
              production: { target: kubernetes, cluster: { registry: "{{cluster.Registry}}" } }
            """;
}

/// <summary>The contract of targets, against a real cluster.</summary>
[Collection(Cluster.Collection)]
public sealed class ClusterTargetTests(Cluster cluster) : TargetContract, IDisposable
{
    private readonly Site site = new($"c{Guid.NewGuid():N}"[..12], "production");
    private readonly DirectoryInfo artifact = Directory.CreateTempSubdirectory("fl-ready-");
    private Kubeconfigs? clusters;
    private ITarget? target;

    protected override ITarget Target => target ??= Open();

    /// <summary>A pod that is taken away while its first container is being made is gone only when that has ended.</summary>
    protected override TimeSpan Patience => TimeSpan.FromMinutes(2);

    public void Dispose()
    {
        clusters?.Dispose();
        artifact.Delete(recursive: true);
    }

    protected override InstanceOrder Order(int slot) =>
        new()
        {
            Key = new(site, new Part("api", 1), slot),
            Artifact = "none",
            Env = new Dictionary<string, string>(),
            Service = new()
            {
                Name = "api",
                Kind = Kind.Worker,
                Path = ".",
                Recipe = new() { Stack = "image" },
                Health = new() { Command = ["/bin/sh", "-c", "true"], Every = TimeSpan.FromSeconds(1) },
                Replicas = 2,
                Drain = TimeSpan.Zero,
                StopGrace = TimeSpan.FromSeconds(1),
                Container = new()
                {
                    Image = "fairlead.test/pause:1",
                    User = "65532",
                    Cluster = new(site.App),
                },
            },
        };

    private ClusterTarget Open()
    {
        cluster.SkipUnlessThere();
        File.WriteAllText(
            Path.Combine(artifact.FullName, ReadyImage.FileName),
            """{"Reference":"fairlead.test/pause:1","Id":"sha256:none"}"""
        );
        var world = new World(TimeProvider.System, new Random());
        clusters = new Kubeconfigs(name => name == "KUBECONFIG" ? cluster.Kubeconfig : null);
        var store = new Tests.Fakes.MemoryStore(world);
        return new(
            new(clusters, new ClusterSites(store, world), new SentImages(Images, null!, FolderTree.Open), world)
        );
    }

    private ImagePorts Images() =>
        new(null!, null!, null!, _ => artifact.FullName, static _ => null, static _ => 0, new("amd64", "linux"))
        {
            Dockerfiles = null!,
            Folders = null!,
        };
}
