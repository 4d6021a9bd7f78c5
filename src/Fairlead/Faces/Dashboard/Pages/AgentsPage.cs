using System.Text.Json.Nodes;
using Fairlead.Engine.Operations.Agents;
using Fairlead.Engine.Operations.Handoffs;
using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Faces.Dashboard.Charts;
using Fairlead.Model.Agents;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>What programs that decide for themselves plan, did and may; and what was handed over.</summary>
public sealed class AgentsPage : IPage
{
    public string Route => "/ui/agents";

    public string Section => "Agents";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var all = place.Asked("show") == "all";
        var shown = new JsonObject { ["all"] = all };
        var plans = (await asking.AskAsync<ListPlans.Output>(ListPlans.Operation, shown, stop)).Plans;
        var agents = await asking.TryAsync<ListAgents.Output>(ListAgents.Operation, [], stop);
        var handoffs = await asking.TryAsync<ListHandoffs.Output>(ListHandoffs.Operation, shown, stop);
        var blocks = new List<Block>
        {
            new Block.Acts(await Offered.ToAsync(asking, ActsOn(agents), stop)),
            new Block.Filter(
                Route,
                [new("show", "Plans and hand-offs", place.Asked("show") ?? "open", ["open", "all"])]
            ),
            Plans(plans),
            Handoffs(handoffs?.Handoffs ?? []),
        };
        if (agents is not null)
        {
            blocks.Add(new Block.Beside([Today(agents), Limits(agents)]));
        }
        return new Sheet(
            "Agents change nothing past a plan. Where a person has to say yes they cannot, and a stop ends all of them at once.",
            blocks
        ).As(AnswerOf(plans, agents?.Freeze));
    }

    private static string AnswerOf(IReadOnlyList<ListPlans.Row> plans, AgentFreeze? freeze) =>
        freeze is not null ? $"Agents are stopped: {freeze.Reason}"
        : plans.Count(static one => one.State is PlanState.AwaitingApproval) is > 0 and var waiting
            ? $"{Texts.Count(waiting, "plan waits", "plans wait")} for a person"
        : plans.Count == 0 ? "No agent plans anything now"
        : "No plan waits for a person";

    private static IEnumerable<Act> ActsOn(ListAgents.Output? agents)
    {
        var none = new Dictionary<string, string>();
        if (agents?.Freeze is not null)
        {
            yield return new("Let agents go on", ThawAgents.Operation, "They may change again what they may.", none);
        }
        else if (agents is not null)
        {
            yield return new(
                "Stop all agents",
                FreezeAgents.Operation,
                "They look, return to what was good, and tell people; nothing else, until somebody lets them go on.",
                none
            )
            {
                IsGrave = true,
                Asks = [new("reason", "Why: agents are told", IsNeeded: true)],
            };
        }
    }

    private static Block.Table Plans(IReadOnlyList<ListPlans.Row> plans) =>
        new(
            "Plans",
            ["Plan", "State", "Risk", "Where", "~By", "~Good until"],
            [
                .. plans.Select(static one => new Block.Row(
                    one.Plan,
                    [
                        Cell.Link(one.Summary, PlanPage.UrlOf(one.Plan)),
                        PlanPage.StateOf(one.State),
                        PlanPage.RiskOf(one.Risk),
                        Cell.Link(one.Site, Links.Site(one.Site)),
                        Texts.Who(one.MadeBy),
                        Cell.Time(one.ExpiresAt),
                    ]
                )),
            ]
        )
        {
            Nothing = "No plan is open.",
            Command = "fairlead agent plan deploy",
        };

    private static Block.Table Handoffs(IReadOnlyList<ListHandoffs.Row> all) =>
        new(
            "Handed over",
            ["What", "State", "Where", "From", "~Owner", "~Until"],
            [
                .. all.Select(static one => new Block.Row(
                    one.Handoff,
                    [
                        Cell.Link(one.Title, $"/ui/handoffs/{Uri.EscapeDataString(one.Handoff)}"),
                        one.IsLate
                            ? new Cell("Late") { Tone = "bad" }
                            : new Cell($"{one.State}") { Tone = HandoffPage.ToneOf(one.State) },
                        Cell.Link(one.Site, Links.Site(one.Site)),
                        $"{one.From}",
                        one.Owner,
                        one.Due is { } due ? $"{due:yyyy-MM-dd}" : "–",
                    ]
                )),
            ]
        )
        {
            Nothing = "Nothing was handed over that holds.",
            Command = "fairlead handoff list --all",
        };

    private static Block.Table Today(ListAgents.Output agents) =>
        new(
            "Today",
            ["Agent", "#Plans applied", "#Replicas", "~Token until"],
            [
                .. agents.Agents.Select(static one => new Block.Row(
                    one.Id,
                    [one.Name, $"{one.Changes}", $"{one.Replicas}", Cell.Time(one.Expires)]
                )),
            ]
        )
        {
            Nothing = "No agent has a token.",
            Command = "fairlead token create NAME --kind agent",
        };

    private static Block.Facts Limits(ListAgents.Output agents) =>
        new(
            "What they may in a day",
            [
                ("Plans applied", Figures.Whole(agents.Limits.Changes)),
                ("Replicas touched", Figures.Whole(agents.Limits.Replicas)),
                (
                    "A person says yes in",
                    agents.Limits.Protected.Count == 0 ? "no environment" : string.Join(", ", agents.Limits.Protected)
                ),
                ("To change it", Cell.Code("fairlead agent limit --changes 20 --protect production")),
            ]
        );
}
