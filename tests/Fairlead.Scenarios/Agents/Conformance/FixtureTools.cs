#pragma warning disable MCP9005 // The suite asks for what the newer revision is about to leave behind.
using System.ComponentModel;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Fairlead.Scenarios.Agents.Conformance;

/// <summary>The tools that the protocol's own suite asks for, by the names and with the answers that it expects.</summary>
internal static class FixtureTools
{
    internal static readonly byte[] Picture = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
    );

    private static readonly byte[] Sound = Convert.FromBase64String(
        "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="
    );
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    [McpServerTool(Name = "test_simple_text"), Description("Answers with text.")]
    public static string SimpleText() => "This is a simple text response for testing.";

    [McpServerTool(Name = "test_image_content"), Description("Answers with a picture.")]
    public static ContentBlock Image() => ImageContentBlock.FromBytes(Picture, "image/png");

    [McpServerTool(Name = "test_audio_content"), Description("Answers with a sound.")]
    public static ContentBlock Audio() => AudioContentBlock.FromBytes(Sound, "audio/wav");

    [McpServerTool(Name = "test_embedded_resource"), Description("Answers with a resource.")]
    public static ContentBlock Embedded() =>
        Resource("test://embedded-resource", "text/plain", "This is an embedded resource content.");

    [McpServerTool(Name = "test_multiple_content_types"), Description("Answers with one of each.")]
    public static IEnumerable<ContentBlock> Mixed() =>
        [
            new TextContentBlock { Text = "Multiple content types test:" },
            ImageContentBlock.FromBytes(Picture, "image/png"),
            Resource("test://mixed-content-resource", "application/json", """{"test":"data","value":123}"""),
        ];

    [McpServerTool(Name = "test_error_handling"), Description("Fails.")]
    public static string Fails() => throw new McpException("This tool intentionally returns an error for testing");

    [McpServerTool(Name = "test_tool_with_logging"), Description("Writes three lines to the client's log.")]
    public static async Task<string> LogAsync(RequestContext<CallToolRequestParams> request, CancellationToken stop)
    {
        foreach (var line in (string[])["Tool execution started", "Tool processing data", "Tool execution completed"])
        {
            await request.Server.SendNotificationAsync(
                "notifications/message",
                new LoggingMessageNotificationParams
                {
                    Level = LoggingLevel.Info,
                    Data = JsonSerializer.SerializeToElement(line),
                },
                cancellationToken: stop
            );
            await Task.Delay(Pause, stop);
        }
        return "Logged.";
    }

    [McpServerTool(Name = "test_tool_with_progress"), Description("Tells how far it is.")]
    public static async Task<string> ProgressAsync(
        IProgress<ProgressNotificationValue> progress,
        CancellationToken stop
    )
    {
        foreach (var percent in (int[])[0, 50, 100])
        {
            progress.Report(new() { Progress = percent, Total = 100 });
            await Task.Delay(Pause, stop);
        }
        return "Done.";
    }

    [McpServerTool(Name = "test_missing_capability"), Description("Needs a client that samples.")]
    public static string NeedsSampling(RequestContext<CallToolRequestParams> request) =>
        request.Server.ClientCapabilities?.Sampling is not null
            ? "The client samples."
            : throw new MissingRequiredClientCapabilityException(
                new ClientCapabilities { Sampling = new() },
                "The client does not sample."
            );

    [McpServerTool(Name = "test_streaming_elicitation"), Description("Answers with its result alone.")]
    public static string Streams() => "Only a result.";

    [McpServerTool(Name = "test_logging_tool"), Description("Writes to the client's log where the client wants that.")]
    public static string LogsWhereWanted() => "Nobody wanted a log.";

    [McpServerTool(Name = "test_sampling"), Description("Asks the client's model.")]
    public static async Task<string> SampleAsync(
        RequestContext<CallToolRequestParams> request,
        string prompt,
        CancellationToken stop
    )
    {
        var said = await request.Server.SampleAsync(Asking(prompt, 100), stop);
        return $"LLM response: {TextOf(said)}";
    }

    [McpServerTool(Name = "test_elicitation"), Description("Asks the client's user.")]
    public static Task<string> ElicitAsync(
        RequestContext<CallToolRequestParams> request,
        string message,
        CancellationToken stop
    ) =>
        ElicitedAsync(
            request.Server,
            message,
            new()
            {
                ["username"] = new ElicitRequestParams.StringSchema(),
                ["email"] = new ElicitRequestParams.StringSchema(),
            },
            "User response",
            stop
        );

    [McpServerTool(Name = "test_elicitation_sep1034_defaults"), Description("Asks with defaults.")]
    public static Task<string> DefaultsAsync(RequestContext<CallToolRequestParams> request, CancellationToken stop) =>
        ElicitedAsync(
            request.Server,
            "All kinds of defaults",
            new()
            {
                ["name"] = new ElicitRequestParams.StringSchema { Default = "John Doe" },
                ["age"] = new ElicitRequestParams.NumberSchema { Type = "integer", Default = 30 },
                ["score"] = new ElicitRequestParams.NumberSchema { Default = 95.5 },
                ["status"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema
                {
                    Enum = ["active", "inactive", "pending"],
                    Default = "active",
                },
                ["verified"] = new ElicitRequestParams.BooleanSchema { Default = true },
            },
            "Elicitation completed",
            stop
        );

    [McpServerTool(Name = "test_elicitation_sep1330_enums"), Description("Asks with all kinds of choices.")]
    public static Task<string> EnumsAsync(RequestContext<CallToolRequestParams> request, CancellationToken stop) =>
        ElicitedAsync(
            request.Server,
            "All kinds of choices",
            new()
            {
                ["untitledSingle"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema
                {
                    Enum = ["option1", "option2", "option3"],
                },
                ["titledSingle"] = new ElicitRequestParams.TitledSingleSelectEnumSchema
                {
                    OneOf =
                    [
                        Choice("value1", "First Option"),
                        Choice("value2", "Second Option"),
                        Choice("value3", "Third Option"),
                    ],
                },
#pragma warning disable MCP9001 // The suite wants the old way too.
                ["legacyEnum"] = new ElicitRequestParams.LegacyTitledEnumSchema
                {
                    Enum = ["opt1", "opt2", "opt3"],
                    EnumNames = ["Option One", "Option Two", "Option Three"],
                },
#pragma warning restore MCP9001
                ["untitledMulti"] = new ElicitRequestParams.UntitledMultiSelectEnumSchema
                {
                    Items = new() { Enum = ["option1", "option2", "option3"] },
                },
                ["titledMulti"] = new ElicitRequestParams.TitledMultiSelectEnumSchema
                {
                    Items = new()
                    {
                        AnyOf =
                        [
                            Choice("value1", "First Choice"),
                            Choice("value2", "Second Choice"),
                            Choice("value3", "Third Choice"),
                        ],
                    },
                },
            },
            "Elicitation completed",
            stop
        );

    internal static CreateMessageRequestParams Asking(string prompt, int tokensMax) =>
        new()
        {
            Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = prompt }] }],
            MaxTokens = tokensMax,
        };

    internal static string TextOf(CreateMessageResult? said) =>
        said?.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text ?? "";

    private static ElicitRequestParams.EnumSchemaOption Choice(string value, string title) =>
        new() { Const = value, Title = title };

    private static async Task<string> ElicitedAsync(
        McpServer server,
        string message,
        Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> fields,
        string told,
        CancellationToken stop
    )
    {
        var said = await server.ElicitAsync(
            new ElicitRequestParams
            {
                Message = message,
                RequestedSchema = new() { Properties = fields },
            },
            stop
        );
        return $"{told}: action={said.Action}, content={JsonSerializer.Serialize(said.Content)}";
    }

    private static EmbeddedResourceBlock Resource(string uri, string type, string text) =>
        new()
        {
            Resource = new TextResourceContents
            {
                Uri = uri,
                MimeType = type,
                Text = text,
            },
        };
}
