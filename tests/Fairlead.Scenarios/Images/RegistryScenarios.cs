using System.Diagnostics;
using System.Text.Json.Nodes;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Scenarios.Collecting;

namespace Fairlead.Scenarios.Images;

using Platform = Fairlead.Model.Images.Platform;

/// <summary>Docker's own registry and skopeo: what we send they read, what they keep we read, and a broken line loses nothing.</summary>
public sealed class RegistryScenarios : IDisposable
{
    private static readonly Platform Amd64 = new("amd64", "linux");
    private readonly ImageGround ground = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => ground.Dispose();

    [Fact]
    public async Task What_is_pushed_skopeo_reads_and_a_pull_brings_the_same()
    {
        var skopeo = RealPeer.Find("skopeo", "skopeo");
        await using var registry = await RealRegistry.StartAsync();
        var name = ImageReference.Parse($"{registry.Host}/shop/api:1");
        var image = await ground.ImageAsync(3 << 20);

        var pushed = await ground.Registry.PushAsync(image, name, Stop);
        Assert.Equal((2, 0, 0), (pushed.Sent, pushed.Mounted, pushed.Known));
        var seen = JsonNode.Parse(await RunAsync(skopeo, "inspect", "--tls-verify=false", $"docker://{name}"))!;
        Assert.Equal((image.Digest.ToString(), "amd64"), ((string?)seen["Digest"], (string?)seen["Architecture"]));
        Assert.Equal(image.Digest, (await ground.Registry.ResolveAsync(name, Stop)).Digest);

        using var other = new ImageGround();
        var pulled = await other.Registry.PullAsync(name, Amd64, Stop);
        Assert.Equal((name.At(image.Digest), image.Digest), (pulled.Pinned, pulled.Image.Digest));
        Assert.True(pulled.Bytes > 3 << 20);
        // Nothing comes twice.
        Assert.True((await other.Registry.PullAsync(name, Amd64, Stop)).Bytes < 10_000);
        Assert.Equal((0, 0, 2), Counts(await ground.Registry.PushAsync(image, name, Stop)));

        // The layout itself is read by others, too.
        var copy = Path.Combine(other.Folder, "copy");
        await RunAsync(skopeo, "copy", $"oci:{other.Store.Folder}:{name}", $"dir:{copy}");
        Assert.Equal(
            await ground.Store.ReadAsync(image.Digest, Stop),
            await File.ReadAllBytesAsync(Path.Combine(copy, "manifest.json"), Stop)
        );
    }

    [Fact]
    public async Task What_skopeo_pushed_is_pulled_with_dockers_own_manifests()
    {
        var skopeo = RealPeer.Find("skopeo", "skopeo");
        await using var registry = await RealRegistry.StartAsync();
        var name = ImageReference.Parse($"{registry.Host}/theirs:2");
        var image = await ground.ImageAsync(10_000);
        await ground.Store.NameAsync(name, image, Stop);
        await RunAsync(
            skopeo,
            "copy",
            "--dest-tls-verify=false",
            "--format",
            "v2s2",
            $"oci:{ground.Store.Folder}:{name}",
            $"docker://{name}"
        );

        using var other = new ImageGround();
        var pulled = await other.Registry.PullAsync(name, Amd64, Stop);
        Assert.Equal(MediaTypes.DockerManifest, pulled.Image.MediaType);
        Assert.Equal([name], (await other.Store.ListAsync(Stop)).Select(static one => one.Name));
    }

    [Fact]
    public async Task An_index_gives_each_platform_its_image()
    {
        await using var registry = await RealRegistry.StartAsync();
        var name = ImageReference.Parse($"{registry.Host}/many:1");
        var (amd, arm) = (await ground.ImageAsync(1000), await ground.ImageAsync(2000, "arm64"));
        var index = await ground.Store.PutAsync(
            MediaTypes.Index,
            ImageJson.Write(new Manifest.Index(MediaTypes.Index, [amd, arm])),
            Stop
        );
        await ground.Registry.PushAsync(index, name, Stop);

        using var other = new ImageGround();
        var pulled = await other.Registry.PullAsync(name, new("arm64", "linux"), Stop);
        Assert.Equal((arm.Digest, index.Digest), (pulled.Image.Digest, pulled.Pinned.Digest));
        var problem = (
            await Assert.ThrowsAsync<ProblemException>(() =>
                other.Registry.PullAsync(name, new("s390x", "linux"), Stop)
            )
        ).Problem;
        Assert.Equal(
            ("registry.no-platform", "It is there for linux/amd64, linux/arm64."),
            (problem.Code, problem.Why)
        );
        Assert.Equal(index.Digest, (await other.Registry.PullAsync(name, null, Stop)).Image.Digest);
        Assert.True(other.Store.Has(amd.Digest));
    }

