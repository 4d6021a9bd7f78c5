using System.Diagnostics;

namespace Fairlead.Scenarios.Kubernetes;

/// <summary>What is exported is judged by a real API server.</summary>
public sealed class ExportScenarios
{
    private const string Manifest = """
        app: shop
        services:
          api:
            kind: api
            run: ./start.sh
            health: { http: /healthz }
            replicas: 3
            uses: [store]
            limits: { cpu: 0.5, memory: 256MiB }
            env: { GREETING: "{{ hello }} $(HOME)", ANSWER: "42", WORD: "yes" }
            secrets: [DATABASE_URL, { TLS_KEY: { file: true } }]
          store:
            kind: worker
            port: 6379
            health: { tcp: true }
            container: { image: "redis:7", volumes: { data: /data }, user: "999:1000" }
          web: { kind: web, run: ./start.sh, health: { command: ./check.sh } }
        environments:
          production: { target: docker, hosts: [shop.example.com], tls: auto }
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("manifests")]
    [InlineData("kustomize")]
    public async Task An_API_server_takes_what_is_written(string shape)
    {
        await using var cluster = await ControlPlane.StartAsync(Stop);
        var folder = Directory.CreateTempSubdirectory("fairlead-export-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "fairlead.yaml"), Manifest, Stop);
            var to = Path.Combine(folder.FullName, "out");
            await ExportAsync(folder.FullName, "--as", shape, "--to", to);
            Assert.Equal(0, (await cluster.AskAsync(Stop, "create", "namespace", "shop-production")).Code);

            var (code, said) = await cluster.AskAsync(
                Stop,
                "apply",
                "--dry-run=server",
                shape == "kustomize" ? "--kustomize" : "--filename",
                to
            );

            Assert.True(code == 0, said);
            TestContext.Current.TestOutputHelper!.WriteLine(said);
            Assert.Contains("statefulset.apps/store created", said, StringComparison.Ordinal);
            Assert.Contains("deployment.apps/api created", said, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task ExportAsync(string folder, params string[] words)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "fairlead.dll"),
                "export",
                "kubernetes",
                folder,
                "--image",
                "api=registry.example.com/api:1",
                "--image",
                "web=registry.example.com/web:1",
                "--for",
                "1.20",
                .. words,
            ]
        )
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.True(process.ExitCode == 0, errors);
    }
}
