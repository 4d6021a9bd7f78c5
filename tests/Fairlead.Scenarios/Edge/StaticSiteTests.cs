using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

public sealed class StaticSiteTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fl-site-");
    private EdgeUnderTest edge = null!; // Set before each test.

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Write("index.html", "<h1>home</h1>");
        Write("docs/index.html", "<h1>docs</h1>");
        Write("app.3f2a9c1b.js", "let x = 1;");
        Write("data.bin", "0123456789");
        Write(".env", "SECRET=1");
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "passwd"), "/etc/passwd");
        edge = await EdgeUnderTest.StartAsync();
        await edge.ApplyAsync(Backend(1, 100, [new Uri($"file://{folder.FullName}/")]));
    }

    public async ValueTask DisposeAsync()
    {
        await edge.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("/", "200 text/html; charset=utf-8 no-cache <h1>home</h1>")]
    [InlineData("/index.html", "200 text/html; charset=utf-8 no-cache <h1>home</h1>")]
    [InlineData("/docs/", "200 text/html; charset=utf-8 no-cache <h1>docs</h1>")]
    [InlineData(
        "/app.3f2a9c1b.js?v=1",
        "200 text/javascript; charset=utf-8 public, max-age=31536000, immutable let x = 1;"
    )]
    [InlineData("/data.bin", "200 application/octet-stream no-cache 0123456789")]
    [InlineData("/data.bin/", "404 text/plain; charset=utf-8 no-store There is no such file.\n")]
    [InlineData("/.env", "404 text/plain; charset=utf-8 no-store There is no such file.\n")]
    [InlineData("/passwd", "404 text/plain; charset=utf-8 no-store There is no such file.\n")]
    public async Task Files_have_their_type_and_say_how_long_they_may_be_kept(string path, string expected)
    {
        using var answer = await edge.Http.GetAsync(path, Stop);
        Assert.Equal(["api@1"], answer.Headers.GetValues("Fairlead-Release"));
        Assert.Equal(
            expected,
            string.Join(
                ' ',
                (int)answer.StatusCode,
                answer.Content.Headers.ContentType,
                string.Join(", ", answer.Headers.GetValues("Cache-Control")),
                await answer.Content.ReadAsStringAsync(Stop)
            )
        );
    }

    [Fact]
    public async Task A_folder_without_its_slash_leads_to_it()
    {
        using var answer = await edge.Http.GetAsync("/docs?a=b", Stop);
        Assert.Equal(
            (HttpStatusCode.TemporaryRedirect, "./docs/?a=b"),
            (answer.StatusCode, $"{answer.Headers.Location}")
        );
    }

    [Fact]
    public async Task What_a_browser_has_is_not_sent_again_and_parts_are_sent_as_parts()
    {
        using var first = await edge.Http.GetAsync("/data.bin", Stop);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/data.bin");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var same = await edge.Http.SendAsync(again, Stop);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        using var part = new HttpRequestMessage(HttpMethod.Get, "/data.bin");
        part.Headers.Range = new RangeHeaderValue(2, 4);
        using var middle = await edge.Http.SendAsync(part, Stop);
        Assert.Equal(
            (HttpStatusCode.PartialContent, "234"),
            (middle.StatusCode, await middle.Content.ReadAsStringAsync(Stop))
        );
        using var head = await edge.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/data.bin"), Stop);
        Assert.Equal((HttpStatusCode.OK, 10L), (head.StatusCode, head.Content.Headers.ContentLength!.Value));
        using var post = await edge.Http.PostAsync("/data.bin", new StringContent(""), Stop);
        Assert.Equal(
            (HttpStatusCode.MethodNotAllowed, "GET, HEAD"),
            (post.StatusCode, string.Join(", ", post.Content.Headers.Allow))
        );
    }

    [Fact]
    public async Task The_sites_own_page_is_shown_for_what_is_missing()
    {
        Write("lost/404.html", "<h1>lost?</h1>");
        await edge.ApplyAsync(Backend(2, 100, [new Uri($"file://{folder.FullName}/lost/")]));
        using var answer = await edge.Http.GetAsync("/missing", Stop);
        Assert.Equal(
            (HttpStatusCode.NotFound, "text/html"),
            (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType)
        );
        Assert.Equal("<h1>lost?</h1>", await answer.Content.ReadAsStringAsync(Stop));
    }

    [Theory]
    [InlineData("/../../../../etc/passwd")]
    [InlineData("/..%2f..%2f..%2fetc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/docs/..%5c..%5c..%5cetc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("/%2fetc/passwd")]
    [InlineData("/docs/%2e%2e/.env")]
    [InlineData("/index.html%00.js")]
    public async Task There_is_no_way_out_of_the_folder(string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(edge.Public, Stop);
        await client
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n"),
                Stop
            );
        using var reader = new StreamReader(client.GetStream());
        var text = await reader.ReadToEndAsync(Stop);
        Assert.True(text.Split(' ')[1] is "404" or "400", text);
        Assert.DoesNotContain("root:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
