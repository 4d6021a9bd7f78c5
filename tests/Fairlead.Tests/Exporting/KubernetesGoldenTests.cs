using System.Runtime.CompilerServices;
using Fairlead.Engine.Exporting;
using Fairlead.Model.Problems;
using Fairlead.Tests.Manifests;
using YamlDotNet.RepresentationModel;

namespace Fairlead.Tests.Exporting;

public sealed class KubernetesGoldenTests
{
    /// <summary>A shop with everything that an export has a word for.</summary>
    private const string Manifest = """
        app: shop
        services:
          api:
            kind: api
            run: ./start.sh
            health: { http: /healthz, every: 2s, startGrace: 90s }
            replicas: 3
            uses: [store]
            limits: { cpu: 0.5, memory: 256MiB }
            env: { GREETING: "{{ hello }} $(HOME)", EMPTY: "" }
            secrets: [DATABASE_URL, { TLS_KEY: { file: true } }]
            deploy: { strategy: canary, shares: [10%, 50%], hold: 2m }
          store:
            kind: worker
            port: 6379
            health: { tcp: true }
            container: { image: "redis:7", volumes: { data: /data }, user: "999:1000" }
          web:
            kind: web
            run: ./start.sh
            health: { command: ./check.sh }
            replicas: { min: 2, max: 8, cpu: 70%, stabilization: 2m, cooldown: 30s }
            deploy: blue-green
        environments:
          production: { target: docker, hosts: [shop.example.com], tls: auto }
        """;

    [Theory]
    [InlineData(KubernetesShape.Manifests, KubernetesRoutes.Ingress, false, 30, "manifests.txt")]
    [InlineData(KubernetesShape.Manifests, KubernetesRoutes.Gateway, true, 30, "rollouts.txt")]
    [InlineData(KubernetesShape.Kustomize, KubernetesRoutes.None, false, 20, "kustomize.txt")]
    [InlineData(KubernetesShape.Helm, KubernetesRoutes.Ingress, false, 30, "helm.txt")]
    [InlineData(KubernetesShape.Manifests, KubernetesRoutes.None, true, 30, "argocd.txt")]
    [InlineData(KubernetesShape.Helm, KubernetesRoutes.None, true, 30, "argocd-helm.txt")]
    public void An_app_is_written_as_files(
        KubernetesShape shape,
        KubernetesRoutes routes,
        bool hasRollouts,
        int minor,
        string golden
    )
    {
        var (files, warnings) = KubernetesFiles.Write(
            Shop.Load(Manifest),
            shape,
            Settings with
            {
                Routes = routes,
                HasRollouts = hasRollouts,
                Minor = minor,
                Argo = golden.StartsWith("argocd", StringComparison.Ordinal)
                    ? ArgoSource.Of("git@github.com:acme/deploys", "shop/production/", "main")
                    : null,
            }
        );
        var actual =
            string.Concat(files.Select(file => $"=== {file.Path}\n{file.Text}"))
            + "=== warnings\n"
            + string.Join('\n', warnings)
            + "\n";
        var path = Path.Combine(Here(), "Golden", golden);
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, actual);
        }
        Assert.Equal(File.ReadAllText(path), actual);
    }

    [Theory]
    [InlineData("deploys", "shop", "main")]
    [InlineData("https://github.com/acme/deploys", "../shop", "main")]
    [InlineData("https://github.com/acme/deploys", "/shop", "main")]
    [InlineData("https://github.com/acme/deploys", "shop", "")]
    [InlineData("https://github.com/acme/deploys", "shop", "a branch")]
    [InlineData("file:///etc", "shop", "main")]
    public void From_where_Argo_CD_could_take_nothing_is_refused(string repository, string path, string revision) =>
        Assert.Equal(
            "export.wrong-source",
            Assert.Throws<ProblemException>(() => ArgoSource.Of(repository, path, revision)).Problem.Code
        );

    [Fact]
    public void Whatever_a_value_holds_is_read_back_as_it_is()
    {
        foreach (
            var value in (string[])["yes", "1e3", "a: b", "# no", "- x", "\"q\"", "line\nbreak", "{{ .Values }}", "ünï"]
        )
        {
            var app = Shop.Load(Manifest);
            var services = app.Services.Select(one =>
                one with
                {
                    Service = one.Service with { Env = new Dictionary<string, string> { ["VALUE"] = value } },
                }
            );
            var (files, _) = KubernetesFiles.Write(
                app with
                {
                    Services = [.. services],
                },
                KubernetesShape.Manifests,
                Settings
            );
            var yaml = new YamlStream();
            yaml.Load(new StringReader(files.Single(file => file.Path == "api.yaml").Text));
            var scalars = yaml.Documents.SelectMany(one => one.AllNodes).OfType<YamlScalarNode>();
            Assert.Contains(value, scalars.Select(one => one.Value));
        }
    }

    [Theory]
    [InlineData("1.30", 30)]
    [InlineData("1.20.2", 20)]
    public void A_version_is_read(string version, int minor) =>
        Assert.Equal(minor, KubernetesSettings.MinorOf(version));

    [Theory]
    [InlineData("2.0")]
    [InlineData("1.18")]
    [InlineData("latest")]
    [InlineData("")]
    public void A_version_that_is_none_is_refused(string version) =>
        Assert.Equal(
            "export.wrong-version",
            Assert.Throws<ProblemException>(() => KubernetesSettings.MinorOf(version)).Problem.Code
        );

    private static KubernetesSettings Settings { get; } =
        new(
            "shop-production",
            new Dictionary<string, string>
            {
                ["api"] = "registry.example.com/shop/api@sha256:" + new string('a', 64),
                ["web"] = "registry.example.com/shop/web:1",
            }
        );

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
