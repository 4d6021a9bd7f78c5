using System.ComponentModel;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Http;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fairlead.Scenarios.Platform;

/// <summary>The HTTP face on a real web server, over TCP and over a Unix socket.</summary>
public sealed class HttpFaceScenarios : IAsyncLifetime
{
    private const string Token = "0123456789abcdef";
    private readonly string folder = Directory.CreateTempSubdirectory("fairlead-http-").FullName;
    private readonly HttpClient http = new();
    private WebApplication app = null!;

    public sealed record Input
    {
        [Description("The app to look at.")]
        public required string App { get; init; }

        [Description("How many.")]
        public int Count { get; init; } = 1;
    }

    public sealed record Output(string App, int Count);

    private string SocketPath => Path.Combine(folder, "server.sock");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.ListenUnixSocket(SocketPath);
        });
        app = builder.Build();
        Operation[] operations =
        [
            new Operation<Input, Output>("app.look", "Look at an app.", Effect.Reads, LookAsync)
            {
                Needs = Need.Anybody,
            },
            new Operation<Input, Output>("app.here", "Runs elsewhere.", Effect.Reads, LookAsync) { Runs = Runs.Here },
        ];
        var engine = new EngineContext
        {
            World = new World(TimeProvider.System, new Random(1)),
            WriteNewFile = (_, _) => { },
            OpenFolder = _ => throw new NotSupportedException(),
        };
        HttpFace.Map(app, operations, engine, [new OwnerToken(Token)]);
        await app.StartAsync(Stop);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        http.BaseAddress = new Uri(addresses.First(one => one.StartsWith("http://127", StringComparison.Ordinal)));
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task An_operation_is_posted_and_answers_as_json()
    {
        using var answer = await PostAsync("""{"app":"shop","count":2}""");

        Assert.Equal(
            (HttpStatusCode.OK, """{"app":"shop","count":2}"""),
            (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop))
        );
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("not-found", 404)]
    [InlineData("conflict", 409)]
    [InlineData("not-allowed", 403)]
    [InlineData("timed-out", 504)]
    [InlineData("failed", 422)]
    public async Task A_problem_is_told_as_rfc_9457_says(string app, int status)
    {
        using var answer = await PostAsync($$"""{"app":"{{app}}"}""");

        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!;
        Assert.Equal(
            (status, status, $"test.{app}", "urn:fairlead:problem:test." + app, "what", "why", "fix"),
            (
                (int)answer.StatusCode,
                body["status"]!.GetValue<int>(),
                body["code"]!.GetValue<string>(),
                body["type"]!.GetValue<string>(),
                body["title"]!.GetValue<string>(),
                body["detail"]!.GetValue<string>(),
                body["fix"]!.GetValue<string>()
            )
        );
    }

    [Theory]
    [InlineData("{", 400, "http.bad-json")]
    [InlineData("[]", 400, "http.not-an-object")]
    [InlineData("{}", 400, "input.wrong-shape")]
    [InlineData("""{"app":"shop","cuont":1}""", 400, "input.wrong-shape")]
    [InlineData("""{"app":"bug"}""", 500, "fairlead.bug")]
    public async Task Input_that_makes_no_sense_is_explained(string body, int status, string code)
    {
        using var answer = await PostAsync(body);

        Assert.Equal((status, code), ((int)answer.StatusCode, await CodeAsync(answer, Stop)));
        Assert.DoesNotContain("   at ", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("application/vnd.fairlead+json", 200)]
    public async Task Only_json_is_read(string type, int status)
    {
        using var content = new StringContent("""{"app":"shop"}""");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        using var answer = await http.PostAsync(new Uri("/api/app.look", UriKind.Relative), content, Stop);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_body_beyond_a_mebibyte_is_refused()
    {
        using var answer = await PostAsync($$"""{"app":"{{new string('x', 1 << 20)}}"}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer 0123456789abcdee")]
    [InlineData("Bearer 0123456789abcdef0")]
    [InlineData("Basic 0123456789abcdef")]
    public async Task Over_tcp_nobody_comes_in_without_the_token(string? authorization)
    {
        http.DefaultRequestHeaders.Authorization = null;
        if (authorization is not null)
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }

        using var answer = await PostAsync("""{"app":"shop"}""");

        Assert.Equal((401, "http.no-token"), ((int)answer.StatusCode, await CodeAsync(answer, Stop)));
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        using var health = await http.GetAsync(new Uri("/healthz", UriKind.Relative), Stop);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Theory]
    [InlineData("evil.example", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    [InlineData("10.0.0.1", 403)]
    [InlineData("localhost:8077", 200)]
    [InlineData("[::1]:8077", 200)]
    public async Task A_page_that_was_rebound_to_this_machine_is_refused_even_with_the_token(string host, int status)
    {
        http.DefaultRequestHeaders.Host = host;

        using var answer = await PostAsync("""{"app":"shop"}""");

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task On_the_unix_socket_no_token_is_needed_and_problems_come_back_whole()
    {
        using var client = new RoleClient("server", SocketPath);

        var output = await client.PostAsync<Output>("/api/app.look", new JsonObject { ["app"] = "shop" }, null, Stop);
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            client.PostAsync<Output>("/api/app.look", new JsonObject { ["app"] = "conflict" }, null, Stop)
        );

        Assert.Equal(new Output("shop", 1), output);
        Assert.Equal(
            ("test.conflict", Trouble.Conflict, "line"),
            (caught.Problem.Code, caught.Problem.Trouble, caught.Problem.Evidence.Single())
        );
    }

    [Theory]
    [InlineData("/api/app.here", "Operations are asked as POST /api/{name}.")]
    [InlineData("/api/app.lok", "Did you mean POST /api/app.look?")]
    public async Task What_is_not_there_says_what_is(string path, string why)
    {
        using var answer = await PostAsync("{}", path);

        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!;
        Assert.Equal((404, why), ((int)answer.StatusCode, body["detail"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_description_holds_every_operation_of_the_server()
    {
        var text = await http.GetStringAsync(new Uri("/openapi.json", UriKind.Relative), Stop);

        var api = JsonNode.Parse(text)!;
        Assert.Equal("3.1.0", api["openapi"]!.GetValue<string>());
        Assert.Equal(["/healthz", "/api/app.look"], api["paths"]!.AsObject().Select(path => path.Key));
        var schema = api["paths"]!["/api/app.look"]!["post"]!["requestBody"]!["content"]!["application/json"]![
            "schema"
        ]!;
        Assert.Equal("The app to look at.", schema["properties"]!["app"]!["description"]!.GetValue<string>());
    }

    [Fact]
    public void The_token_is_made_once_and_readable_by_its_owner_alone()
    {
        var file = Path.Combine(folder, "api-token");

        var first = ApiToken.ReadOrMake(file);

        Assert.Equal(64, first.Length);
        Assert.Equal(first, ApiToken.ReadOrMake(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.WriteAllText(file, "half");
        Assert.NotEqual(first, ApiToken.ReadOrMake(file));
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string path = "/api/app.look")
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await http.PostAsync(new Uri(path, UriKind.Relative), content, Stop);
    }

    private static async Task<string> CodeAsync(HttpResponseMessage answer, CancellationToken stop) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop))!["code"]!.GetValue<string>();

    private static Task<Output> LookAsync(Input input, EngineContext engine, CancellationToken stop) =>
        input.App switch
        {
            "shop" => Task.FromResult(new Output(input.App, input.Count)),
            "bug" => throw new InvalidOperationException("the sky fell"),
            _ => throw new ProblemException(
                new Problem($"test.{input.App}", "what", "why", "fix")
                {
                    Evidence = ["line"],
                    Trouble = input.App switch
                    {
                        "not-found" => Trouble.NotFound,
                        "conflict" => Trouble.Conflict,
                        "not-allowed" => Trouble.NotAllowed,
                        "timed-out" => Trouble.TimedOut,
                        _ => Trouble.Failed,
                    },
                }
            ),
        };
}
