using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Says yes to exactly the plan that a deployment waits with.</summary>
public static class Approve
{
    /// <summary>So long ago may somebody have proved who they are.</summary>
    public static readonly TimeSpan ProofGood = TimeSpan.FromMinutes(10);
    private const int ReasonLettersMax = 500;

    public sealed record Input
    {
        [Description("Id of the deployment.")]
        [Positional]
        public required string Deployment { get; init; }

        [Description("The plan's digest, as status shows it: approve this one or none.")]
        public string? Plan { get; init; }

        [Description("Why, for the journal.")]
        public string? Reason { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, DeploymentView>(
            "approve",
            "Say yes to a deployment that waits for approval.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead approve 885e44d0 --reason 'Looked at the canary.'"],
            Needs = Need.Of(Permission.Approve),
        };

    private static async Task<DeploymentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var server = engine.Server;
        var deployment = await WaitingAsync(server, input.Deployment, stop);
        var (record, live, next) = await ReadAsync(server, deployment, stop);
        var plan = PlanDigest.Of(live, next);
        if (input.Plan is { } seen && seen != plan)
        {
            throw new ProblemException(Moved(deployment, seen, plan));
        }
        var approval = new Approval(
            engine.Caller.Id,
            engine.Caller.ToString(),
            plan,
            RolesOf(engine, deployment.Site),
            engine.World.Now,
            engine.World.Now - engine.Caller.ProvedAt < ProofGood
        );
        Check(deployment, approval, [.. Protecting.RulesOf(record, next)], engine.Caller);
        await server.FrontDoor.ApproveAsync(deployment, approval, Clean(input.Reason), stop);
        return await DeploymentViews.OfAsync(server, deployment, stop);
    }

    internal static string? Clean(string? reason) =>
        reason is { Length: > ReasonLettersMax } ? reason[..ReasonLettersMax] : reason;

    /// <exception cref="ProblemException">There is none, or it waits for nobody.</exception>
    internal static async Task<Deployment> WaitingAsync(ServerSide server, string id, CancellationToken stop)
    {
        var deployment = await Sites.DeploymentAsync(server, id, stop);
        return deployment.Phase == DeploymentPhase.AwaitingApproval
            ? deployment
            : throw new ProblemException(
                new Problem(
                    "approval.not-awaited",
                    What: $"{deployment} waits for no approval.",
                    Why: deployment.Phase.IsOver
                        ? "It is over."
                        : "It is not asked for one, or not yet: it is built first.",
                    Fix: $"See how it stands: fairlead follow {id}"
                )
                {
                    Trouble = Trouble.Conflict,
                }
            );
    }

    private static async Task<(SiteRecord Record, Release? Live, Release Next)> ReadAsync(
        ServerSide server,
        Deployment deployment,
        CancellationToken stop
    )
    {
        var document = await server.Store.ReadAsync(Records.Sites, deployment.Site.ToString(), stop);
        var record = document is null ? new SiteRecord(deployment.Site) : Records.Read<SiteRecord>(document);
        var live = record.Live is { } number ? await Sites.ReleaseAsync(server, record.Site, number, stop) : null;
        return (record, live, await Sites.ReleaseAsync(server, record.Site, deployment.Release, stop));
    }

    private static IReadOnlyList<string> RolesOf(EngineContext engine, Site site) =>
        engine.Caller.Kind is PrincipalKind.Owner ? ["owner"]
        : engine.Standing is { } standing ? standing.Policy.RolesOn(standing.Caller, site)
        : [];

    private static void Check(
        Deployment deployment,
        Approval approval,
        IReadOnlyList<Protection> rules,
        Principal caller
    )
    {
        if (deployment.Approvals.Any(one => one.By == approval.By))
        {
            throw new ProblemException(
                Refused("twice", $"{caller.Name} approved it already.", "One person is one yes.", "Ask another one.")
            );
        }
        if (!Protecting.MayCount(deployment, approval))
        {
            throw new ProblemException(
                Refused(
                    "own",
                    "Nobody approves what they asked for themselves.",
                    $"{deployment} was asked for by {deployment.RequestedBy?.Name ?? "somebody who was not remembered"}; four eyes are two people.",
                    "Ask another one with the role: fairlead access check --permission approve"
                )
            );
        }
        if (rules.Any(rule => Protecting.Serves(rule, approval)))
        {
            return;
        }
        throw new ProblemException(
            rules.Any(rule => Protecting.Serves(rule, approval with { IsProved = true }))
                ? Refused(
                    "step-up",
                    "An approval here needs a fresh proof of who you are.",
                    $"The environment asks for it, and the last one is older than {ProofGood.TotalMinutes:0} minutes, or there is none.",
                    "Prove it at /account with your passkey, code or password, then approve again."
                )
                : Refused(
                    "wrong-role",
                    $"{caller.Name}'s approval does not count here.",
                    $"It takes one from {string.Join(" or ", rules.SelectMany(rule => rule.From).Distinct())}.",
                    "Ask somebody of that role."
                )
        );
    }

    private static Problem Moved(Deployment deployment, string seen, string plan) =>
        new(
            "plan.moved",
            What: $"The plan {seen} is not what {deployment} would do.",
            Why: $"It would do the plan {plan}.",
            Fix: $"Look at it, then: fairlead approve {deployment.Id} --plan {plan}"
        )
        {
            Trouble = Trouble.Conflict,
        };

    private static Problem Refused(string code, string what, string why, string fix) =>
        new($"approval.{code}", what, why, fix) { Trouble = Trouble.NotAllowed };
}
