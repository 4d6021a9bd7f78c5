using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Agents;

/// <summary>What other agents are asked by A2A 1.0 over JSON-RPC, and what they answer. Pure: nobody vouches for an answer's shape.</summary>
internal static class PeerSpeech
{
    private const string Version = "1.0";
    private const int SaidLettersMax = 1_000;

    /// <summary>Asks for a card.</summary>
    public static WireRequest Card(Uri at, AddressKind most) => new(at, most);

    /// <summary>Hands something over. Sent twice it is the same message.</summary>
    public static WireRequest Send(AgentPeer peer, string? token, Handoff handoff) =>
        Ask(
            peer,
            token,
            "SendMessage",
            new()
            {
                ["message"] = new JsonObject
                {
                    ["messageId"] = $"handoff-{handoff.Id}",
                    ["role"] = "ROLE_USER",
                    ["parts"] = new JsonArray(
                        new JsonObject
                        {
                            ["text"] = $"{handoff.Kind} for {handoff.Site}: {handoff.Title}",
                            ["mediaType"] = "text/plain",
                        },
                        new JsonObject { ["data"] = DocumentOf(handoff), ["mediaType"] = "application/json" }
                    ),
                },
                ["configuration"] = new JsonObject
                {
                    ["acceptedOutputModes"] = new JsonArray("application/json", "text/plain"),
                    // Nobody's connection is held for as long as work takes.
                    ["returnImmediately"] = true,
                },
            }
        );

    /// <summary>Asks how a task stands.</summary>
    public static WireRequest Look(AgentPeer peer, string? token, string task) =>
        Ask(peer, token, "GetTask", new() { ["id"] = task, ["historyLength"] = 0 });

    /// <summary>Where a card says that this is spoken; null when it is not.</summary>
    /// <param name="at">Where the card is: a token is shown at no other host than the one that was named.</param>
    public static (Uri Endpoint, string Name)? Read(JsonNode? card, Uri at)
    {
        if (card is not JsonObject known || Text(known, "name") is not { Length: > 0 } name)
        {
            return null;
        }
        foreach (var one in known["supportedInterfaces"] as JsonArray ?? [])
        {
            if (
                one is JsonObject spoken
                && Text(spoken, "protocolBinding") is "JSONRPC"
                && Text(spoken, "protocolVersion") is { } version
                && (version == Version || version.StartsWith($"{Version}.", StringComparison.Ordinal))
                && Uri.TryCreate(Text(spoken, "url"), UriKind.Absolute, out var url)
                && url.GetLeftPart(UriPartial.Authority) == at.GetLeftPart(UriPartial.Authority)
            )
            {
                return (url, PlainText.Of(name, 100));
            }
        }
        return null;
    }

    /// <summary>How far a delivery came by an answer.</summary>
    public static PeerDelivery After(PeerDelivery delivery, JsonNode? answer)
    {
        var said = answer as JsonObject;
        if (said?["error"] is JsonObject error)
        {
            return delivery with
            {
                Ended = $"It was refused: {PlainText.Of(Text(error, "message") ?? "", SaidLettersMax)}",
            };
        }
        var result = said?["result"] as JsonObject;
        var task = result?["task"] as JsonObject ?? (result?["status"] is JsonObject ? result : null);
        if (task is not null && Text(task, "id") is { Length: > 0 and <= 200 } id)
        {
            var state = PlainText.Of(Text(task["status"] as JsonObject ?? [], "state") ?? "", 60);
            return delivery with
            {
                Task = id,
                State = state,
                Said = WordsOf((task["status"] as JsonObject)?["message"]) ?? delivery.Said,
                Ended = EndOf(state),
            };
        }
        return result?["message"] is { } message
            ? delivery with
            {
                State = "answered",
                Said = WordsOf(message) ?? "",
                Ended = "It was taken, and answered.",
            }
            : delivery with
            {
                Ended = "It answered with nothing that A2A 1.0 has.",
            };
    }

    private static string? EndOf(string state) =>
        state switch
        {
            "TASK_STATE_COMPLETED" => "It was taken, and is done.",
            "TASK_STATE_FAILED" or "TASK_STATE_CANCELED" or "TASK_STATE_REJECTED" =>
                $"It was taken and ended as {state}.",
            "TASK_STATE_INPUT_REQUIRED" or "TASK_STATE_AUTH_REQUIRED" => "It was taken, and a person is asked back.",
            _ => null,
        };

    private static string? WordsOf(JsonNode? message)
    {
        var texts = ((message as JsonObject)?["parts"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Select(static one => Text(one, "text"))
            .OfType<string>();
        var all = string.Join('\n', texts);
        return all.Length == 0 ? null : PlainText.Of(all, SaidLettersMax);
    }

    private static WireRequest Ask(AgentPeer peer, string? token, string method, JsonObject input) =>
        new(peer.Endpoint, peer.Most)
        {
            Body = new()
            {
                ["jsonrpc"] = "2.0",
                ["id"] = 1,
                ["method"] = method,
                ["params"] = input,
            },
            Headers =
            [
                ("A2A-Version", Version),
                ("Accept", "application/json"),
                .. token is null ? [] : new[] { ("Authorization", $"Bearer {token}") },
            ],
            Secrets = token is null ? [] : [token],
        };

    // As whoever hands something over to us writes it.
    private static JsonObject DocumentOf(Handoff handoff) =>
        new()
        {
            ["kind"] = handoff.Kind,
            ["version"] = handoff.Version,
            ["handoff"] = handoff.Id,
            ["from"] = JsonSerializer.SerializeToNode(handoff.From, Records.Json),
            ["to"] = JsonSerializer.SerializeToNode(handoff.To, Records.Json),
            ["app"] = handoff.Site.App,
            ["environment"] = handoff.Site.Environment,
            ["title"] = handoff.Title,
            ["owner"] = handoff.Owner,
            ["offeredAt"] = handoff.OfferedAt,
            ["body"] = handoff.Body.DeepClone(),
        };

    private static string? Text(JsonObject from, string name) =>
        from[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
