using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Http;
using Fairlead.Model.Apps;
using Fairlead.Model.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fairlead.Scenarios.Access;

/// <summary>
/// Every endpoint that a real server has, asked by every role, for an app of the own team and one of another, and by whoever shows
/// nothing, nonsense or a token of yesterday. The list of endpoints is the server's own, so a new one is in it by itself.
/// </summary>
public sealed partial class AccessMatrix
{
    private static readonly Site Own = new("shop", "production");
    private static readonly Site Foreign = new("blog", "production");
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task Every_endpoint_answers_every_role_as_its_policy_says()
    {
        await using var server = await StartAsync();
        var callers = await CallersAsync(server);
        var strangers = await StrangersAsync(server);
        var board = new Board();
        foreach (var endpoint in Endpoints(server.App))
        {
            var policy = endpoint.Metadata.GetMetadata<EndpointPolicy>()!;
            foreach (var method in MethodsOf(endpoint))
            {
                var path = PathOf(endpoint);
                var operation = OperationOf(path);
                foreach (var (name, token) in strangers)
                {
                    var answer = await AskAsync(server, (method, path, operation, Own), token);
                    board.Expect(answer, policy.IsForEverybody ? null : HttpStatusCode.Unauthorized, $"{name}: {path}");
                }
                foreach (var caller in callers)
                {
                    var answer = await AskAsync(server, (method, path, operation, Own), caller.Token);
                    board.Expect(answer, caller.Expected(policy, operation), $"{caller.Name}: {method} {path}");
                    if (operation is not null || path.Contains("{app}", StringComparison.Ordinal))
                    {
                        await AskOfForeignAsync(server, board, (method, path, operation), caller);
                    }
                }
            }
        }
        await AskIntakesAsync(
            server,
            board,
            [.. strangers.Select(one => one.Token), .. callers.Skip(1).Select(one => one.Token)]
        );
        board.Judge();
    }

    // An app of another team and one that there is not are answered alike, to the letter.
    private static async Task AskOfForeignAsync(
        ServerUnderTest server,
        Board board,
        (HttpMethod Method, string Path, Operation? Operation) asked,
        Caller caller
    )
    {
        var (method, path, operation) = asked;
        var foreign = await AskAsync(server, (method, path, operation, Foreign), caller.Token);
        var missing = await AskAsync(server, (method, path, operation, new("nope", "production")), caller.Token);
        var isTold = caller.IsOfTeam && Bare(foreign, "blog") != Bare(missing, "nope");
        board.Count(isTold ? $"{caller.Name}: {path} tells a foreign app from none: {foreign} / {missing}" : null);
    }

    // Senders have keys of their own: no token of the API lets anybody send, but the owner's.
    private static async Task AskIntakesAsync(ServerUnderTest server, Board board, IReadOnlyList<string?> tokens)
    {
        foreach (var route in server.Platform.Intakes.SelectMany(intake => intake.Routes))
        {
            var (method, path) = (new HttpMethod(route.Split(' ')[0]), Filled(route.Split(' ')[1], Own));
            foreach (var token in tokens)
            {
                var answer = await server.SendAsync(method, path, token, []);
                board.Expect(answer, HttpStatusCode.Unauthorized, $"intake {route}");
            }
        }
    }

    private static async Task<(string Name, string? Token)[]> StrangersAsync(ServerUnderTest server) =>
        [
            ("nobody", null),
            ("nonsense", "nonsense"),
            ("unknown token", AccessToken.New().Text),
            ("expired token", await server.TokenAsync(PrincipalKind.Service, new("owner"), -Day)),
            ("wrong secret", $"{(await server.TokenAsync(PrincipalKind.Service, new("owner"), Day))[..^3]}abc"),
        ];

    private sealed class Board
    {
        private readonly List<string> wrong = [];
        private int cells;

        public void Count(string? fault)
        {
            cells++;
            if (fault is not null)
            {
                wrong.Add(fault);
            }
        }

        /// <param name="expected">Null: let in, however the operation itself then fares with such an input.</param>
        public void Expect((HttpStatusCode Status, string Body) answer, HttpStatusCode? expected, string cell)
        {
            var isRight = expected is { } wanted ? answer.Status == wanted : IsLetIn(answer);
            Count(isRight ? null : $"{cell}: {answer} instead of {expected?.ToString() ?? "let in"}");
        }

        // The places of signing in refuse by themselves whoever has no session, a token's holder too: only they say identity.*.
        private static bool IsLetIn((HttpStatusCode Status, string Body) answer) =>
            answer.Status switch
            {
                HttpStatusCode.InternalServerError or HttpStatusCode.Unauthorized => false,
                HttpStatusCode.Forbidden => answer.Body.Contains("\"code\":\"identity.", StringComparison.Ordinal),
                _ => true,
            };

