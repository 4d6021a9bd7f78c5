using System.Text.Json.Nodes;
using Fairlead.Engine.Operations.Agents;
using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Model.Agents;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>One planned change: what differs, how risky it is, how it is undone; and the yes or no to exactly that.</summary>
public sealed class PlanPage : IPage
{
    public string Route => "/ui/plans/{plan}";

    public string Section => "Agents";

    public static string UrlOf(string plan) => $"/ui/plans/{Uri.EscapeDataString(plan)}";

    internal static Cell StateOf(PlanState state) =>
        new(States.Said(state == PlanState.AwaitingApproval ? "waits for a person" : $"{state}"))
        {
            Tone = state switch
            {
                PlanState.AwaitingApproval => "warn",
                PlanState.Ready or PlanState.Approved => "motion",
                PlanState.Applied => "good",
                PlanState.Rejected => "bad",
                _ => "mute",
            },
        };

    internal static Cell RiskOf(PlanRisk risk) =>
        new($"{risk} risk")
        {
            Tone = risk switch
            {
                PlanRisk.Low => "good",
                PlanRisk.Medium => "warn",
                _ => "bad",
            },
        };

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var plan = await asking.AskAsync<PlanView>(
            ShowPlan.Operation,
            new JsonObject { ["plan"] = place["plan"] },
            stop
        );
        var content = plan.Content;
        var blocks = new List<Block>
        {
            new Block.Acts(await Offered.ToAsync(asking, ActsOn(plan), stop)),
            new Block.Text("What differs", content.Diff.Count == 0 ? "Nothing." : string.Join('\n', content.Diff)),
            new Block.Beside([Risk(plan), Facts(plan)]),
            new Block.Text(
                "What would be done, in order",
                content.Steps.Count == 0 ? "Nothing." : string.Join('\n', content.Steps)
            ),
        };
        if (content.Warnings.Count > 0)
        {
            blocks.Add(new Block.Text("Warnings", string.Join('\n', content.Warnings)));
        }
        return new Sheet($"{plan.App} in {plan.Environment}. {plan.Next}", blocks).As(AnswerOf(plan)) with
        {
            Crumbs = [("Agents", "/ui/agents"), ($"plan {plan.Plan}", null)],
        };
    }

    private static string AnswerOf(PlanView plan) =>
        plan.State switch
        {
            PlanState.AwaitingApproval => $"Waits for a person: {plan.Summary}",
            PlanState.Applied => $"Done: {plan.Summary}",
            PlanState.Rejected => $"Rejected: {plan.Summary}",
            PlanState.Ready or PlanState.Approved => $"May be done: {plan.Summary}",
            _ => $"Over: {plan.Summary}",
        };

    private static IEnumerable<Act> ActsOn(PlanView plan)
    {
        var on = new Dictionary<string, string> { ["plan"] = plan.Plan };
        var exact = new Dictionary<string, string>(on) { ["digest"] = plan.Digest };
        if (plan.State is PlanState.AwaitingApproval)
        {
            yield return new(
                "Approve",
                ApprovePlan.Operation,
                $"Says yes to exactly the digest {plan.Digest}. Whoever made the plan may do it then, once.",
                exact
            )
            {
                Asks = [Ask.Reason],
            };
        }
        if (plan.State is PlanState.Ready or PlanState.Approved)
        {
            yield return new(
                "Apply",
                ApplyPlan.Operation,
                $"Does exactly the plan {plan.Digest}, once; not if the world moved since.",
                exact
            );
        }
        if (plan.State is PlanState.Ready or PlanState.Approved or PlanState.AwaitingApproval)
        {
            yield return new(
                "Reject",
                RejectPlan.Operation,
                "It can never be applied. Whoever made it is told why.",
                on
            )
            {
                IsGrave = true,
                Asks = [Ask.Reason with { IsNeeded = true }],
            };
        }
    }

    private static Block.Facts Risk(PlanView plan)
    {
        var content = plan.Content;
        var blast = content.Blast;
        return new(
            "Risk",
            [
                ("Risk", RiskOf(content.Risk)),
                (
                    "Because",
                    content.RiskReasons.Count == 0
                        ? "nothing speaks against it"
                        : string.Join("; ", content.RiskReasons)
                ),
                (
                    "Touches",
                    blast.Services.Count == 0
                        ? "no service"
                        : $"{string.Join(", ", blast.Services)}: {Texts.Count(blast.Replicas, "replica")}, {(blast.HasTraffic ? "with visitors" : "without visitors")}"
                ),
                ("Can be undone", content.IsReversible ? "yes, by one rollback" : "not by itself"),
                ("How", content.Undo),
                ("Costs", content.Cost),
            ]
        );
    }

    private static Block.Facts Facts(PlanView plan) =>
        new(
            "Facts",
            [
                ("State", StateOf(plan.State)),
                ("Digest", Cell.Code(plan.Digest)),
                ("Made by", Texts.Who(plan.MadeBy)),
                ("Made", Cell.Time(plan.MadeAt)),
                ("Good until", Cell.Time(plan.ExpiresAt)),
                ("A person, because", plan.ApprovalBecause ?? "nobody has to say yes"),
                ("Approved by", plan.ApprovedBy is { } who ? Texts.Who(who) : "nobody yet"),
                (
                    "What became of it",
                    plan.Deployment is { } id ? Cell.Link("its deployment", Links.Deployment(id)) : plan.Outcome ?? "–"
                ),
            ]
        );
}
