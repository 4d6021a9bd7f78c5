using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Operations.Agents;
using Fairlead.Faces.Http;
using Fairlead.Model.Security;
using Microsoft.AspNetCore.Http.Metadata;
using ModelContextProtocol.AspNetCore;

namespace Fairlead.Faces.Mcp;

/// <summary>Speaks the Model Context Protocol at /mcp, behind the same door, rights and journal as the API.</summary>
/// <remarks>Stateless: a conversation survives the server that began it, and there is no session that somebody could steal.</remarks>
internal static class McpFace
{
    public const string Path = "/mcp";

    /// <summary>Adds what it is served with; <see cref="Map"/> says to whom.</summary>
    public static void Add(IServiceCollection services) =>
        services
            .AddMcpServer()
            .WithHttpTransport(static transport =>
            {
                transport.SessionMode = HttpServerSessionMode.Stateless;
                transport.ConfigureSessionOptions = static (http, options, _) =>
                {
                    http.RequestServices.GetRequiredService<McpDoor>().Open(http, options);
                    return Task.CompletedTask;
                };
            });

    /// <summary>Leads whoever comes in to the operations, as an agent, whoever it is.</summary>
    public static void Map(WebApplication app, Gatekeeper gatekeeper, EngineContext engine)
    {
        var door = app.Services.GetRequiredService<McpDoor>();
        door.Ask = http => AskFor(http, gatekeeper, engine);
        door.RefusedAsync = (http, tool, problem, stop) =>
            gatekeeper.RefusedAsync(Door.CallerOf(http).AsAgent(), $"tool {tool}", problem, stop);
        app.MapMcp(Path).WithMetadata(EndpointPolicy.AnybodyKnown, new BodyLimit());
        // As the protocol asks of a server without sessions; clients take a 404 for a session that ended.
        app.MapMethods(Path, ["GET", "DELETE"], static http => RefuseAsync(http, http.RequestAborted))
            .WithMetadata(EndpointPolicy.AnybodyKnown);
    }

    private static Task RefuseAsync(HttpContext http, CancellationToken stop)
    {
        // What answers with the problem begins the answer anew.
        http.Response.OnStarting(() =>
        {
            http.Response.Headers.Allow = "POST";
            return Task.CompletedTask;
        });
        throw new Refused(
            StatusCodes.Status405MethodNotAllowed,
            new(
                "mcp.post-only",
                What: $"{http.Request.Method} is not answered at {Path}.",
                Why: "There are no sessions here, so there is no stream to listen to and none to end.",
                Fix: $"Ask by POST {Path}."
            )
        );
    }

    /// <summary>Operations in the name of who asks. What a conversation holds may have been written by anybody, so its holder is an agent.</summary>
    internal static AskOperation AskFor(HttpContext http, Gatekeeper gatekeeper, EngineContext engine)
    {
        var caller = Door.CallerOf(http).AsAgent();
        return (name, input, stop) =>
        {
            var operation = Find(name);
            UploadFace.Resolve(operation, input, http, engine);
            return gatekeeper.RunAsync(operation, input, caller, stop);
        };
    }

    /// <summary>The same, where nobody sends anything with it.</summary>
    internal static AskOperation AskAs(Principal agent, Gatekeeper gatekeeper) =>
        (name, input, stop) => gatekeeper.RunAsync(Find(name), input, agent, stop);

    private static Operation Find(string name) =>
        AllOperations.Entries.FirstOrDefault(one => one.Name == name && one.Runs is Runs.InServer)
        ?? throw new InvalidOperationException($"A tool asks for '{name}', which there is not.");

    private sealed class BodyLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => 1 << 20;
    }
}
