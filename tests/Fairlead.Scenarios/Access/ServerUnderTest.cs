using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Drivers.State;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Roles;
using Fairlead.Roles.Server;
using Fairlead.Roles.Up;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Scenarios.Access;

/// <summary>A real server with its real store, whose node and edge do not answer.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly StateFolder state = new(Directory.CreateTempSubdirectory("fairlead-access-").FullName);
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly HttpClient http = new();
    private readonly World world = Compose.World();

    private ServerUnderTest() { }

    public required ServerPlatform Platform { get; init; }

    public required WebApplication App { get; init; }

    /// <summary>Where programs reach it.</summary>
    public Uri Address => http.BaseAddress!;

    public string OwnerToken => File.ReadAllText(state.ApiToken).Trim();

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="sites">Apps that were deployed.</param>
    public static async Task<ServerUnderTest> StartAsync(IEnumerable<Site> sites, Action<WebApplication>? add = null)
    {
        var parts = new ServerUnderTest { Platform = null!, App = null! };
        parts.socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        parts.socket.Listen();
        var address = parts.socket.LocalEndPoint!.ToString()!;
        Directory.CreateDirectory(parts.state.Run);
        new Addresses("127.0.0.1:1", "127.0.0.1:2", address).Write(parts.state);
        var context = new RoleContext(
            parts.state,
            parts.world,
            new Dictionary<string, int> { ["api"] = (int)parts.socket.Handle },
            NullLoggerFactory.Instance
        );
        var platform = Compose.Server(context);
        await platform.Conductor.TakeChargeAsync(Stop);
        await platform.Engine.Server.Store.CommitAsync(
            new Change(platform.Conductor.Fence)
            {
                Writes =
                [
                    .. sites.Select(site => new Write(
                        Records.Sites,
                        site.ToString(),
                        Records.Body(new SiteRecord(site))
                    )),
                ],
            },
            Stop
        );
        var app = ServerRole.Host(context, platform);
        add?.Invoke(app);
        await app.StartAsync(Stop);
        parts.http.BaseAddress = new Uri($"http://{address}");
        return new(parts) { Platform = platform, App = app };
    }

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    private ServerUnderTest(ServerUnderTest parts)
    {
        (state, socket, http, world) = (parts.state, parts.socket, parts.http, parts.world);
        (Platform, App) = (parts.Platform, parts.App);
    }

    /// <summary>A token as it would be after some time: made by the owner, with any grants.</summary>
    public async Task<string> TokenAsync(PrincipalKind kind, Grant grant, TimeSpan lasts)
    {
        var (id, text) = AccessToken.New();
        var token = new AccessToken
        {
            Id = id,
            Name = $"{grant.Role} of {grant.Team}",
            Kind = kind,
            Hash = AccessToken.HashOf(text),
            Grants = [grant],
            Maker = Principal.Owner,
            CreatedAt = world.Now,
            ExpiresAt = world.Now + lasts,
        };
        await CommitAsync(AccessBook.Tokens, id, Records.Body(token));
        return text;
    }

    public Task CommitAsync(string collection, string key, JsonNode body) =>
        Platform.Engine.Server.Store.CommitAsync(
            new Change(Platform.Conductor.Fence) { Writes = [new Write(collection, key, body)] },
            Stop
        );

    public Task<(HttpStatusCode Status, string Body)> PostAsync(string operation, JsonObject input, string? token) =>
        SendAsync(HttpMethod.Post, $"/api/{operation}", token, input);

    public async Task<(HttpStatusCode Status, string Body)> SendAsync(
        HttpMethod method,
        string path,
        string? token,
        JsonObject? input = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        if (input is not null)
        {
            request.Content = new StringContent(input.ToJsonString(), Encoding.UTF8, "application/json");
        }
        using var answer = await http.SendAsync(request, Stop);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        await Platform.DisposeAsync();
        socket.Dispose();
        Directory.Delete(state.Root, recursive: true);
    }
}
