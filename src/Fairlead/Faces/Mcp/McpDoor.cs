using Fairlead.Engine.Operations.Agents;
using Fairlead.Faces.Dashboard.Pages;
using Fairlead.Faces.Http;
using Fairlead.Model.Problems;
using ModelContextProtocol.Server;

namespace Fairlead.Faces.Mcp;

/// <summary>Gives each request its conversation.</summary>
internal sealed class McpDoor
{
    /// <summary>In whose name operations are done, by the request.</summary>
    public Func<HttpContext, AskOperation> Ask { get; set; } =
        static _ => throw new InvalidOperationException("Nobody said who may ask.");

    /// <summary>Told of each call that was refused.</summary>
    public Func<HttpContext, string, Problem, CancellationToken, Task> RefusedAsync { get; set; } =
        static (_, _, _, _) => Task.CompletedTask;

    public void Open(HttpContext http, McpServerOptions options) =>
        new McpConversation(Ask(http))
        {
            RefusedAsync = (tool, problem, stop) => RefusedAsync(http, tool, problem, stop),
            // The dashboard is on the server's machine alone.
            PageOf = plan =>
                Outside.Is(http) ? null : new($"{http.Request.Scheme}://{http.Request.Host}{PlanPage.UrlOf(plan)}"),
        }.Into(options);
}
