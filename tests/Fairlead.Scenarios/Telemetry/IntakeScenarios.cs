using System.IO.Compression;
using System.Net;
using System.Text;
using Fairlead.Faces.Intake;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fairlead.Scenarios.Telemetry;

/// <summary>The intake's face on a real web server: who may send, how much, in which clothes.</summary>
public sealed class IntakeScenarios : IAsyncLifetime
{
    private const string Key = "fl1c0ffee";
    private readonly HttpClient http = new();
    private readonly Echo echo = new();
    private WebApplication app = null!;
    private string plain = "";
    private string grpc = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        app = builder.Build();
        IntakeFace.Map(app, [echo], key => key == Key ? new Source(new Site("shop", "production")) : null);
        app.MapGet("/healthz", () => "well");
        await app.StartAsync(Stop);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        (plain, grpc) = (addresses.First(), addresses.Last());
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData("Authorization", $"Bearer {Key}")]
    [InlineData("X-Fairlead-Key", Key)]
    [InlineData("X-Own", Key)]
    public async Task A_sender_shows_its_key_where_its_format_has_it(string header, string value)
    {
        using var answer = await SendAsync("hello"u8.ToArray(), (header, value));

        Assert.Equal((HttpStatusCode.OK, "shop/production hello"), (answer.StatusCode, await TextAsync(answer)));
    }

    [Fact]
    public async Task A_password_is_as_good_as_a_bearers_token()
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"anybody:{Key}"));

        using var answer = await SendAsync("hello"u8.ToArray(), ("Authorization", $"Basic {basic}"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("X-Own", "")]
    [InlineData("Authorization", "Bearer nobody")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("Authorization", "Basic ????")]
    public async Task Who_shows_no_key_is_told_where_to_get_one(string header, string value)
    {
        using var answer = await SendAsync("hello"u8.ToArray(), (header, value));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("fairlead telemetry key", await TextAsync(answer), StringComparison.Ordinal);
        Assert.Equal(0, echo.Taken);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Bodies_may_be_compressed(string encoding)
    {
        using var answer = await SendAsync(Packed("hello"u8.ToArray(), encoding), ("Content-Encoding", encoding));

        Assert.Equal("shop/production hello", await TextAsync(answer));
    }

    [Fact]
    public async Task A_bomb_is_not_inflated_beyond_the_limit_and_leaves_no_memory_taken()
    {
        var bomb = Packed(new byte[200 << 20], "gzip");

        for (var i = 0; i < 20; i++)
        {
            using var answer = await SendAsync(bomb, ("Content-Encoding", "gzip"));
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        }
        using var after = await SendAsync("hello"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Theory]
    [InlineData("gzip", HttpStatusCode.BadRequest)]
    [InlineData("compress", HttpStatusCode.UnsupportedMediaType)]
    public async Task What_cannot_be_inflated_is_said(string encoding, HttpStatusCode expected)
    {
        using var answer = await SendAsync("no zip at all"u8.ToArray(), ("Content-Encoding", encoding));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task What_asks_for_a_dictionary_cannot_be_inflated_either()
    {
        using var answer = await SendAsync([0x78, 0x20, 0, 0, 0, 0, 0, 0], ("Content-Encoding", "deflate"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_read_is_the_senders_fault_with_the_reason()
    {
        using var answer = await SendAsync("bad"u8.ToArray());

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("test.bad", await TextAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_may_ask_whether_it_may_send()
    {
        using var question = new HttpRequestMessage(HttpMethod.Options, plain + "/echo/1");
        question.Headers.Add("Origin", "https://shop.example.com");
        question.Headers.Add("Access-Control-Request-Headers", "x-own");
        using var answer = await http.SendAsync(question, Stop);

        Assert.Equal(
            (HttpStatusCode.NoContent, "*", "x-own"),
            (
                answer.StatusCode,
                answer.Headers.GetValues("Access-Control-Allow-Origin").Single(),
                answer.Headers.GetValues("Access-Control-Allow-Headers").Single()
            )
        );
    }

    [Fact]
    public async Task What_is_no_intake_goes_on_to_the_rest() =>
        Assert.Equal("well", await http.GetStringAsync(plain + "/healthz", Stop));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_by_gRPC_is_the_same_in_other_clothes(bool isPacked)
    {
        using var answer = await CallAsync("hello"u8.ToArray(), Key, isPacked);

        var body = await answer.Content.ReadAsByteArrayAsync(Stop);
        Assert.Equal("shop/production hello", Encoding.UTF8.GetString(body.AsSpan(5)));
        Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Theory]
    [InlineData("hello", "nobody", "16")]
    [InlineData("bad", Key, "3")]
    public async Task A_call_by_gRPC_that_fails_says_so_as_gRPC_does(string message, string key, string code)
    {
        using var answer = await CallAsync(Encoding.UTF8.GetBytes(message), key, isPacked: false);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(code, answer.Headers.GetValues("grpc-status").Single());
    }

    private async Task<HttpResponseMessage> CallAsync(byte[] message, string key, bool isPacked)
    {
        var inside = isPacked ? Packed(message, "gzip") : message;
        byte[] framed = [(byte)(isPacked ? 1 : 0), 0, 0, 0, (byte)inside.Length, .. inside];
        using var request = new HttpRequestMessage(HttpMethod.Post, grpc + "/echo/1")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(framed),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc+proto");
        request.Headers.Add("grpc-encoding", "gzip");
        request.Headers.Add("X-Own", key);
        return await http.SendAsync(request, Stop);
    }

    private async Task<HttpResponseMessage> SendAsync(byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, plain + "/echo/1")
        {
            Content = new ByteArrayContent(body),
        };
        if (headers.All(one => one.Name is "Content-Encoding"))
        {
            request.Headers.Add("X-Own", Key);
        }
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return await http.SendAsync(request, Stop);
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Stop);

    private static byte[] Packed(byte[] bytes, string encoding)
    {
        using var packed = new MemoryStream();
        using (
            Stream packer = encoding switch
            {
                "gzip" => new GZipStream(packed, CompressionLevel.Fastest),
                "deflate" => new ZLibStream(packed, CompressionLevel.Fastest),
                _ => new BrotliStream(packed, CompressionLevel.Fastest),
            }
        )
        {
            packer.Write(bytes);
        }
        return packed.ToArray();
    }

    /// <summary>Answers with what it got.</summary>
    private sealed class Echo : IIntake
    {
        public int Taken { get; private set; }

        public IReadOnlyList<string> Routes => ["POST /echo/{project}"];

        public bool IsForPages => true;

        public string? KeyIn(IntakeHead head) => head.Header("X-Own");

        public Task<IntakeAnswer> TakeAsync(IntakeRequest request, CancellationToken stop)
        {
            Taken++;
            var text = Encoding.UTF8.GetString(request.Body.Span);
            return text == "bad"
                ? throw new ProblemException(new Problem("test.bad", "Bad.", "It says so.", "Send something good."))
                : Task.FromResult(
                    new IntakeAnswer(200, "text/plain", Encoding.UTF8.GetBytes($"{request.Source.Site} {text}"))
                );
        }
    }
}