    [Fact]
    public async Task Layers_are_mounted_from_another_repository_and_not_sent()
    {
        await using var registry = await RealRegistry.StartAsync();
        var (one, two, three) = (Named(registry, "base:1"), Named(registry, "shop:1"), Named(registry, "live/shop:1"));
        var image = await ground.ImageAsync(100_000);
        await ground.Registry.PushAsync(image, one, Stop);
        await ground.Store.NameAsync(one, image, Stop);
        Assert.Equal((0, 2, 0), Counts(await ground.Registry.PushAsync(image, two, Stop)));
        Assert.Equal(image.Digest, (await ground.Registry.MountAsync(two, three, Stop)).Digest);
        Assert.Equal(image.Digest, (await ground.Registry.ResolveAsync(three, Stop)).Digest);
    }

    [Fact]
    public async Task Tags_are_listed_and_an_image_is_deleted_with_all_of_them()
    {
        await using var registry = await RealRegistry.StartAsync();
        var image = await ground.ImageAsync(1000);
        await ground.Registry.PushAsync(image, Named(registry, "shop:1"), Stop);
        await ground.Registry.PushAsync(image, Named(registry, "shop:2"), Stop);
        Assert.Equal(["1", "2"], (await ground.Registry.TagsAsync(Named(registry, "shop"), Stop)).Order());
        await ground.Registry.DeleteAsync(Named(registry, "shop:1"), Stop);
        await ground.Registry.DeleteAsync(Named(registry, "shop").At(image.Digest), Stop);
        Assert.Equal(
            "registry.not-found",
            (
                await Assert.ThrowsAsync<ProblemException>(() =>
                    ground.Registry.ResolveAsync(Named(registry, "shop:2"), Stop)
                )
            )
                .Problem
                .Code
        );
    }

    [Fact]
    public async Task Papers_go_with_an_image_to_a_registry_that_knows_of_none()
    {
        await using var registry = await RealRegistry.StartAsync();
        var name = Named(registry, "shop:1");
        var image = await ground.ImageAsync(1000);
        var sbom = await ground.PaperAsync(image, "application/vnd.cyclonedx+json", "{}");
        var proof = await ground.PaperAsync(image, "application/vnd.in-toto+json", "{}");
        await ground.Registry.PushAsync(image, name, Stop);
        var found = await ground.Registry.ReferrersAsync(name.At(image.Digest), Stop);
        Assert.Equal([sbom.Digest, proof.Digest], found.Select(static one => one.Digest));
        Assert.Equal("application/vnd.cyclonedx+json", found[0].ArtifactType);
    }

    [Fact]
    public async Task Who_asks_is_asked_for_a_password_and_told_so()
    {
        await using var registry = await RealRegistry.StartAsync(("ann", "pa55-word"));
        var name = Named(registry, "shop:1");
        var image = await ground.ImageAsync(1000);
        async Task<Problem> RefusedAsync() =>
            (await Assert.ThrowsAsync<ProblemException>(() => ground.Registry.PushAsync(image, name, Stop))).Problem;

        var stranger = await RefusedAsync();
        Assert.Equal(("registry.login", Trouble.NotAllowed), (stranger.Code, stranger.Trouble));
        Assert.Contains("docker login", stranger.Fix, StringComparison.Ordinal);
        ground.Login = new("ann", "wrong-word", "test");
        var wrong = await new ImageGround { Login = ground.Login }.UseAsync(async other =>
            (await Assert.ThrowsAsync<ProblemException>(() => other.Registry.ResolveAsync(name, Stop))).Problem
        );
        Assert.Equal("registry.login", wrong.Code);
        Assert.DoesNotContain("wrong-word", wrong.ToString(), StringComparison.Ordinal);
        using var right = new ImageGround { Login = new("ann", "pa55-word", "test") };
        Assert.Equal(2, (await right.Registry.PushAsync(await right.ImageAsync(1000), name, Stop)).Sent);
    }

