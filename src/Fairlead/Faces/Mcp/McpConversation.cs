using System.Buffers.Text;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations.Agents;
using Fairlead.Faces.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Web;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Fairlead.Faces.Mcp;

/// <summary>What the Model Context Protocol offers of Fairlead, the same over HTTP and over standard input.</summary>
/// <param name="ask">Does operations in the name of the agent at the other end.</param>
internal sealed class McpConversation(AskOperation ask)
{
    /// <summary>Told of each call that was refused, by the tool; nobody is where the server writes it down itself.</summary>
    public Func<string, Problem, CancellationToken, Task> RefusedAsync { get; init; } =
        static (_, _, _) => Task.CompletedTask;

    /// <summary>Where a person sees a plan, by its id; null where this conversation knows no address.</summary>
    public Func<string, Uri?> PageOf { get; init; } = static _ => null;

    private static readonly TimeSpan ListsGood = TimeSpan.FromMinutes(5);

    private static readonly string Version =
        typeof(McpConversation)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0]
        ?? "0";

    // Made once: they are the same for everybody, in the same order.
    private static readonly IList<Tool> Tools = [.. AgentTools.Entries.Select(ToolOf)];

    /// <summary>Fills in what a server of the protocol needs.</summary>
    public McpServerOptions Into(McpServerOptions options)
    {
        options.ServerInfo = new Implementation
        {
            Name = "fairlead",
            Title = "Fairlead",
            Version = Version,
        };
        options.ServerInstructions = AgentPrompts.Instructions;
        options.Capabilities = new ServerCapabilities
        {
            Tools = new(),
            Prompts = new(),
            Resources = new(),
        };
        options.Handlers = new McpServerHandlers
        {
            ListToolsHandler = static (_, _) =>
                new(
                    new ListToolsResult
                    {
                        Tools = Tools,
                        TimeToLive = ListsGood,
                        CacheScope = CacheScope.Public,
                    }
                ),
            CallToolHandler = CallAsync,
            ListPromptsHandler = static (_, _) =>
                new(
                    new ListPromptsResult
                    {
                        Prompts = [.. AgentPrompts.Entries.Select(PromptOf)],
                        TimeToLive = ListsGood,
                        CacheScope = CacheScope.Public,
                    }
                ),
            GetPromptHandler = static (request, _) => new(PromptFor(request.Params)),
            ListResourcesHandler = ListResourcesAsync,
            ListResourceTemplatesHandler = static (_, _) =>
                new(
                    new ListResourceTemplatesResult
                    {
                        ResourceTemplates = [.. AgentResources.Templates.Select(TemplateOf)],
                        TimeToLive = ListsGood,
                        CacheScope = CacheScope.Public,
                    }
                ),
            ReadResourceHandler = ReadAsync,
        };
        return options;
    }

    private async ValueTask<CallToolResult> CallAsync(
        RequestContext<CallToolRequestParams> request,
        CancellationToken stop
    )
    {
        var name = request.Params?.Name ?? "";
        if (AgentTools.Entries.All(one => one.Name != name))
        {
            throw new McpProtocolException($"Unknown tool: '{name}'", McpErrorCode.InvalidParams);
        }
        var input = InputOf(request.Params?.Arguments);
        try
        {
            var result = await AgentTools.RunAsync(name, input, ask, stop);
            PlanQuestion.AskIfAwaited(name, result, request, PageOf);
            return new()
            {
                Content = [new TextContentBlock { Text = result.ToJsonString() }],
                StructuredContent = JsonSerializer.SerializeToElement(result),
            };
        }
        catch (ProblemException caught)
        {
            // What is not allowed was written down where it was asked.
            if (caught.Problem.Trouble is not Trouble.NotAllowed)
            {
                await RefusedAsync(name, caught.Problem, stop);
            }
            return Failed(caught.Problem);
        }
        catch (FencedException caught)
        {
            return Failed(Problems.SteppingDown(caught));
        }
    }

    private static JsonObject InputOf(IDictionary<string, JsonElement>? arguments)
    {
        var input = new JsonObject();
        try
        {
            foreach (var (key, value) in arguments ?? new Dictionary<string, JsonElement>())
            {
                // A name that comes twice would be found only when somebody asks for it.
                input[key] = JsonTexts.Read(value.GetRawText());
            }
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            throw new McpProtocolException(caught.Message, caught, McpErrorCode.InvalidParams);
        }
        return input;
    }

    private static CallToolResult Failed(Problem problem) =>
        new() { IsError = true, Content = [new TextContentBlock { Text = AgentTools.Told(problem).ToJsonString() }] };

    private async ValueTask<ListResourcesResult> ListResourcesAsync(
        RequestContext<ListResourcesRequestParams> request,
        CancellationToken stop
    )
    {
        try
        {
            var (page, next) = await AgentResources.ListAsync(After(request.Params?.Cursor), ask, stop);
            return new()
            {
                Resources =
                [
                    .. page.Select(static one => new Resource
                    {
                        Uri = one.Uri,
                        Name = one.Name,
                        Description = one.About,
                        MimeType = "application/json",
                    }),
                ],
                NextCursor = next is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(next)),
                TimeToLive = TimeSpan.Zero,
                CacheScope = CacheScope.Private,
            };
        }
        catch (ProblemException caught)
        {
            throw Refused(caught.Problem);
        }
    }

    // A cursor is the last address that was shown, and nothing else: no state is kept for whoever never comes back.
    private static string? After(string? cursor)
    {
        try
        {
            return string.IsNullOrEmpty(cursor) ? null : Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        }
        catch (FormatException caught)
        {
            throw new McpProtocolException("The cursor is none of this server.", caught, McpErrorCode.InvalidParams);
        }
    }

    private async ValueTask<ReadResourceResult> ReadAsync(
        RequestContext<ReadResourceRequestParams> request,
        CancellationToken stop
    )
    {
        var uri = request.Params?.Uri ?? "";
        try
        {
            var read = await AgentResources.ReadAsync(uri, ask, stop);
            return new()
            {
                Contents =
                [
                    new TextResourceContents
                    {
                        Uri = uri,
                        MimeType = "application/json",
                        Text = read.ToJsonString(),
                    },
                ],
                TimeToLive = TimeSpan.Zero,
                CacheScope = CacheScope.Private,
            };
        }
        catch (ProblemException caught) when (caught.Problem.Trouble is Trouble.NotFound)
        {
            throw new McpProtocolException(
                $"{caught.Problem.What} {caught.Problem.Why}",
                caught,
                McpErrorCode.ResourceNotFound
            );
        }
        catch (ProblemException caught)
        {
            throw Refused(caught.Problem);
        }
    }

    private static GetPromptResult PromptFor(GetPromptRequestParams? asked)
    {
        var prompt =
            AgentPrompts.Entries.FirstOrDefault(one => one.Name == asked?.Name)
            ?? throw new McpProtocolException($"Unknown prompt: '{asked?.Name}'", McpErrorCode.InvalidParams);
        return new()
        {
            Description = prompt.About,
            Messages =
            [
                new PromptMessage
                {
                    Role = Role.User,
                    Content = new TextContentBlock
                    {
                        Text = prompt.With(name =>
                            asked?.Arguments?.TryGetValue(name, out var value) is true
                            && value.ValueKind is JsonValueKind.String
                                ? value.GetString()
                                : null
                        ),
                    },
                },
            ],
        };
    }

    private static McpProtocolException Refused(Problem problem) =>
        new($"{problem.What} {problem.Why} {problem.Fix}", McpErrorCode.InvalidRequest);

    private static Tool ToolOf(AgentTool tool) =>
        new()
        {
            Name = tool.Name,
            Description = tool.About,
            InputSchema = JsonSerializer.SerializeToElement(tool.InputSchema),
            OutputSchema = JsonSerializer.SerializeToElement(tool.OutputSchema),
            Annotations = new()
            {
                ReadOnlyHint = tool.Nature.IsReadOnly,
                DestructiveHint = tool.Nature.IsDestructive,
                IdempotentHint = tool.Nature.IsIdempotent,
                OpenWorldHint = false,
            },
        };

    private static Prompt PromptOf(AgentPrompt one) =>
        new()
        {
            Name = one.Name,
            Description = one.About,
            Arguments = [.. one.Needs.Select(static need => new PromptArgument { Name = need, Required = true })],
        };

    private static ResourceTemplate TemplateOf(AgentResource one) =>
        new()
        {
            UriTemplate = one.Uri,
            Name = one.Name,
            Description = one.About,
            MimeType = "application/json",
        };
}
