using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Handoffs;
using Fairlead.Engine.Handoffs.Kinds;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations.Handoffs;

/// <summary>What operations about hand-offs share: the book, and what is set up and taken away with one.</summary>
internal static class HandoffDesk
{
    private const int ReasonLettersMax = 500;

    public static HandoffBook Book(EngineContext engine) =>
        new(engine.Server.Store, () => engine.Server.Conductor.Fence);

    public static string? Clean(string? reason) =>
        reason is null ? null : PlainText.Of(reason.Trim(), ReasonLettersMax);

    /// <summary>An agent adds to what is enforced, and takes nothing of it away.</summary>
    /// <exception cref="ProblemException">The caller is one.</exception>
    public static void DemandPerson(EngineContext engine, string what)
    {
        if (engine.Caller.Kind is PrincipalKind.Agent)
        {
            throw new ProblemException(HandoffProblems.Weakens(what));
        }
    }

    /// <summary>Sets up what an accepted one asks for beside deployments. Twice is as good as once.</summary>
    public static async Task EnactAsync(Handoff handoff, EngineContext engine, CancellationToken stop)
    {
        switch (HandoffReading.BodyOf(handoff))
        {
            case ProductionTestPlan plan:
                foreach (var probe in plan.Probes)
                {
                    var input = new JsonObject
                    {
                        ["url"] = probe.Url,
                        ["name"] = NameOf(handoff, probe.Name),
                        ["every"] = probe.Every,
                    };
                    if (probe.Body is { } body)
                    {
                        input["body"] = body;
                    }
                    await AddMonitor.Operation.RunAsync(input, engine, stop);
                }
                break;
            case MonitoringWishes wishes:
                engine.Demand(Permission.Operate, handoff.Site);
                var rules = new JsonObject { ["name"] = RulesOf(handoff), ["text"] = RuleFileOf(handoff, wishes) };
                await SetRules.Operation.RunAsync(rules, engine, stop);
                break;
        }
    }

    /// <summary>Takes away what was set up for one that holds no longer.</summary>
    public static async Task UndoAsync(Handoff handoff, EngineContext engine, CancellationToken stop)
    {
        try
        {
            switch (HandoffReading.BodyOf(handoff))
            {
                case ProductionTestPlan plan:
                    foreach (var probe in plan.Probes)
                    {
                        var input = new JsonObject { ["monitor"] = NameOf(handoff, probe.Name) };
                        await RemoveMonitor.Operation.RunAsync(input, engine, stop);
                    }
                    break;
                case MonitoringWishes:
                    await RemoveRules.Operation.RunAsync(new() { ["name"] = RulesOf(handoff) }, engine, stop);
                    break;
            }
        }
        catch (ProblemException caught) when (caught.Problem.Trouble is Trouble.NotFound)
        {
            // Somebody removed it before.
        }
    }

    /// <summary>What the monitor is called that one of its probes becomes. Ids may begin with a digit, names may not.</summary>
    internal static string NameOf(Handoff handoff, string name) => $"h{handoff.Id[..8]}-{name}";

    private static string RulesOf(Handoff handoff) => $"handoff-{handoff.Id[..8]}";

    // JSON is YAML, and quotes itself: nothing in a wish can become another key.
    private static string RuleFileOf(Handoff handoff, MonitoringWishes wishes) =>
        new JsonObject
        {
            ["groups"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = RulesOf(handoff),
                    ["rules"] = new JsonArray([
                        .. wishes.Alerts.Select(one => new JsonObject
                        {
                            ["alert"] = one.Name,
                            ["expr"] = one.Query,
                            ["for"] = one.For,
                            ["labels"] = new JsonObject
                            {
                                ["severity"] = one.Severity,
                                ["app"] = handoff.Site.App,
                                ["environment"] = handoff.Site.Environment,
                            },
                            ["annotations"] = new JsonObject { ["summary"] = $"{handoff.Title} ({handoff.Owner})" },
                        }),
                    ]),
                }
            ),
        }.ToJsonString();
}
