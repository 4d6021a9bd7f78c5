using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Scenarios.Collecting;

namespace Fairlead.Scenarios.Images;

using Platform = Fairlead.Scenarios.Voyages.Platform;

/// <summary>A release becomes an image without a Dockerfile, goes to a registry, and what comes back from there runs as nobody.</summary>
public sealed class ImageScenarios
{
    // Enters the image's files as their only root, becomes its user and starts its command there, as a container would.
    private const string Enter = """
        import json, os, sys
        root, start = sys.argv[1], json.loads(sys.argv[2])
        os.chroot(root)
        os.chdir(start["folder"])
        os.setgroups([])
        os.setgid(start["user"])
        os.setuid(start["user"])
        env = dict(pair.split("=", 1) for pair in start["env"])
        for word in start["entrypoint"][:1]:
            if "/" not in word:
                word = next(p for p in (f"{d}/{word}" for d in env["PATH"].split(":")) if os.path.exists(p))
            os.execve(word, start["entrypoint"], env)
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("python-hello", "kind: web")]
    [InlineData("node-hello", "kind: web")]
    public async Task A_release_becomes_an_image_that_runs_as_nobody_from_what_a_registry_gives_back(
        string sample,
        string rest
    )
    {
        var skopeo = RealPeer.Find("skopeo", "skopeo");
        await using var registry = await RealRegistry.StartAsync();
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("shop", $"app: shop\nservices:\n  web: {{ {rest}, path: . }}\n", sample);
        var deployed = await platform.DeployAsync(folder);
        Assert.True(deployed.Code == 0, deployed.ToString());

        var built = (await platform.AskAsync("image", "build", "shop", "--repository", registry.Host, "--push"))[
            "images"
        ]![0]!;
        var name = (string)built["image"]!;
        Assert.StartsWith($"{registry.Host}/shop/web:1@sha256:", name, StringComparison.Ordinal);
        Assert.Contains(
            "runtime of this machine",
            built["layers"]!.AsArray().Select(static one => (string?)one!["title"])
        );
        // The same again gives the same bytes, and nothing is sent.
        var again = (await platform.AskAsync("image", "build", "shop", "--repository", registry.Host, "--push"))[
            "images"
        ]![0]!;
        Assert.Equal(name, (string?)again["image"]);
        Assert.StartsWith("0 B ", (string?)again["pushed"], StringComparison.Ordinal);

        var config = JsonNode.Parse(
            await RegistryScenarios.RunAsync(
                skopeo,
                "inspect",
                "--config",
                "--tls-verify=false",
                $"docker://{registry.Host}/shop/web:1"
            )
        )!["config"]!;
        Assert.Equal(("65532:65532", "/app"), ((string?)config["User"], (string?)config["WorkingDir"]));
        Assert.Equal("shop/web", (string?)config["Labels"]!["org.opencontainers.image.title"]);
        var attached = (await platform.AskAsync("image", "inspect", name, "--remote"))["attached"]!.AsArray();
        Assert.Equal(
            ["application/vnd.cyclonedx+json", "application/vnd.dsse.envelope.v1+json"],
            attached.Select(static one => (string?)one!["type"]).Order(StringComparer.Ordinal)
        );

        // A release that runs keeps its image, whoever asks to remove it.
        var pruned = await platform.AskAsync(
            "image",
            "prune",
            "--releases",
            "0",
            "--image",
            name.Split('@')[0],
            "--yes"
        );
        Assert.Empty(pruned["removed"]!.AsArray());

        await RunsAsync(skopeo, $"{registry.Host}/shop/web:1", config);
    }

    private static async Task RunsAsync(string skopeo, string name, JsonNode config)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root may enter another root folder");
        var python = "/usr/bin/python3";
        var ground = RealPeer.NewFolder();
        try
        {
            var (copy, root) = (Path.Combine(ground, "copy"), Path.Combine(ground, "root"));
            await RegistryScenarios.RunAsync(
                skopeo,
                "copy",
                "--src-tls-verify=false",
                $"docker://{name}",
                $"dir:{copy}"
            );
            Directory.CreateDirectory(root);
            var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(copy, "manifest.json"), Stop))!;
            foreach (var layer in manifest["layers"]!.AsArray())
            {
                await RegistryScenarios.RunAsync(
                    "tar",
                    "-xzf",
                    Path.Combine(copy, ((string)layer!["digest"]!)[7..]),
                    "-C",
                    root
                );
            }
            var port = RealPeer.FreePort();
            var start = new JsonObject
            {
                ["folder"] = (string)config["WorkingDir"]!,
                ["user"] = 65532,
                ["env"] = new JsonArray([
                    .. config["Env"]!
                        .AsArray()
                        .Select(static one => (string)one!)
                        .Where(static one => !one.StartsWith("PORT=", StringComparison.Ordinal))
                        .Append($"PORT={port}"),
                ]),
                ["entrypoint"] = config["Entrypoint"]!.DeepClone(),
            };
            await using var program = await RealPeer.StartAsync(
                (python, ["-c", Enter, root, start.ToJsonString()]),
                ground,
                () => RealPeer.ListensAsync(port)
            );
            using var http = new HttpClient();
            using var answer = await http.GetAsync($"http://127.0.0.1:{port}/", Stop);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        finally
        {
            if (Directory.Exists(ground))
            {
                Directory.Delete(ground, recursive: true);
            }
        }
    }
}
