namespace Fairlead.Engine.Operations.Agents;

/// <summary>Something that this agent can do for another one.</summary>
/// <param name="Id">In messages; never renamed once shipped.</param>
/// <param name="Tool">The tool that does it.</param>
public sealed record AgentSkill(string Id, string Name, string About, string Tool, IReadOnlyList<string> Examples);

/// <summary>What other agents are offered, as views of the same tools.</summary>
public static class AgentSkills
{
    public static IReadOnlyList<AgentSkill> Entries { get; } =
    [
        new(
            "plan",
            "Plan a change",
            "Plans a deployment, configuration, scaling, rollback or infrastructure, with risk and a digest.",
            "plan_change",
            ["""{"skill":"plan","input":{"kind":"deploy","folder":"upload:DIGEST"}}"""]
        ),
        new(
            "assess-risk",
            "Assess the risk of a change",
            "The same plan, for its risk, blast radius and undo.",
            "plan_change",
            ["""{"skill":"assess-risk","input":{"kind":"scale","app":"shop","set":["api.replicas=4"]}}"""]
        ),
        new(
            "deploy",
            "Apply a plan",
            "Does exactly an approved plan, and follows it to its end.",
            "apply_plan",
            ["""{"skill":"deploy","input":{"plan":"40674936","digest":"dd7d731242d83d86"}}"""]
        ),
        new(
            "rollback",
            "Roll back",
            "Returns to the last good release at once.",
            "rollback",
            ["""{"skill":"rollback","input":{"app":"shop"}}"""]
        ),
        new(
            "status",
            "Status",
            "What is live and under way.",
            "status",
            ["""{"skill":"status","input":{"app":"shop"}}"""]
        ),
        new(
            "incident",
            "Look after an incident",
            "Shows, notes, acknowledges, resolves, drafts the post-mortem.",
            "update_incident",
            ["""{"skill":"incident","input":{"incident":3}}"""]
        ),
        new(
            "evidence",
            "Evidence",
            "Who asked and approved, verdicts with numbers, lines of the journal.",
            "evidence",
            ["""{"skill":"evidence","input":{"app":"shop"}}"""]
        ),
        new(
            "drill",
            "Run a drill",
            "Makes a fault in a scratch app: what is noticed, who is told, what recovers.",
            "run_drill",
            ["""{"skill":"drill","input":{"kind":"bad-deploy"}}"""]
        ),
        new(
            "handoff",
            "Hand over",
            "Takes typed hand-offs, which are enforced once they are accepted.",
            "submit_handoff",
            ["""{"skill":"handoff","input":{"document":{"kind":"risk-assessment"}}}"""]
        ),
    ];
}
