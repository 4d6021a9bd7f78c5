using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace Fairlead.Scenarios.Kubernetes;

/// <summary>The chart, rendered by Go's own templates as Helm does it; no Helm is in Debian.</summary>
public sealed class ChartScenarios
{
    private const string Space = "fairlead";

    private const string Head = """
        # Fairlead in the namespace 'fairlead': what the chart beside this says by default. Say your image, then: kubectl apply -f THIS
        # Written by tests/Fairlead.Scenarios/Kubernetes/ChartScenarios.cs (FAIRLEAD_GOLDEN=write); change the chart instead.
        apiVersion: v1
        kind: Namespace
        metadata:
          name: fairlead
          labels: { kubernetes.io/metadata.name: fairlead, pod-security.kubernetes.io/enforce: restricted }

        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static string Folder => Path.GetFullPath(Path.Combine(Here(), "../../../deploy/kubernetes"));

    [Fact]
    public async Task The_plain_manifests_are_what_the_chart_says_by_default()
    {
        var made = Head + await RenderAsync([]);
        var path = Path.Combine(Folder, "fairlead.yaml");
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            await File.WriteAllTextAsync(path, made, Stop);
        }
        Assert.Equal(await File.ReadAllTextAsync(path, Stop), made);
    }

    [Fact]
    public async Task An_API_server_takes_the_chart_with_everything_said()
    {
        var made = await RenderAsync(
            new JsonObject
            {
                ["namespaces"] = new JsonArray("shop-production", "shop-staging"),
                ["clusterWide"] = true,
                ["networkPolicy"] = true,
                ["rules"] = new JsonArray(
                    new JsonObject
                    {
                        ["apiGroups"] = new JsonArray("gateway.networking.k8s.io"),
                        ["resources"] = new JsonArray("httproutes"),
                        ["verbs"] = new JsonArray("get", "list"),
                    }
                ),
                ["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = "registry" }),
                ["service"] = new JsonObject
                {
                    ["type"] = "LoadBalancer",
                    ["annotations"] = new JsonObject { ["example.com/a"] = "b: \"c\"" },
                },
                ["storage"] = new JsonObject { ["size"] = "5Gi", ["className"] = "fast" },
                ["secrets"] = new JsonArray("registry-login"),
                ["env"] = new JsonObject { ["FAIRLEAD_LOG"] = "debug", ["NUMBER"] = "1" },
                ["volumes"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "shop",
                        ["configMap"] = new JsonObject { ["name"] = "shop" },
                    }
                ),
                ["mounts"] = new JsonArray(new JsonObject { ["name"] = "shop", ["mountPath"] = "/apps/shop" }),
                ["nodeSelector"] = new JsonObject { ["disk"] = "ssd" },
                ["tolerations"] = new JsonArray(new JsonObject { ["operator"] = "Exists" }),
            }
        );
        await using var server = await ControlPlane.StartAsync(Stop);
        foreach (var name in new[] { Space, "shop-production", "shop-staging" })
        {
            Assert.Equal(0, (await server.AskAsync(Stop, "create", "namespace", name)).Code);
        }
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, made, Stop);
            var (code, said) = await server.AskAsync(Stop, "apply", "--dry-run=server", "--filename", file);

            TestContext.Current.TestOutputHelper!.WriteLine(said);
            Assert.True(code == 0, said);
            Assert.Equal(12, said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <param name="over">Values that are said, over the chart's own.</param>
    private static async Task<string> RenderAsync(JsonObject over)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/go"), "Needs /usr/bin/go, for its templates.");
        var chart = Path.Combine(Folder, "chart");
        var yaml = await File.ReadAllTextAsync(Path.Combine(chart, "values.yaml"), Stop);
        var values = new DeserializerBuilder()
            .WithAttemptingUnquotedStringTypeDeserialization()
            .Build()
            .Deserialize<Dictionary<string, object?>>(yaml);
        var all = JsonSerializer.SerializeToNode(values)!.AsObject();
        foreach (var (name, value) in over)
        {
            Assert.True(all.ContainsKey(name), $"The chart knows no {name}.");
            all[name] = value?.DeepClone();
        }
        var start = new ProcessStartInfo("/usr/bin/go", ["run", Path.Combine(Here(), "Chart/render.go"), chart, Space])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GO111MODULE"] = "off";
        start.Environment["GOFLAGS"] = "";
        using var go = Process.Start(start)!;
        var (made, said) = (go.StandardOutput.ReadToEndAsync(Stop), go.StandardError.ReadToEndAsync(Stop));
        await go.StandardInput.WriteAsync(all.ToJsonString());
        go.StandardInput.Close();
        await go.WaitForExitAsync(Stop);
        Assert.True(go.ExitCode == 0, await said);
        return await made;
    }
}
