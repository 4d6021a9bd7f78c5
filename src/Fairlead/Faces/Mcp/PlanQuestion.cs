using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Fairlead.Faces.Mcp;

/// <summary>
/// Leads the person at the other end to where they say yes, if the client can ask them. What the client answers is not read: a program may
/// answer by itself, so it only means that somebody may look again. The yes itself is given elsewhere.
/// </summary>
internal static class PlanQuestion
{
    private const string Key = "approval";

    /// <exception cref="InputRequiredException">A plan waits for a person, and the client was not asked yet.</exception>
    public static void AskIfAwaited(
        string tool,
        JsonObject result,
        RequestContext<CallToolRequestParams> request,
        Func<string, Uri?> pageOf
    )
    {
        if (
            tool is not "apply_plan"
            || result["done"]?.GetValue<bool>() is not false
            || !request.Server.IsMrtrSupported
            || request.Server.ClientCapabilities?.Elicitation is not { } elicitation
            || request.Params?.InputResponses?.ContainsKey(Key) is true
            || request.Params?.Arguments?.TryGetValue("plan", out var plan) is not true
        )
        {
            return;
        }
        throw new InputRequiredException(
            new Dictionary<string, InputRequest>
            {
                [Key] = InputRequest.ForElicitation(
                    Question(plan.GetString() ?? "", $"{result["next"]}", elicitation, pageOf)
                ),
            }
        );
    }

    private static ElicitRequestParams Question(
        string plan,
        string next,
        ElicitationCapability client,
        Func<string, Uri?> pageOf
    ) =>
        client.Url is not null && pageOf(plan) is { } page
            ? new()
            {
                Mode = "url",
                ElicitationId = plan,
                Url = page.ToString(),
                Message = $"The plan {plan} waits for your yes on the dashboard.",
            }
            : new()
            {
                Message = $"The plan {plan} waits. {next} Then go on here.",
                RequestedSchema = new()
                {
                    Properties = new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition>(),
                },
            };
}
