using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Acts;
using AppStatus = Fairlead.Engine.Operations.Status;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>What waits for people to say yes.</summary>
public sealed class ApprovalsPage : IPage
{
    public string Route => "/ui/approvals";

    public string Section => "Approvals";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var status = await asking.AskAsync<AppStatus.Output>(AppStatus.Operation, [], stop);
        var waiting = status
            .Apps.Select(static one => one.Deployment)
            .OfType<DeploymentView>()
            .Where(static one => one.Phase == DeploymentPhase.AwaitingApproval)
            .ToList();
        var rows = new List<Block.Row>();
        foreach (var one in waiting)
        {
            rows.Add(RowOf(one) with { Acts = await Offered.ToAsync(asking, ActsOn(one), stop) });
        }
        return new Sheet(
            "A release that goes where an environment asks for approvals waits here: it is built and planned, and touched nothing yet.",
            [
                new Block.Table(
                    "Waiting",
                    ["Release", "Environment", "~Asked for by", "Since", "~Plan", "~Said yes"],
                    rows
                )
                {
                    Nothing = "Nothing waits. Environments ask for approvals in their manifest.",
                    Command = "fairlead deploy",
                },
            ]
        ).As(
            waiting.Count == 0
                ? "Nothing waits for a yes"
                : $"{Texts.Count(waiting.Count, "release waits", "releases wait")} for a yes"
        );
    }

    private static Block.Row RowOf(DeploymentView one) =>
        new(
            one.Id,
            [
                Cell.Link($"{one.App}@{one.Release}", Links.Deployment(one.Id)),
                one.Environment,
                Texts.Who(one.RequestedBy ?? "–"),
                Cell.Time(one.RequestedAt),
                Cell.Code(one.Plan),
                one.ApprovedBy is { Count: > 0 } said ? string.Join(", ", said.Select(Texts.Who)) : "nobody yet",
            ]
        );

    private static IEnumerable<Act> ActsOn(DeploymentView one)
    {
        var own = Offered.On("deployment", one.Id);
        var plan = new Dictionary<string, string>(own);
        if (one.Plan is { } digest)
        {
            plan["plan"] = digest;
        }
        yield return new(
            $"Approve {one.App}@{one.Release}",
            Approve.Operation,
            $"Says yes to exactly this plan: {one.Plan}. It rolls out then.",
            plan
        )
        {
            Asks = [Ask.Reason],
        };
        yield return new(
            $"Reject {one.App}@{one.Release}",
            Reject.Operation,
            "Ends it. Whoever asked for it is told why.",
            own
        )
        {
            IsGrave = true,
            Asks = [Ask.Reason with { IsNeeded = true }],
        };
    }
}
