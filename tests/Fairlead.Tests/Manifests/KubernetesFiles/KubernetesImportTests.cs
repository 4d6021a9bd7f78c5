using Fairlead.Engine.Exporting;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Manifests.KubernetesFiles.Importing;
using Fairlead.Model.Ports;
using Fairlead.Tests.Fakes;
using Written = Fairlead.Engine.Exporting.KubernetesFiles;

namespace Fairlead.Tests.Manifests.KubernetesFiles;

/// <summary>
/// Objects in the manner of well-known projects, with the manifest that each folder becomes and all that is said of it. To take new
/// answers, run once with FAIRLEAD_GOLDEN=write and read the difference.
/// </summary>
public sealed class KubernetesImportTests
{
    /// <summary>Values of secrets in the samples, as they stand there and in base64.</summary>
    private static readonly string[] Secrets =
    [
        "hunter2",
        "aHVudGVyMg",
        "tiger",
        "dGlnZXI",
        "s3cr3t",
        "czNjcjN0",
        "sk_live_",
    ];

    public static TheoryData<string> Names => [.. KubernetesSample.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Objects_become_a_manifest_and_nothing_is_lost_in_silence(string name)
    {
        var path = Path.Combine(KubernetesSample.Folder, $"{name}.txt");
        var input = KubernetesSample.Input(name);
        var answer = KubernetesSample.Answer(input);
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, input + KubernetesSample.Line + answer);
            return;
        }
        Assert.Equal(File.ReadAllText(path).Split(KubernetesSample.Line).ElementAtOrDefault(1), answer);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_value_of_a_secret_is_ever_written(string name)
    {
        var answer = KubernetesSample.Answer(KubernetesSample.Input(name));
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, answer, StringComparison.Ordinal));
    }

    /// <summary>These cannot be read, and say why.</summary>
    private static readonly string[] Refused = ["broken", "chart"];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_was_made_is_a_whole_manifest(string name)
    {
        if (!Refused.Contains(name))
        {
            Assert.DoesNotContain(
                "kubernetes.manifest",
                KubernetesSample.Import(KubernetesSample.Input(name)).Findings.Select(static one => one.Code)
            );
        }
    }

    [Fact]
    public void There_are_at_least_six_whole_projects() =>
        Assert.True(KubernetesSample.Names.Except(Refused).Count() >= 6);

    /// <summary>What both have words for.</summary>
    private const string Ours = """
        app: shop
        services:
          api:
            kind: api
            port: 8000
            health: { http: /healthz, every: 2s, startGrace: 90s }
            routes: [/api]
            replicas: 3
            uses: [store]
            limits: { cpu: 0.5, memory: 256MiB }
            env: { GREETING: "{{ hello }} $(HOME)", EMPTY: "", ANSWER: "42" }
            secrets: [DATABASE_URL, { TLS_KEY: { file: true } }]
            deploy: { strategy: canary, shares: [10%, 50%], hold: 2m }
            container: { image: "ghcr.io/acme/api:1.4.2", user: "1000:1000" }
          store:
            kind: worker
            run: [redis-server, --appendonly, "yes"]
            port: 6379
            health: { tcp: true }
            container: { image: "redis:7", volumes: { data: /data }, user: "999:1000", writable: true }
          web:
            kind: web
            port: 3000
            health: { command: [/check, --all] }
            uses: [api]
            replicas: { min: 2, max: 8, cpu: 70%, stabilization: 2m }
            limits: { cpu: 1, memory: 128MiB }
            deploy: blue-green
            container: { image: "ghcr.io/acme/web:1.4.2", user: "1000:1000", capabilities: [NET_BIND_SERVICE] }
        environments:
          production: { target: kubernetes, cluster: { namespace: shop-live }, hosts: [shop.example.com], tls: auto }
        """;

    [Theory]
    [InlineData(KubernetesRoutes.Ingress)]
    [InlineData(KubernetesRoutes.Gateway)]
    public void What_is_exported_comes_back_as_it_was(KubernetesRoutes routes)
    {
        var app = Load(Ours);
        var settings = new KubernetesSettings("shop-live", new Dictionary<string, string>())
        {
            Routes = routes,
            HasRollouts = true,
            Minor = 30,
        };
        var (files, _) = Written.Write(app, KubernetesShape.Manifests, settings);
        var tree = new MemoryTree(files.ToDictionary(static one => one.Path, static one => one.Text), "/srv/shop");

        var answer = KubernetesImport.Run(tree, ".", null);

        var again = Load(answer.Manifest);
        Assert.Equal(Said(app, routes), Said(again, routes));
    }

    private static LoadedApp Load(string manifest) =>
        new ManifestLoader(
            Detection.DetectService,
            Detection.DetectApp,
            static _ => new TargetAbilities(FixedPortsOverlap: true, ServesStaticFiles: false)
        ).Load(new MemoryTree(new Dictionary<string, string> { ["fairlead.yaml"] = manifest }, "/srv/shop"));

    private static string Said(LoadedApp app, KubernetesRoutes routes) =>
        string.Join(
            '\n',
            [
                $"{app.App} {string.Join(' ', app.Hosts)} tls {(routes == KubernetesRoutes.Ingress ? app.Tls?.Mode : null)}",
                .. app.Services.OrderBy(static one => one.Service.Name, StringComparer.Ordinal).Select(Said),
            ]
        );

    private static string Said(LoadedService loaded)
    {
        var service = loaded.Service;
        var health = service.Health;
        return string.Join(
            "\n  ",
            $"{service.Name} {service.Kind} {service.Container!.Image} run {string.Join(' ', service.Recipe.Run)}",
            $"port {service.Port} routes {string.Join(' ', service.Routes)} uses {string.Join(' ', service.Uses)}",
            $"health {health.Http} {health.Tcp} {string.Join(' ', health.Command)} every {health.Every} start {health.StartGrace}",
            $"replicas {service.Replicas} {service.ReplicasMax} {service.Scale?.Cpu} {service.Scale?.Stabilization} limits {service.Limits}",
            $"env {string.Join(' ', service.Env.OrderBy(static one => one.Key).Select(static one => $"{one.Key}={one.Value}"))}",
            $"secrets {string.Join(' ', (service.Secrets ?? []).Select(static one => $"{one.Told}<{one.Secret} {one.IsFile}"))}",
            $"user {service.Container.User} writable {service.Container.IsWritable} keeps {string.Join(' ', service.Container.Capabilities ?? [])}",
            $"volumes {string.Join(' ', (service.Container.Volumes ?? new Dictionary<string, string>()).Select(static one => $"{one.Key}:{one.Value}"))}",
            $"strategy {loaded.StrategyKind} {(loaded.StrategyKind == "canary" ? loaded.Strategy : null)}"
        );
    }
}
