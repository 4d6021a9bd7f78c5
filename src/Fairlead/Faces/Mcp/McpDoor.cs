using Fairlead.Engine.Operations.Agents;
using ModelContextProtocol.Server;

namespace Fairlead.Faces.Mcp;

/// <summary>Gives each request its conversation.</summary>
internal sealed class McpDoor
{
    /// <summary>In whose name operations are done, by the request.</summary>
    public Func<HttpContext, AskOperation> Ask { get; set; } =
        static _ => throw new InvalidOperationException("Nobody said who may ask.");

    public void Open(HttpContext http, McpServerOptions options) => new McpConversation(Ask(http)).Into(options);
}
