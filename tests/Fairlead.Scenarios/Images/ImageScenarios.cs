using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Model.Images;
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
    [InlineData("storefront/api", "kind: api, health: /healthz")]
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

    [Fact]
    public async Task An_image_stands_on_a_base_that_is_pinned_and_whose_layers_are_not_sent_again()
    {
        await using var registry = await RealRegistry.StartAsync();
        await using var platform = await Platform.StartAsync();
        using var ground = new ImageGround();
        var (own, foreign) = (await ground.ImageAsync(500_000), await ground.ImageAsync(1000, "arm64"));
        var index = await ground.Store.PutAsync(
            MediaTypes.Index,
            ImageJson.Write(new Manifest.Index(MediaTypes.Index, [foreign, own])),
            Stop
        );
        await ground.Registry.PushAsync(index, ImageReference.Parse($"{registry.Host}/base:1"), Stop);
        var folder = platform.App("shop", "app: shop\nservices:\n  web: { kind: web, path: . }\n");
        Assert.Equal(0, (await platform.DeployAsync(folder)).Code);

        string[] build = ["image", "build", "shop", "--base", $"{registry.Host}/base:1", "--repository", registry.Host];
        var amd = (await platform.AskAsync([.. build, "--platform", "linux/amd64", "--push"]))["images"]![0]!;
        Assert.Contains("1 mounted from another repository", (string?)amd["pushed"], StringComparison.Ordinal);
        Assert.Equal($"{registry.Host}/base:1@{index.Digest}", (string?)amd["base"]);
        var seen = (await platform.AskAsync("image", "inspect", (string)amd["image"]!))["images"]![0]!;
        Assert.Equal($"{index.Digest}", (string?)seen["labels"]!["org.opencontainers.image.base.digest"]);
        Assert.Equal(("65532:65532", "linux/amd64"), ((string?)seen["user"], (string?)seen["platform"]));

        // The same release for another machine: one name for both.
        var both = (await platform.AskAsync([.. build, "--platform", "linux/arm64", "--push"]))["images"]![0]!;
        var images = (await platform.AskAsync("image", "inspect", (string)both["image"]!))["images"]!.AsArray();
        Assert.Equal(["linux/amd64", "linux/arm64"], images.Select(static one => (string?)one!["platform"]));
        Assert.Equal(((string)amd["image"]!).Split('@')[1], (string?)images[0]!["digest"]);
        var pulled = await ground.Registry.PullAsync(
            ImageReference.Parse($"{registry.Host}/shop/web:1"),
            new("arm64", "linux"),
            Stop
        );
        Assert.Equal((string?)images[1]!["digest"], $"{pulled.Image.Digest}");
    }

    private static async Task RunsAsync(string skopeo, string name, JsonNode config)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root may enter another root folder");
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
            await using var program = await StartAsync((ground, root), config, port);
            Assert.True(await IsWellAsync(port));
        }
        finally
        {
            if (Directory.Exists(ground))
            {
                Directory.Delete(ground, recursive: true);
            }
        }
    }

    private static async Task<bool> IsWellAsync(int port)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync($"http://127.0.0.1:{port}/healthz", Stop);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    private static Task<RealPeer> StartAsync((string Ground, string Root) place, JsonNode config, int port)
    {
        var env = config["Env"]!
            .AsArray()
            .Select(static one => (string)one!)
            .Where(static one => !one.StartsWith("PORT=", StringComparison.Ordinal));
        var start = new JsonObject
        {
            ["folder"] = (string)config["WorkingDir"]!,
            ["user"] = 65532,
            ["env"] = new JsonArray([.. env.Append($"PORT={port}")]),
            ["entrypoint"] = config["Entrypoint"]!.DeepClone(),
        };
        // .NET asks /proc for what it may use and /dev for chance, as it may in a container.
        const string mounted =
            "mkdir -p \"$3/proc\" \"$3/dev\" && mount --bind /proc \"$3/proc\" && mount --bind /dev \"$3/dev\" && exec \"$0\" -c \"$2\" \"$3\" \"$4\"";
        string[] words = ["-m", "sh", "-c", mounted, "/usr/bin/python3", "-", Enter, place.Root, start.ToJsonString()];
        return RealPeer.StartAsync(("unshare", words), place.Ground, () => IsWellAsync(port));
    }
}