        public void Judge()
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"{cells} cells");
            Assert.True(wrong.Count == 0, $"{wrong.Count} of {cells} cells:\n{string.Join('\n', wrong.Take(60))}");
            Assert.True(cells > 2_000, $"only {cells} cells");
        }
    }

    [Fact]
    public async Task Every_endpoint_has_a_policy()
    {
        await using var server = await StartAsync();
        Assert.Empty(Silent(server.App));
    }

    [Fact]
    public async Task An_endpoint_without_a_policy_is_found_and_refused_even_to_the_owner()
    {
        await using var server = await StartAsync(app => app.MapGet("/forgotten", () => "secret"));
        Assert.Equal(["/forgotten"], Silent(server.App));
        var answer = await server.SendAsync(HttpMethod.Get, "/forgotten", server.OwnerToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
    }

    private static async Task<ServerUnderTest> StartAsync(Action<WebApplication>? add = null)
    {
        var server = await ServerUnderTest.StartAsync([Own, Foreign], add);
        await server.CommitAsync(AccessBook.Teams, "web", Records.Body(new Team("web", ["shop"])));
        await server.CommitAsync(AccessBook.Teams, "press", Records.Body(new Team("press", ["blog"])));
        return server;
    }

    private static async Task<IReadOnlyList<Caller>> CallersAsync(ServerUnderTest server)
    {
        List<Caller> callers = [new("the owner", server.OwnerToken, Role: null, PrincipalKind.Owner, IsOfTeam: false)];
        foreach (var role in Role.BuiltIn)
        {
            foreach (var kind in new[] { PrincipalKind.Service, PrincipalKind.Agent })
            {
                var ofTeam = await server.TokenAsync(kind, new(role.Name, "web"), Day);
                var ofAll = await server.TokenAsync(kind, new(role.Name), Day);
                callers.Add(new($"{kind} {role.Name} of web", ofTeam, role, kind, IsOfTeam: true));
                callers.Add(new($"{kind} {role.Name} of all", ofAll, role, kind, IsOfTeam: false));
            }
        }
        return callers;
    }

    private static IEnumerable<string> Silent(WebApplication app) =>
        Endpoints(app)
            .Where(one => one.Metadata.GetMetadata<EndpointPolicy>() is null)
            .Select(one => one.RoutePattern.RawText!);

    private static IEnumerable<RouteEndpoint> Endpoints(WebApplication app) =>
        app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static IEnumerable<HttpMethod> MethodsOf(RouteEndpoint endpoint) =>
        (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(one => new HttpMethod(
            one
        ));

    private static string PathOf(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}";

    private static string Filled(string path, Site site) =>
        string.Join(
            '/',
            path.Split('/')
                .Select(word =>
                    word switch
                    {
                        "{app}" => site.App,
                        "{environment}" => site.Environment,
                        ['{', ..] => "some",
                        _ => word,
                    }
                )
        );

    private static Operation? OperationOf(string path) =>
        AllOperations.Entries.FirstOrDefault(one => path == $"/api/{one.Name}");

    private static Task<(HttpStatusCode Status, string Body)> AskAsync(
        ServerUnderTest server,
        (HttpMethod Method, string Path, Operation? Operation, Site Site) asked,
        string? token
    ) =>
        server.SendAsync(
            asked.Method,
            asked.Operation is null && asked.Method == HttpMethod.Get
                ? $"{Filled(asked.Path, asked.Site)}?query=up&start=1&end=2&step=1"
                : Filled(asked.Path, asked.Site),
            token,
            asked.Operation is { } operation ? InputOf(operation, asked.Site) : null
        );

    // Of the right shape, so that it comes as far as it may.
    private static JsonObject InputOf(Operation operation, Site site)
    {
        var input = new JsonObject();
        var required =
            operation.InputSchema["required"]?.AsArray().Select(one => one!.GetValue<string>()).ToHashSet() ?? [];
        foreach (var (name, schema) in operation.InputSchema["properties"]?.AsObject() ?? [])
        {
            var isApp = name == "app" && schema!["type"]?.ToJsonString().Contains("string") == true;
            if (isApp)
            {
                input[name] = site.App;
            }
            else if (name == "environment")
            {
                input[name] = site.Environment;
            }
            else if (required.Contains(name))
            {
                input[name] =
                    schema!["type"]?.ToJsonString().Contains("integer") == true ? 1 : JsonValue.Create("some");
            }
        }
        return input;
    }

    private static string Bare((HttpStatusCode Status, string Body) answer, string app)
    {
        var body = answer.Body.Replace(app, "APP", StringComparison.Ordinal);
        // What is made by chance or by the clock.
        return $"{(int)answer.Status} {Chance().Replace(body, "#")}";
    }

    [GeneratedRegex("[0-9a-f]{12,16}|[0-9]+ s\\b|[0-9T:.Z-]{19,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Chance();

    private sealed record Caller(string Name, string Token, Role? Role, PrincipalKind Kind, bool IsOfTeam)
    {
        /// <summary>The status of a refusal; null for let in. Reckoned here anew, not with the policy's own code.</summary>
        public HttpStatusCode? Expected(EndpointPolicy policy, Operation? operation)
        {
            if (Kind is PrincipalKind.Owner || policy.Needs is not { } need)
            {
                return null;
            }
            if (need.Reaches is Reaches.Anybody)
            {
                // An agent makes no tokens, and ends no session.
                return Kind is PrincipalKind.Agent && operation is { Effect: not Effect.Reads, Agents: AgentUse.ByPlan }
                    ? HttpStatusCode.Forbidden
                    : null;
            }
            if (operation?.Name is "source.add")
            {
                // It deploys long after a program's token has ended: only people add one.
                return HttpStatusCode.Forbidden;
            }
            if (Kind is PrincipalKind.Agent && operation is { Effect: not Effect.Reads, Agents: AgentUse.ByPlan })
            {
                // It makes a plan, which people can read.
                return HttpStatusCode.Forbidden;
            }
            var has =
                Role!.Permissions.Contains(need.Permission)
                && (Kind, need.Permission)
                    is not (

                        (_, Permission.Approve)
                        or
                        (PrincipalKind.Agent, Permission.BreakGlass or Permission.Govern)
                    );
            var isWide =
                need.Reaches is Reaches.Everything
                || (need.Reaches is Reaches.Named && operation?.InputSchema["properties"]?["app"] is null);
            return has && (!isWide || !IsOfTeam) ? null : HttpStatusCode.Forbidden;
        }
    }
}
