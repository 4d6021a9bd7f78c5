using System.Text;
using Fairlead.Model.Apps;
using Fairlead.Roles.Edge.Gateway;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Edge.Gateway;

public sealed class AccessLogTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_request_is_one_line_of_JSON_without_its_query_and_with_the_clients_network()
    {
        var log = Open();
        var edge = new GatewaySample(new() { Log = new() }, log);
        await edge.AskAsync(
            "GET /orders?token=secret",
            ("X-Request-Id", "r-1"),
            ("User-Agent", "curl/8 \"x\""),
            ("Referer", "https://shop.example/")
        );
        await log.DisposeAsync();
        Assert.Equal(
            """{"time":"2026-11-23T12:00:00+00:00","site":"shop/production","service":"api","method":"GET","host":"shop.example","path":"/orders","protocol":"","status":200,"bytesIn":0,"bytesOut":3,"ms":0,"firstByteMs":0,"client":"192.0.2.0","requestId":"r-1","userAgent":"curl/8 \"x\"","referer":"https://shop.example/"}""",
            Assert.Single(Lines())
        );
    }

    [Fact]
    public async Task Query_and_address_are_written_where_the_manifest_says_so()
    {
        var log = Open();
        var edge = new GatewaySample(
            new()
            {
                Log = new() { Query = true, Client = ClientShown.Full },
            },
            log
        );
        await edge.AskAsync("GET /orders?q=1 2001:db8::7");
        await log.DisposeAsync();
        Assert.Contains("\"query\":\"?q=1\"", Assert.Single(Lines()), StringComparison.Ordinal);
        Assert.Contains("\"client\":\"2001:db8::7\"", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_good_answers_a_sample_is_written_and_of_failures_all()
    {
        var log = Open();
        var edge = new GatewaySample(new() { Log = new() { Sample = 10 } }, log);
        for (var turn = 0; turn < 1_000; turn++)
        {
            await edge.AskAsync("GET /");
            await edge.AskAsync("GET /fail");
        }
        await log.DisposeAsync();
        var lines = Lines();
        Assert.Equal(1_000, lines.Count(line => line.Contains("\"status\":500", StringComparison.Ordinal)));
        Assert.InRange(lines.Count(line => line.Contains("\"status\":200", StringComparison.Ordinal)), 60, 140);
    }

    [Fact]
    public async Task Files_are_rotated_and_the_oldest_is_let_go()
    {
        for (var run = 0; run < 8; run++)
        {
            var log = Open(rotateAtBytes: 1_000);
            var edge = new GatewaySample(new() { Log = new() }, log);
            await edge.AskAsync($"GET /{new string('x', 900)}{run}");
            await log.DisposeAsync();
        }
        Assert.Equal(
            ["access.jsonl", "access.jsonl.1", "access.jsonl.2", "access.jsonl.3", "access.jsonl.4"],
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order()
        );
        Assert.Contains("x7\"", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_holds_up_nobody()
    {
        var log = new AccessLog(folder.Write("file", ""), NullLogger.Instance);
        var edge = new GatewaySample(new() { Log = new() }, log);
        for (var turn = 0; turn < 20_000; turn++)
        {
            Assert.Equal(200, (await edge.AskAsync("GET /")).Response.StatusCode);
        }
        await log.DisposeAsync();
    }

    [Fact]
    public async Task What_goes_out_is_counted_however_it_is_written()
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new MemoryStream()));
        var tap = AnswerTap.On(http);
        var kept = new StringBuilder();
        tap.Keep = bytes => kept.Append(Encoding.UTF8.GetString(bytes));
        var stop = TestContext.Current.CancellationToken;
        await http.Response.Body.WriteAsync("one "u8.ToArray(), stop);
        await http.Response.BodyWriter.WriteAsync("two "u8.ToArray(), stop);
        "three"u8.CopyTo(http.Response.BodyWriter.GetSpan(5));
        http.Response.BodyWriter.Advance(5);
        await http.Response.BodyWriter.FlushAsync(stop);
        Assert.Equal(("one two three", 13L, false), (kept.ToString(), tap.Bytes, tap.IsLeaky));
        await http.Response.SendFileAsync(folder.Write("page.html", "1234"), 1, 2, stop);
        Assert.Equal((15L, true), (tap.Bytes, tap.IsLeaky));
    }

    private AccessLog Open(long rotateAtBytes = 1 << 20) => new(folder.Path, NullLogger.Instance, rotateAtBytes);

    private string[] Lines() => File.ReadAllLines(Path.Combine(folder.Path, "access.jsonl"));
}
