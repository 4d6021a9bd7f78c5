#pragma warning disable MCP9005 // The suite asks for what the newer revision is about to leave behind.
using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Fairlead.Scenarios.Agents.Conformance;

/// <summary>The suite's tools that come back with a question before they answer (SEP-2322), without any state here.</summary>
internal static class FixtureRounds
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    [McpServerTool(Name = "test_input_required_result_elicitation"), Description("Asks for a name.")]
    public static string Name(RequestContext<CallToolRequestParams> request) =>
        request.Params?.InputResponses?.TryGetValue("user_name", out var said) is true && NameIn(said) is { } name
            ? $"Hello, {name}!"
            : throw Ask(("user_name", NameQuestion("What is your name?")));

    [McpServerTool(Name = "test_input_required_result_sampling"), Description("Asks the client's model.")]
    public static string Capital(RequestContext<CallToolRequestParams> request) =>
        request.Params?.InputResponses?.TryGetValue("capital_question", out var said) is true
            ? FixtureTools.TextOf(said.Deserialize(InputResponse.CreateMessageResultJsonTypeInfo))
            : throw Ask(("capital_question", Sampling("What is the capital of France?", 100)));

    [McpServerTool(Name = "test_input_required_result_list_roots"), Description("Asks for the client's roots.")]
    public static string Roots(RequestContext<CallToolRequestParams> request) =>
        request.Params?.InputResponses?.TryGetValue("client_roots", out var said) is true
            ? string.Join(
                ", ",
                said.Deserialize(InputResponse.ListRootsResultJsonTypeInfo)?.Roots.Select(static one => one.Uri) ?? []
            )
            : throw Ask(("client_roots", InputRequest.ForRootsList(new())));

    [McpServerTool(Name = "test_input_required_result_request_state"), Description("Keeps its state with the client.")]
    public static string State(RequestContext<CallToolRequestParams> request) =>
        request.Params?.RequestState is { } state && Opened(state) is "confirm"
            ? "state-ok"
            : throw Ask(
                Sealed("confirm"),
                ("confirm", Question("Please confirm", "ok", new ElicitRequestParams.BooleanSchema()))
            );

    [
        McpServerTool(Name = "test_input_required_result_tampered_state"),
        Description("Refuses a state that is not its own.")
    ]
    public static string Tampered(RequestContext<CallToolRequestParams> request) =>
        request.Params?.RequestState is not { } state
            ? throw Ask(
                Sealed("kept"),
                ("confirm", Question("Please confirm", "ok", new ElicitRequestParams.BooleanSchema()))
            )
            : $"state-ok: {Opened(state)}";

    [McpServerTool(Name = "test_input_required_result_multiple_inputs"), Description("Asks three things at once.")]
    public static string Several(RequestContext<CallToolRequestParams> request) =>
        request.Params?.InputResponses is { Count: >= 3 }
            ? "All three came."
            : throw Ask(
                Sealed("several"),
                ("user_name", NameQuestion("What is your name?")),
                ("greeting", Sampling("Generate a greeting", 50)),
                ("client_roots", InputRequest.ForRootsList(new()))
            );

    [McpServerTool(Name = "test_input_required_result_multi_round"), Description("Asks again and again.")]
    public static string Rounds(RequestContext<CallToolRequestParams> request) =>
        (request.Params?.RequestState is { } state ? Opened(state) : "") switch
        {
            "" => throw Ask(Sealed("first"), ("step1", NameQuestion("Step 1: What is your name?"))),
            "first" => throw Ask(
                Sealed("second"),
                (
                    "step2",
                    Question("Step 2: What is your favorite color?", "color", new ElicitRequestParams.StringSchema())
                )
            ),
            _ => "Enough was asked.",
        };

    [McpServerTool(Name = "test_input_required_result_capabilities"), Description("Asks only for what the client can.")]
    public static string Capable(RequestContext<CallToolRequestParams> request)
    {
        if (request.Params?.InputResponses is { Count: > 0 })
        {
            return "It could.";
        }
        var can = request.Server.ClientCapabilities;
        throw Ask([
            .. can?.Sampling is null ? [] : new[] { ("sampled", Sampling("Say something", 20)) },
            .. can?.Elicitation is null ? [] : new[] { ("said", NameQuestion("What is your name?")) },
        ]);
    }

    [McpServerPrompt(Name = "test_input_required_result_prompt"), Description("A prompt that asks first.")]
    public static string Prompt(RequestContext<GetPromptRequestParams> request) =>
        request.Params?.InputResponses?.ContainsKey("user_context") is true
            ? "With that context."
            : throw Ask(
                (
                    "user_context",
                    Question("What context should the prompt use?", "context", new ElicitRequestParams.StringSchema())
                )
            );

    private static InputRequiredException Ask(params (string Key, InputRequest Request)[] questions) =>
        new(questions.ToDictionary(static one => one.Key, static one => one.Request));

    private static InputRequiredException Ask(string state, params (string Key, InputRequest Request)[] questions) =>
        new(questions.ToDictionary(static one => one.Key, static one => one.Request), state);

    private static InputRequest Sampling(string prompt, int tokensMax) =>
        InputRequest.ForSampling(FixtureTools.Asking(prompt, tokensMax));

    private static InputRequest NameQuestion(string message) =>
        Question(message, "name", new ElicitRequestParams.StringSchema());

    private static InputRequest Question(
        string message,
        string field,
        ElicitRequestParams.PrimitiveSchemaDefinition type
    ) =>
        InputRequest.ForElicitation(
            new ElicitRequestParams
            {
                Message = message,
                RequestedSchema = new()
                {
                    Properties = new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition>
                    {
                        [field] = type,
                    },
                    Required = [field],
                },
            }
        );

    private static string? NameIn(InputResponse said)
    {
        try
        {
            return
                said.Deserialize(InputResponse.ElicitResultJsonTypeInfo)?.Content?.TryGetValue("name", out var name)
                    is true
                && name.ValueKind is JsonValueKind.String
                ? name.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Sealed(string state) =>
        $"{state}.{Convert.ToHexStringLower(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(state)))}";

    private static string Opened(string state)
    {
        var plain = state.Split('.')[0];
        return state == Sealed(plain)
            ? plain
            : throw new McpProtocolException("The state is not this server's.", McpErrorCode.InvalidParams);
    }
}
