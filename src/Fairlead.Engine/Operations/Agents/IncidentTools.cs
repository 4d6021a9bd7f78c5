using System.Text.Json.Nodes;
using Fairlead.Engine.Responding.Drills;
using static Fairlead.Engine.Operations.Agents.ToolJson;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Tools for what hurts users.</summary>
internal static class IncidentTools
{
    private static readonly ToolField[] Told =
    [
        new("incident", "integer") { IsNeeded = true },
        new("state", "string"),
        new("timeline", "array"),
        new("suspects", "array"),
        new("postmortem", "string"),
    ];

    public static AgentTool Open { get; } =
        new(
            "open_incident",
            "Open an incident that no alert found; people on call are told.",
            [
                new("title", "string") { IsNeeded = true },
                new("app", "string"),
                new("environment", "string"),
                new("severity", "string") { Values = ["critical", "major", "minor"] },
            ],
            Told,
            static async (input, ask, stop) =>
                Shown(await ask("incident.open", Inputs(input, "title", "app", "environment", "severity"), stop))
        )
        {
            Nature = ToolNature.Notes,
        };

    public static AgentTool Update { get; } =
        new(
            "update_incident",
            "Acknowledge an incident, note, add a follow-up, resolve it, or draft its post-mortem; given none of these, show it.",
            [
                new("incident", "integer") { IsNeeded = true },
                new("acknowledge", "boolean"),
                new("note", "string"),
                new("follow_up", "string", "What is to be done so that it does not come again."),
                new("owner", "string", "Of the follow-up."),
                new("due", "string", "Of the follow-up, such as 2027-03-31."),
                new("resolve", "string", "What it was and what was done."),
                new("postmortem", "boolean"),
            ],
            Told,
            UpdateAsync
        )
        {
            Nature = ToolNature.Notes,
        };

    public static AgentTool Drill { get; } =
        new(
            "run_drill",
            "Make a fault in a scratch app, to see what is noticed and mended; or show how a drill went.",
            [
                new("kind", "string") { Values = [.. AllDrills.Entries.Select(static one => one.Name)] },
                new("drill", "integer", "One that was begun, in place of a kind."),
            ],
            [new("drill", "integer") { IsNeeded = true }, new("state", "string"), new("text", "string")],
            static async (input, ask, stop) =>
                Pick(
                    Text(input, "kind") is { } kind
                        ? await ask("drill.run", new() { ["kind"] = kind }, stop)
                        : await ask("drill.show", Inputs(input, "drill"), stop),
                    "drill",
                    "state",
                    "failed",
                    "sent",
                    "why",
                    "text"
                )
        )
        {
            Nature = ToolNature.Notes,
        };

    private static async Task<JsonObject> UpdateAsync(JsonObject input, AskOperation ask, CancellationToken stop)
    {
        var number = input["incident"]!.GetValue<int>(); // It is needed.
        JsonObject Of() => new() { ["incident"] = number };
        if (input["acknowledge"]?.GetValue<bool>() is true)
        {
            await ask("incident.acknowledge", Of(), stop);
        }
        if (Text(input, "note") is { } note)
        {
            var said = Of();
            said["text"] = note;
            await ask("incident.note", said, stop);
        }
        if (Text(input, "follow_up") is { } task)
        {
            var said = Of();
            said["text"] = task;
            foreach (var (name, value) in Inputs(input, "owner", "due"))
            {
                said[name] = value?.DeepClone();
            }
            await ask("incident.followup", said, stop);
        }
        if (Text(input, "resolve") is { } reason)
        {
            var said = Of();
            said["reason"] = reason;
            await ask("incident.resolve", said, stop);
        }
        var result = Shown(await ask("incident.show", Of(), stop));
        if (input["postmortem"]?.GetValue<bool>() is true)
        {
            result["postmortem"] = Text(await ask("incident.postmortem", Of(), stop), "text");
        }
        return result;
    }

    private static JsonObject Shown(JsonNode view)
    {
        var result = Pick(
            view,
            "incident",
            "site",
            "severity",
            "state",
            "startedAt",
            "resolvedAt",
            "commander",
            "services",
            "requests",
            "failedRequests",
            "rollback",
            "suspects",
            "followUps",
            "action"
        );
        result["title"] = new JsonObject { [Untrusted] = Text(view, "title") };
        result["timeline"] = Each(
            view["timeline"],
            static one => new JsonObject
            {
                ["at"] = one["at"]?.DeepClone(),
                ["kind"] = one["kind"]?.DeepClone(),
                ["by"] = one["by"]?.DeepClone(),
                [Untrusted] = Text(one, "text"),
            }
        );
        return result;
    }
}
