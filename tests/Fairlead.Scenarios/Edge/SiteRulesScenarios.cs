using System.IO.Compression;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using ZstdSharp;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

/// <summary>A site with rules of its own, at a real edge.</summary>
public sealed class SiteRulesScenarios : IAsyncLifetime
{
    private const int LargeBytes = 300_000;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fl-rules-");
    private EdgeUnderTest edge = null!; // Set before each test.

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Write("index.html", "<h1>home</h1>");
        Write("about.html", "<h1>about</h1>");
        Write("shop.html", "<h1>shop</h1>");
        Write("gone.html", "<h1>gone</h1>");
        Write("app.js", string.Concat(Enumerable.Repeat("let words = 'again and again';\n", 100)));
        Write("large.txt", new string('x', LargeBytes));
        Write("app.js.map", "{}");
        Write("_headers", "/*\n  X-Frame-Options: DENY\n/app.js\n  Cache-Control: max-age=60\n");
        Write(
            "_redirects",
            """
            /old/*    /:splat           301
            /about    /shop.html        302!
            /shop     /about.html       302
            /store id=:id /item/:id
            /show/*   /shop.html        200
            /removed  /gone.html        410
            /home     /                 301
            /deep/*   /deep/er/:splat   301
            /ping/*   /pong/:splat      302
            /pong/*   /ping/:splat      302
            /strip/*  /:splat           301
            """
        );
        edge = await EdgeUnderTest.StartAsync();
        await ApplyAsync(new WebSettings());
    }

    public async ValueTask DisposeAsync()
    {
        await edge.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("/old/a/b?c=d", "301 /a/b?c=d ")]
    [InlineData("/old//evil.example/", "301 /evil.example/ ")]
    [InlineData("/about", "302 /shop.html ")]
    [InlineData("/shop", "200  <h1>shop</h1>")]
    [InlineData("/store?id=7", "301 /item/7?id=7 ")]
    [InlineData("/show/me/all", "200  <h1>shop</h1>")]
    [InlineData("/removed", "410  <h1>gone</h1>")]
    [InlineData("/home/", "301 / ")]
    [InlineData("/strip/strip/strip/a", "301 /strip/strip/a ")]
    [InlineData("/deep/a", "404  There is no such file.\n")]
    [InlineData("/ping/1", "404  There is no such file.\n")]
    [InlineData("/pong/1", "404  There is no such file.\n")]
    [InlineData("/_redirects", "404  There is no such file.\n")]
    [InlineData("/app.js.map", "404  There is no such file.\n")]
    public async Task Redirects_hold_in_their_order_and_files_shadow_those_not_forced(string path, string expected)
    {
        using var answer = await edge.Http.GetAsync(path, Stop);
        Assert.Equal(
            expected,
            $"{(int)answer.StatusCode} {answer.Headers.Location?.OriginalString} {await answer.Content.ReadAsStringAsync(Stop)}"
        );
    }

    [Fact]
    public async Task A_files_headers_are_sent_with_it()
    {
        using var answer = await edge.Http.GetAsync("/app.js", Stop);
        Assert.Equal(
            ("DENY", "max-age=60"),
            (answer.Headers.GetValues("X-Frame-Options").Single(), answer.Headers.CacheControl!.ToString())
        );
    }

    [Theory]
    [InlineData("/any/where", "text/html,*/*", "200 <h1>home</h1>")]
    [InlineData("/any/where", "*/*", "404 There is no such file.\n")]
    [InlineData("/any/where.js", "text/html,*/*", "404 There is no such file.\n")]
    [InlineData("/about.html", "text/html,*/*", "200 <h1>about</h1>")]
    public async Task One_page_draws_all_paths_for_people_and_hides_no_missing_file(
        string path,
        string accept,
        string expected
    )
    {
        await ApplyAsync(new WebSettings { IsSpa = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        using var answer = await edge.Http.SendAsync(request, Stop);
        Assert.Equal(expected, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Stop)}");
    }

    [Fact]
    public async Task Text_is_compressed_in_the_background_and_is_the_same_text()
    {
        var plain = await edge.Http.GetByteArrayAsync("/app.js", Stop);
        foreach (var encoding in new[] { "br", "zstd", "gzip" })
        {
            await EdgeUnderTest.UntilAsync(async () =>
            {
                using var answer = await AskAsync("/app.js", encoding);
                return answer.Content.Headers.ContentEncoding.SequenceEqual([encoding]);
            });
            using var packed = await AskAsync("/app.js", encoding);
            Assert.Equal(["Accept-Encoding"], packed.Headers.Vary);
            Assert.EndsWith($"-{encoding}\"", packed.Headers.ETag!.Tag, StringComparison.Ordinal);
            await using var stream = await packed.Content.ReadAsStreamAsync(Stop);
            await using Stream opened = encoding switch
            {
                "br" => new BrotliStream(stream, CompressionMode.Decompress),
                "zstd" => new DecompressionStream(stream),
                _ => new GZipStream(stream, CompressionMode.Decompress),
            };
            using var bytes = new MemoryStream();
            await opened.CopyToAsync(bytes, Stop);
            Assert.Equal(plain, bytes.ToArray());
        }
        Assert.NotEmpty(
            Directory.GetFiles(Path.Combine(edge.State.Edge, "compressed"), "*.br", SearchOption.AllDirectories)
        );
    }

    [Fact]
    public async Task A_large_file_is_sent_whole_and_in_parts()
    {
        Assert.Equal(LargeBytes, (await edge.Http.GetByteArrayAsync("/large.txt", Stop)).Length);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/large.txt");
        request.Headers.Range = new(LargeBytes - 10, LargeBytes + 10);
        using var answer = await edge.Http.SendAsync(request, Stop);
        Assert.Equal(
            (206, "bytes 299990-299999/300000", 10),
            (
                (int)answer.StatusCode,
                $"{answer.Content.Headers.ContentRange}",
                (await answer.Content.ReadAsByteArrayAsync(Stop)).Length
            )
        );
        using var beyond = new HttpRequestMessage(HttpMethod.Get, "/large.txt");
        beyond.Headers.Range = new(LargeBytes, null);
        using var refused = await edge.Http.SendAsync(beyond, Stop);
        Assert.Equal((416, "bytes */300000"), ((int)refused.StatusCode, $"{refused.Content.Headers.ContentRange}"));
    }

    private Task<HttpResponseMessage> AskAsync(string path, string encoding)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.ParseAdd(encoding);
        return edge.Http.SendAsync(request, Stop);
    }

    private Task ApplyAsync(WebSettings settings) =>
        edge.Router.ApplyAsync(
            Routing(Api(Backend(1, 100, [new Uri($"file://{folder.FullName}/")])) with { Web = settings }),
            new Fence(1),
            Stop
        );

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name), text);
}
