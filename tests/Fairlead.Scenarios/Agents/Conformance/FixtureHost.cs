#pragma warning disable MCP9005 // The suite asks for what the newer revision is about to leave behind.
using System.Reflection;
using Fairlead.Model.Security;
using Fairlead.Scenarios.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Fairlead.Scenarios.Agents.Conformance;

/// <summary>
/// A whole server whose MCP also offers what the protocol's suite wants to meet: our door, guard, transport and conversation stay in the
/// way of every request, and what the suite asks for stands beside our own tools, prompts and resources.
/// </summary>
internal sealed class FixtureHost : IAsyncDisposable
{
    private readonly ServerUnderTest server;

    private FixtureHost(ServerUnderTest server, string token) => (this.server, Token) = (server, token);

    public string Token { get; }

    public string Url => server.Address.ToString().TrimEnd('/');

    /// <param name="mode">How sessions are kept; the product keeps none.</param>
    public static async Task<FixtureHost> StartAsync(HttpServerSessionMode mode)
    {
        var started = await ServerUnderTest.StartAsync([], app => Offer(app, mode));
        var token = await started.TokenAsync(PrincipalKind.Agent, new Grant("deployer"), TimeSpan.FromHours(1));
        return new(started, token);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static void Offer(WebApplication app, HttpServerSessionMode mode)
    {
        var transport = app.Services.GetRequiredService<IOptions<HttpServerTransportOptions>>().Value;
        transport.SessionMode = mode;
        var ours = transport.ConfigureSessionOptions!; // McpFace sets it.
        transport.ConfigureSessionOptions = async (http, options, stop) =>
        {
            await ours(http, options, stop);
            Beside(options);
        };
    }

    private static void Beside(McpServerOptions options)
    {
        options.ToolCollection =
        [
            .. With<McpServerToolAttribute>(typeof(FixtureTools), typeof(FixtureRounds))
                .Select(static one => McpServerTool.Create(one, target: null, options: null)),
        ];
        options.PromptCollection =
        [
            .. With<McpServerPromptAttribute>(typeof(FixtureTexts), typeof(FixtureRounds))
                .Select(static one => McpServerPrompt.Create(one, target: null, options: null)),
        ];
        options.ResourceCollection =
        [
            .. With<McpServerResourceAttribute>(typeof(FixtureTexts))
                .Select(static one => McpServerResource.Create(one, target: null, options: null)),
        ];
        options.Capabilities!.Completions = new();
        options.Capabilities.Logging = new();
        options.Capabilities.Resources!.Subscribe = true;
        options.Handlers.CompleteHandler = static (_, _) =>
            new(new CompleteResult { Completion = new() { Values = ["paris", "park"] } });
        options.Handlers.SetLoggingLevelHandler = static (_, _) => new(new EmptyResult());
        options.Handlers.SubscribeToResourcesHandler = static (_, _) => new(new EmptyResult());
        options.Handlers.UnsubscribeFromResourcesHandler = static (_, _) => new(new EmptyResult());
    }

    private static IEnumerable<MethodInfo> With<T>(params Type[] types)
        where T : Attribute =>
        types
            .SelectMany(static one => one.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(static one => one.GetCustomAttribute<T>() is not null);
}
