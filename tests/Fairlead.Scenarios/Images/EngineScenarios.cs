using Fairlead.Scenarios.Containers;

namespace Fairlead.Scenarios.Images;

using Platform = Fairlead.Scenarios.Voyages.Platform;

/// <summary>A real Docker engine: it runs what we made, and builds Dockerfiles for us.</summary>
[Collection(DockerEngine.Collection)]
public sealed class EngineScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_engine_loads_and_runs_the_image_of_a_release()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        await using var platform = await Platform.StartAsync(engine.Env);
        var folder = platform.App("shop", "app: shop\nservices:\n  web: { kind: web, path: . }\n");
        Assert.Equal(0, (await platform.DeployAsync(folder)).Code);
        await platform.AskAsync("image", "build", "shop");

        var store = new Fairlead.Drivers.Images.ImageLayout(
            Path.Combine(platform.State, "images"),
            new(TimeProvider.System, Random.Shared)
        );
        var image = Assert.Single(await store.ListAsync(Stop));
        var archive = Path.Combine(platform.State, "shop.tar");
        await using (var file = File.Create(archive))
        {
            await store.ExportAsync(image, file, Stop);
        }
        Assert.Contains(
            "localhost/shop/web:1",
            await engine.AskAsync(Stop, "load", "--input", archive),
            StringComparison.Ordinal
        );
        // Read-only, without rights, as the image's user: nothing in it needs more to start.
        var said = await engine.AskAsync(
            Stop,
            "run",
            "--rm",
            "--read-only",
            "--cap-drop=ALL",
            "--network=none",
            "--entrypoint=python3",
            "localhost/shop/web:1",
            "-c",
            "import os, ssl, sqlite3, json; print(os.getuid(), os.getcwd(), os.path.exists('app.py'), os.access('app.py', os.W_OK))"
        );
        Assert.Equal("65532 /app True False", said.Trim());
    }

    [Fact]
    public async Task A_dockerfile_is_built_kept_and_sent_and_one_that_fails_says_why()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        await using var registry = await RealRegistry.StartAsync();
        await using var platform = await Platform.StartAsync(engine.Env);
        var folder = Directory.CreateTempSubdirectory("fairlead-dockerfile-").FullName;
        try
        {
            await WriteAsync(folder);
            var name1 = $"{registry.Host}/shop/file:1";
            var built = await platform.AskAsync(
                "image",
                "dockerfile",
                folder,
                "--name",
                name1,
                "--argument",
                "WORD=hello"
            );
            Assert.Empty(built["notes"]!.AsArray());
            var seen = (await platform.AskAsync("image", "inspect", name1))["images"]![0]!;
            Assert.Equal(("1000", "hello"), ((string?)seen["user"], (string?)seen["labels"]!["word"]));
            await platform.AskAsync("image", "push", name1);

            var root = Path.Combine(folder, "..", Path.GetFileName(folder) + "-root");
            Directory.CreateDirectory(root);
            await platform.AskAsync("image", "unpack", name1, "--folder", root);
            Assert.Equal(
                [".dockerignore", "good.key", "run"],
                Directory.EnumerateFiles(Path.Combine(root, "app")).Select(Path.GetFileName).Order()
            );
            Directory.Delete(root, recursive: true);

            // The same again comes out of the engine's cache as the same image.
            Assert.Equal(
                (string?)built["image"],
                (string?)
                    (
                        await platform.AskAsync(
                            "image",
                            "dockerfile",
                            folder,
                            "--name",
                            name1,
                            "--argument",
                            "WORD=hello"
                        )
                    )["image"]
            );

            await File.WriteAllTextAsync(Path.Combine(folder, "Dockerfile"), "FROM scratch\nCOPY missing /\n", Stop);
            var failed = await platform.RunAsync("image", "dockerfile", folder, "--name", name1);
            Assert.Equal(1, failed.Code);
            Assert.Contains("image.build-failed", failed.Messages, StringComparison.Ordinal);
            Assert.Contains("missing", failed.Messages, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task WriteAsync(string folder)
    {
        const string dockerfile =
            "FROM scratch\nARG WORD\nLABEL word=$WORD\nCOPY . /app/\nUSER 1000\nCMD [\"/app/run\"]\n";
        await File.WriteAllTextAsync(Path.Combine(folder, "Dockerfile"), dockerfile, Stop);
        await File.WriteAllTextAsync(Path.Combine(folder, ".dockerignore"), "*.key\n!good.key\nDockerfile\n", Stop);
        foreach (var name in new[] { "run", "bad.key", "good.key" })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), name, Stop);
        }
    }
}
