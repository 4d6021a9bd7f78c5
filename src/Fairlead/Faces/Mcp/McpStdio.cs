using Fairlead.Engine.Operations.Agents;
using ModelContextProtocol.Server;

namespace Fairlead.Faces.Mcp;

/// <summary>Speaks the protocol over standard input and output until one of them ends.</summary>
internal static class McpStdio
{
    public static async Task RunAsync(AskOperation ask, CancellationToken stop)
    {
        var options = new McpConversation(ask).Into(new McpServerOptions());
        await using var transport = new StdioServerTransport(options);
        await using var server = McpServer.Create(transport, options);
        try
        {
            await server.RunAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was told to end.
        }
    }
}
