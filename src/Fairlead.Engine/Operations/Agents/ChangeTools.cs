using System.Text.Json.Nodes;
using static Fairlead.Engine.Operations.Agents.ToolJson;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Tools that change what runs, all of them by plans, or back to what was good.</summary>
internal static class ChangeTools
{
    private static readonly ToolField App = new("app", "string");
    private static readonly ToolField Environment = new("environment", "string");
    private static readonly ToolField State = new("state", "string") { IsNeeded = true };

    private static readonly ToolField[] PlanFields =
    [
        new("plan", "string") { IsNeeded = true },
        new("digest", "string") { IsNeeded = true },
        State,
        new("summary", "string"),
        new("diff", "strings"),
        new("steps", "strings"),
        new("risk", "string"),
        new("risk_reasons", "strings"),
        new("blast_radius", "object"),
        new("reversible", "boolean"),
        new("undo", "string"),
        new("cost", "string"),
        new("approval_because", "string"),
        new("next", "string"),
    ];

    public static AgentTool PlanChange { get; } =
        new(
            "plan_change",
            "Plan a change; touches nothing. Returns diff, steps, risk, blast radius, undo, cost and the digest. A protected environment needs a person's approval, which you cannot give.",
            [
                new("kind", "string")
                {
                    IsNeeded = true,
                    Values = ["deploy", "configuration", "scale", "rollback", "infrastructure", "restore", "delete"],
                },
                new("folder", "string", "Folder with fairlead.yaml; of the live release if omitted."),
                App,
                Environment,
                new("set", "strings", "service.env.NAME=value or service.replicas=N"),
                new("release", "integer", "For rollback; the last good one if omitted."),
                new("tool", "string", "For infrastructure.") { Values = ["terraform", "opentofu", "cloudformation"] },
                new("source", "string", "For delete: of a preview."),
                new("branch", "string", "For delete: of a preview."),
                new("database", "string", "For restore."),
                new("backup", "string", "For restore: id; the newest trusted one if omitted."),
                new("to", "string", "For restore: a moment, where the database has points."),
                new("switch", "boolean", "For restore: lead the app to the copy."),
            ],
            PlanFields,
            static async (input, ask, stop) =>
                PlanOf(
                    await ask(
                        "agent.plan",
                        Inputs(
                            input,
                            "kind",
                            "folder",
                            "app",
                            "environment",
                            "set",
                            "release",
                            "tool:with",
                            "source",
                            "branch",
                            "database",
                            "backup",
                            "to",
                            "switch"
                        ),
                        stop
                    )
                )
        )
        {
            Nature = ToolNature.Notes,
        };

    public static AgentTool GetPlan { get; } =
        new(
            "get_plan",
            "Show a plan and whether it was approved; without an id, list open plans.",
            [new("plan", "string")],
            [
                State with
                {
                    IsNeeded = false,
                },
                new("plans", "array"),
                .. PlanFields
                    .Where(static one => one.Name is "plan" or "digest" or "next")
                    .Select(static one => one with { IsNeeded = false }),
            ],
            static async (input, ask, stop) =>
                Text(input, "plan") is { } plan
                    ? PlanOf(await ask("agent.show", new() { ["plan"] = plan }, stop))
                    : new() { ["plans"] = List((await ask("agent.plans", [], stop))["plans"]) }
        );

    public static AgentTool ApplyPlan { get; } =
        new(
            "apply_plan",
            "Do exactly the plan of this digest, once. While it awaits approval nothing is done.",
            [new("plan", "string") { IsNeeded = true }, new("digest", "string") { IsNeeded = true }],
            [new("done", "boolean") { IsNeeded = true }, State, new("deployment", "string"), new("next", "string")],
            static async (input, ask, stop) =>
            {
                var answer = await ask("agent.apply", Inputs(input, "plan", "digest"), stop);
                var result = Pick(answer, "done");
                foreach (var (name, value) in Pick(answer["plan"], "state", "deployment", "next", "outcome"))
                {
                    result[name] = value?.DeepClone();
                }
                return result;
            }
        )
        {
            Nature = ToolNature.Acts,
        };

    public static AgentTool Abort { get; } =
        new(
            "abort",
            "Take back the deployment under way; the live release keeps all traffic.",
            [App with { IsNeeded = true }, Environment, new("reason", "string")],
            Began,
            static async (input, ask, stop) =>
                Under(await ask("abort", Inputs(input, "app", "environment", "reason"), stop))
        )
        {
            Nature = ToolNature.Returns,
        };

    public static AgentTool Rollback { get; } =
        new(
            "rollback",
            "Return to the last good release at once. Always allowed, no plan or approval needed.",
            [App with { IsNeeded = true }, Environment],
            Began,
            static async (input, ask, stop) => Under(await ask("rollback", Inputs(input, "app", "environment"), stop))
        )
        {
            Nature = ToolNature.Returns,
        };

    private static ToolField[] Began =>
        [new("deployment", "string") { IsNeeded = true }, new("release", "integer"), new("phase", "string")];

    private static JsonObject Under(JsonNode view)
    {
        var result = Pick(view, "release", "phase", "replaces");
        result["deployment"] = Text(view, "id");
        return result;
    }

    private static JsonObject PlanOf(JsonNode view)
    {
        var result = Pick(view, "plan", "kind", "app", "environment", "summary", "digest", "state");
        var content = view["content"];
        foreach (var name in (string[])["diff", "steps", "risk", "undo", "cost", "warnings"])
        {
            result[name] = content?[name]?.DeepClone();
        }
        result["risk_reasons"] = content?["riskReasons"]?.DeepClone();
        result["blast_radius"] = content?["blast"]?.DeepClone();
        result["reversible"] = content?["isReversible"]?.DeepClone();
        foreach (
            var (name, value) in new[]
            {
                ("approval_because", "approvalBecause"),
                ("approved_by", "approvedBy"),
                ("expires_at", "expiresAt"),
                ("outcome", "outcome"),
                ("deployment", "deployment"),
                ("next", "next"),
            }
        )
        {
            if (view[value] is { } given)
            {
                result[name] = given.DeepClone();
            }
        }
        return result;
    }
}
