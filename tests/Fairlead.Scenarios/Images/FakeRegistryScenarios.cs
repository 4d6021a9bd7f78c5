using Fairlead.Drivers.Registries;
using Fairlead.Model.Images;
using Fairlead.Model.Problems;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Scenarios.Images;

using Platform = Fairlead.Model.Images.Platform;

/// <summary>Registries as the specification allows them, as they are behind proxies, and as an enemy would run one.</summary>
public sealed class FakeRegistryScenarios : IDisposable
{
    private static readonly Platform Amd64 = new("amd64", "linux");
    private readonly ImageGround ground = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => ground.Dispose();

    [Fact]
    public async Task A_piece_that_was_cut_goes_on_at_the_byte_where_it_was_cut()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.CutAt = 2_500_000;
        var image = await ground.ImageAsync(5 << 20);
        await ground.Registry.PushAsync(image, Name(registry), Stop);
        var layer = ((Manifest.Image)await ground.ReadAsync(image)).Layers.Single();
        Assert.Equal(layer.Size, registry.Blobs[layer.Digest.ToString()].Length);
        // One session for the config, one for the layer: none was begun anew.
        Assert.Equal(2, registry.Sessions.Count);
    }

    [Fact]
    public async Task Where_no_tag_may_change_the_same_image_is_sent_again_and_another_one_is_refused()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Before = async http =>
        {
            var tag = http.Request.Path.Value!.Split('/')[^1];
            if (
                http.Request.Method != "PUT"
                || tag.StartsWith("sha256", StringComparison.Ordinal)
                || !http.Request.Path.Value.Contains("/manifests/", StringComparison.Ordinal)
                || !registry.Manifests.ContainsKey(tag)
            )
            {
                return false;
            }
            http.Response.StatusCode = 400;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(
                """{"errors":[{"code":"TAG_INVALID","message":"The image tag already exists and cannot be overwritten because the repository is immutable."}]}"""
            );
            return true;
        };
        var image = await ground.ImageAsync(1000);
        await ground.Registry.PushAsync(image, Name(registry), Stop);
        await ground.Registry.PushAsync(image, Name(registry), Stop);

        var refused = await Assert.ThrowsAsync<ProblemException>(async () =>
            await ground.Registry.PushAsync(await ground.ImageAsync(2000), Name(registry), Stop)
        );
        Assert.Contains("the repository is immutable", refused.Problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_takes_no_pieces_gets_the_layer_whole()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.TakesPieces = false;
        var image = await ground.ImageAsync(3 << 20);
        Assert.Equal(2, (await ground.Registry.PushAsync(image, Name(registry), Stop)).Sent);
    }

    [Fact]
    public async Task Tokens_are_asked_for_once_for_each_scope_with_the_login()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.AsksTokens = true;
        ground.Login = new("ann", "pa55-word", "test");
        await ground.Registry.PushAsync(await ground.ImageAsync(1000), Name(registry), Stop);
        var asked = registry.Seen.Where(static one => one.Contains("/token", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            [
                "GET /token?service=fake&scope=repository%3Ashop%2Fapi%3Apull%2Cpush Basic "
                    + Convert.ToBase64String("ann:pa55-word"u8),
            ],
            asked.Distinct()
        );
        Assert.DoesNotContain(
            registry.Seen.Where(static one => !one.Contains("/token", StringComparison.Ordinal)),
            static one => one.Contains("Basic", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_registry_that_is_busy_is_waited_for_as_long_as_it_asks()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await ground.Registry.PushAsync(await ground.ImageAsync(1000), Name(registry), Stop);
        var refusals = 2;
        registry.Before = http =>
        {
            if (refusals == 0)
            {
                return Task.FromResult(false);
            }
            http.Response.StatusCode = refusals-- > 1 ? 429 : 503;
            http.Response.Headers.RetryAfter = "0";
            return Task.FromResult(true);
        };
        await ground.Registry.ResolveAsync(Name(registry), Stop);
        registry.Before = static http =>
        {
            http.Response.StatusCode = 429;
            http.Response.Headers.RetryAfter = "3600";
            return Task.FromResult(true);
        };
        var problem = await ProblemAsync(() => ground.Registry.ResolveAsync(Name(registry), Stop));
        Assert.Equal(("registry.limited", true), (problem.Code, problem.RetryAt is not null));
    }

    [Theory]
    [InlineData(403, "registry.forbidden", Trouble.NotAllowed)]
    [InlineData(404, "registry.not-found", Trouble.NotFound)]
    [InlineData(405, "registry.not-done", Trouble.Failed)]
    [InlineData(429, "registry.limited", Trouble.Unreachable)]
    [InlineData(507, "registry.no-space", Trouble.Failed)]
    [InlineData(500, "registry.refused", Trouble.Failed)]
    public async Task A_refusal_says_what_why_and_what_to_do(int status, string code, Trouble trouble)
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Before = async http =>
        {
            http.Response.StatusCode = status;
            await http.Response.WriteAsync("""{"errors":[{"code":"X","message":"because"}]}""");
            return true;
        };
        var problem = await ProblemAsync(() => ground.Registry.ResolveAsync(Name(registry), Stop));
        Assert.Equal((code, trouble), (problem.Code, problem.Trouble));
        Assert.Contains("X: because", problem.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layer_that_is_not_what_it_is_called_is_refused_and_removed()
    {
        await using var registry = await FakeRegistry.StartAsync();
        var image = await ground.ImageAsync(100_000);
        await ground.Registry.PushAsync(image, Name(registry), Stop);
        var layer = ((Manifest.Image)await ground.ReadAsync(image)).Layers.Single();
        registry.Blobs[layer.Digest.ToString()][5000] ^= 1;
        using var other = new ImageGround();
        Assert.Equal(
            "image.digest-mismatch",
            (await ProblemAsync(() => other.Registry.PullAsync(Name(registry), Amd64, Stop))).Code
        );
        Assert.False(other.Store.Has(layer.Digest));
        Assert.Empty(await other.Store.ListAsync(Stop));
        // What came of others until then may stay for the next time.
        Assert.False(File.Exists(Path.Combine(other.Store.Folder, "drafts", layer.Digest.Hex)));
    }

    [Fact]
    public async Task A_layer_that_never_ends_is_refused_at_its_size()
    {
        await using var registry = await FakeRegistry.StartAsync();
        var image = await ground.ImageAsync(100_000);
        await ground.Registry.PushAsync(image, Name(registry), Stop);
        registry.Before = static async http =>
        {
            if (http.Request.Method != "GET" || !http.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal))
            {
                return false;
            }
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(new byte[64 * 1024]);
            }
            return true;
        };
        using var other = new ImageGround();
        Assert.Equal(
            "image.digest-mismatch",
            (await ProblemAsync(() => other.Registry.PullAsync(Name(registry), Amd64, Stop))).Code
        );
    }

    [Fact]
    public async Task Another_image_than_the_pinned_one_is_refused()
    {
        await using var registry = await FakeRegistry.StartAsync();
        var (wanted, other) = (await ground.ImageAsync(1000), await ground.ImageAsync(1000));
        await ground.Registry.PushAsync(other, Name(registry), Stop);
        registry.Manifests[wanted.Digest.ToString()] = registry.Manifests[other.Digest.ToString()];
        Assert.Equal(
            "registry.digest-mismatch",
            (await ProblemAsync(() => ground.Registry.PullAsync(Name(registry).At(wanted.Digest), Amd64, Stop))).Code
        );
    }

    [Fact]
    public async Task Who_is_sent_on_for_a_layer_is_told_no_password()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await using var storage = await FakeRegistry.StartAsync();
        registry.AsksTokens = true;
        ground.Login = new("ann", "pa55-word", "test");
        await ground.Registry.PushAsync(await ground.ImageAsync(100_000), Name(registry), Stop);
        foreach (var (digest, bytes) in registry.Blobs)
        {
            storage.Blobs[digest] = bytes;
        }
        registry.Before = http =>
        {
            var isBlob =
                http.Request.Method == "GET" && http.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal);
            if (isBlob)
            {
                http.Response.StatusCode = 307;
                http.Response.Headers.Location = $"{storage.Address}v2/x{http.Request.Path.Value![3..]}?signed=1";
            }
            return Task.FromResult(isBlob);
        };
        using var other = new ImageGround { Login = ground.Login };
        await other.Registry.PullAsync(Name(registry), Amd64, Stop);
        Assert.Equal(2, storage.Seen.Count);
        Assert.DoesNotContain(
            storage.Seen,
            static one =>
                one.Contains("Bearer", StringComparison.Ordinal) || one.Contains("Basic", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_registry_that_sends_us_round_in_circles_is_left()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Before = static http =>
        {
            http.Response.StatusCode = 302;
            http.Response.Headers.Location = http.Request.Path.Value;
            return Task.FromResult(true);
        };
        Assert.Equal(
            "registry.redirect",
            (await ProblemAsync(() => ground.Registry.ResolveAsync(Name(registry), Stop))).Code
        );
    }

    [Fact]
    public async Task A_page_is_no_manifest()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Before = static async http =>
        {
            http.Response.ContentType = "text/html";
            await http.Response.WriteAsync("<html>Welcome to the hotel</html>");
            return true;
        };
        Assert.Equal(
            "registry.answer",
            (await ProblemAsync(() => ground.Registry.PullAsync(Name(registry), Amd64, Stop))).Code
        );
    }

    [Fact]
    public async Task An_image_that_would_fill_the_disk_is_not_begun()
    {
        await using var registry = await FakeRegistry.StartAsync();
        await ground.Registry.PushAsync(await ground.ImageAsync(100_000), Name(registry), Stop);
        using var small = new ImageGround(new RegistrySettings { ImageBytesMax = 50_000 });
        Assert.Equal(
            "registry.too-large",
            (await ProblemAsync(() => small.Registry.PullAsync(Name(registry), Amd64, Stop))).Code
        );
    }

    [Fact]
    public async Task A_registry_that_keeps_papers_itself_needs_no_tag_for_them()
    {
        await using var registry = await FakeRegistry.StartAsync();
        var image = await ground.ImageAsync(1000);
        await ground.PaperAsync(image, "application/vnd.cyclonedx+json", "{}");
        await ground.Registry.PushAsync(image, Name(registry), Stop);
        Assert.DoesNotContain(
            registry.Manifests.Keys,
            static one => one.StartsWith("sha256-", StringComparison.Ordinal)
        );
    }

    private static async Task<Problem> ProblemAsync(Func<Task> work) =>
        (await Assert.ThrowsAsync<ProblemException>(work)).Problem;

    private static ImageReference Name(FakeRegistry registry) => ImageReference.Parse($"{registry.Host}/shop/api:1");
}
