using System.Text.Json.Nodes;
using static Fairlead.Engine.Operations.Agents.ToolJson;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Tools for what roles hand over to each other.</summary>
internal static class HandoffTools
{
    public static AgentTool Submit { get; } =
        new(
            "submit_handoff",
            "Hand over a typed document, accept or reject one by id, or write one of what Fairlead knows. An accepted one is enforced as gates, checks or monitors; one that would enforce nothing is refused. Kinds and bodies: search_docs 'hand-offs'.",
            [
                new("document", "object", "kind, version, app, environment, title, owner, due, body"),
                new("accept", "string", "Id."),
                new("reject", "string", "Id."),
                new("reason", "string", "Of a rejection."),
                new("write", "string")
                {
                    Values = ["troubleshooting-brief", "status-update", "incident-brief", "post-mortem"],
                },
                new("app", "string"),
                new("environment", "string"),
                new("incident", "integer"),
            ],
            [
                new("handoff", "string") { IsNeeded = true },
                new("state", "string") { IsNeeded = true },
                new("effects", "strings"),
            ],
            static async (input, ask, stop) =>
                Shown(
                    Text(input, "accept") is { } accepted
                        ? await ask("handoff.accept", new() { ["handoff"] = accepted }, stop)
                    : Text(input, "reject") is { } rejected
                        ? await ask(
                            "handoff.reject",
                            new()
                            {
                                ["handoff"] = rejected,
                                ["reason"] = Text(input, "reason") ?? "no reason was given",
                            },
                            stop
                        )
                    : Text(input, "write") is not null
                        ? await ask(
                            "handoff.write",
                            Inputs(input, "write:kind", "app", "environment", "incident"),
                            stop
                        )
                    : await ask(
                        "handoff.submit",
                        new() { ["text"] = (input["document"] ?? new JsonObject()).ToJsonString() },
                        stop
                    )
                )
        )
        {
            Nature = ToolNature.Notes,
        };

    public static AgentTool List { get; } =
        new(
            "list_handoffs",
            "What was handed over and holds; with an id, that one with its body.",
            [new("app", "string"), new("environment", "string"), new("handoff", "string"), new("all", "boolean")],
            [new("handoffs", "array") { IsNeeded = true }],
            static async (input, ask, stop) =>
                Text(input, "handoff") is { } id
                    ? new()
                    {
                        ["handoffs"] = new JsonArray(
                            Shown(await ask("handoff.show", new() { ["handoff"] = id }, stop))
                        ),
                    }
                    : new()
                    {
                        ["handoffs"] = Each(
                            (await ask("handoff.list", Inputs(input, "app", "environment", "all"), stop))["handoffs"],
                            static one => Shown(one)
                        ),
                    }
        );

    private static JsonObject Shown(JsonNode view)
    {
        var result = Pick(
            view,
            "handoff",
            "kind",
            "state",
            "app",
            "environment",
            "site",
            "from",
            "to",
            "owner",
            "due",
            "isLate",
            "effects",
            "reason",
            "supersedes",
            "body"
        );
        result["title"] = new JsonObject { [Untrusted] = Text(view, "title") };
        return result;
    }
}