    // Docker's registry forgets a session of which a piece was cut; everything before that piece is sent again then.
    [Fact]
    public async Task A_push_that_is_cut_in_the_middle_of_a_layer_ends_right()
    {
        await using var registry = await RealRegistry.StartAsync();
        await using var proxy = new CuttingProxy(registry.Port);
        proxy.CutsUp = (sent, _) => proxy.Cuts == 0 && sent > 2_500_000;
        var name = ImageReference.Parse($"{proxy.Host}/shop:1");
        var pushed = await ground.Registry.PushAsync(await ground.ImageAsync(5 << 20), name, Stop);
        Assert.Equal(1, proxy.Cuts);
        Assert.True(pushed.Bytes > 5 << 20);
        await PullsWholeAsync(name, pushed);
    }

    [Fact]
    public async Task A_push_that_is_cut_between_pieces_goes_on_from_there()
    {
        await using var registry = await RealRegistry.StartAsync();
        await using var proxy = new CuttingProxy(registry.Port);
        // Where the third piece begins.
        proxy.CutsUp = (_, text) =>
            proxy.Cuts == 0
            && text.StartsWith("PATCH", StringComparison.Ordinal)
            && text.Contains("Content-Range: 2097152-", StringComparison.Ordinal);
        var name = ImageReference.Parse($"{proxy.Host}/shop:1");
        var pushed = await ground.Registry.PushAsync(await ground.ImageAsync(5 << 20), name, Stop);
        Assert.Equal(1, proxy.Cuts);
        // Nothing of it was sent twice.
        Assert.InRange(proxy.Up, 5 << 20, (5 << 20) + 300_000);
        await PullsWholeAsync(name, pushed);
    }

    [Fact]
    public async Task A_pull_that_is_cut_goes_on_from_there()
    {
        await using var registry = await RealRegistry.StartAsync();
        await using var proxy = new CuttingProxy(registry.Port);
        var name = Named(registry, "shop:1");
        await ground.Registry.PushAsync(await ground.ImageAsync(20 << 20), name, Stop);
        proxy.CutsDown = sent => proxy.Cuts < 3 && sent > 5 << 20;
        using var other = new ImageGround();
        var pulled = await other.Registry.PullAsync(ImageReference.Parse($"{proxy.Host}/shop:1"), Amd64, Stop);
        Assert.Equal(3, proxy.Cuts);
        Assert.InRange(pulled.Bytes, 20 << 20, (20 << 20) + 100_000);
    }

    [Fact]
    public async Task A_registry_that_goes_in_the_middle_of_a_push_is_said_and_the_next_push_ends_it()
    {
        await using var registry = await RealRegistry.StartAsync();
        await using var proxy = new CuttingProxy(registry.Port);
        proxy.CutsUp = (sent, _) => sent > 1_500_000;
        var name = ImageReference.Parse($"{proxy.Host}/shop:1");
        var image = await ground.ImageAsync(5 << 20);
        var problem = (
            await Assert.ThrowsAsync<ProblemException>(() => ground.Registry.PushAsync(image, name, Stop))
        ).Problem;
        Assert.Equal(("registry.unreachable", Trouble.Unreachable), (problem.Code, problem.Trouble));
        proxy.CutsUp = (_, _) => false;
        await PullsWholeAsync(name, await ground.Registry.PushAsync(image, name, Stop));
        await registry.DisposeAsync();
        problem = (
            await Assert.ThrowsAsync<ProblemException>(() => ground.Registry.PushAsync(image, name, Stop))
        ).Problem;
        Assert.Equal("registry.unreachable", problem.Code);
    }

    private static async Task PullsWholeAsync(ImageReference name, PushedImage pushed)
    {
        using var other = new ImageGround();
        Assert.Equal(pushed.Pinned.Digest, (await other.Registry.PullAsync(name, Amd64, Stop)).Image.Digest);
    }

    private static (int Sent, int Mounted, int Known) Counts(PushedImage pushed) =>
        (pushed.Sent, pushed.Mounted, pushed.Known);

    private static ImageReference Named(RealRegistry registry, string name) =>
        ImageReference.Parse($"{registry.Host}/{name}");

    internal static async Task<string> RunAsync(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }
}
