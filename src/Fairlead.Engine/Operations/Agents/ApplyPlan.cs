using System.ComponentModel;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Does exactly what a plan says, once, or nothing.</summary>
public static class ApplyPlan
{
    public sealed record Input
    {
        [Description("Id of the plan.")]
        [Positional]
        public required string Plan { get; init; }

        [Description("Its digest, as it was shown: do this one or none.")]
        public required string Digest { get; init; }
    }

    /// <param name="Done">Whether anything was done; not while a person still has to say yes.</param>
    /// <param name="Deployment">The deployment that began.</param>
    public sealed record Output(bool Done, PlanView Plan, DeploymentView? Deployment);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("agent.apply", "Do exactly what a plan says, once.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead agent apply 40674936 --digest dd7d731242d83d86"],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Freely,
            AnswerMax = TimeSpan.FromMinutes(40),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var book = AgentDesk.Book(engine);
        var (plan, version) = await book.FindAsync(input.Plan, stop);
        engine.Demand(Permission.Deploy, plan.Site);
        Check(plan, input.Digest, engine);
        if (plan.State is PlanState.AwaitingApproval)
        {
            return new(Done: false, PlanView.Of(plan, engine.World.Now), Deployment: null);
        }
        var spent = await SpendAsync(plan, book, engine, stop);
        var draft = await PlanDrafts.AgainAsync(plan, engine, stop);
        if (draft.Basis != plan.Basis || draft.Site != plan.Site)
        {
            var stale = plan with { State = PlanState.Stale, Outcome = "The world changed since it was made." };
            await book.ChangeAsync((stale, version), $"the plan {plan.Id} is stale", [], stop);
            throw new ProblemException(AgentProblems.Stale(plan));
        }
        await CheckFreeAsync(plan, engine, stop);
        var applied = plan with
        {
            State = PlanState.Applied,
            AppliedAt = engine.World.Now,
            Outcome = $"{engine.Caller} applied it.",
        };
        // Before it is done: whoever comes at the same moment is refused here, and what was done is never done twice.
        await book.ChangeAsync(
            (applied, version),
            $"the plan {plan.Id}, digest {plan.Digest}, is applied, by {engine.Caller}",
            spent,
            stop
        );
        return await DoAsync((applied, version + 1), draft, engine, stop);
    }

    private static void Check(AgentPlan plan, string digest, EngineContext engine)
    {
        var now = engine.World.Now;
        if (!plan.Digest.Equals(digest.Trim(), StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(AgentProblems.WrongDigest(plan, digest));
        }
        if (engine.Caller is { Kind: PrincipalKind.Agent } agent && plan.By.Id != agent.Id)
        {
            throw new ProblemException(AgentProblems.NotYours(plan));
        }
        var state = plan.StateAt(now);
        if (state is not (PlanState.Ready or PlanState.AwaitingApproval or PlanState.Approved))
        {
            throw new ProblemException(AgentProblems.Over(plan, state));
        }
        if (plan.State is PlanState.Approved && now - plan.Approval!.At >= AgentRules.ApprovalGood) // Approved by somebody.
        {
            throw new ProblemException(
                AgentProblems.Over(
                    plan with
                    {
                        Outcome = $"The yes was good until {plan.Approval.At + AgentRules.ApprovalGood:u}.",
                    },
                    PlanState.Expired
                )
            );
        }
    }

    // What returns to the last good release costs nothing: nobody shall hesitate to do it.
    private static async Task<IReadOnlyList<Write>> SpendAsync(
        AgentPlan plan,
        AgentBook book,
        EngineContext engine,
        CancellationToken stop
    )
    {
        if (engine.Caller.Kind is not PrincipalKind.Agent)
        {
            return [];
        }
        var (day, writeOf) = await book.DayAsync(engine.Caller.Id, stop);
        return [writeOf(AgentRules.Spend(day, plan, await book.LimitsAsync(stop)))];
    }

    private static async Task CheckFreeAsync(AgentPlan plan, EngineContext engine, CancellationToken stop)
    {
        var record = (await Sites.AllAsync(engine.Server, stop)).FirstOrDefault(one => one.Site == plan.Site);
        if (
            plan.Kind is not (PlanKind.Rollback or PlanKind.Delete or PlanKind.Restore)
            && (record?.Active ?? (record?.Queue is [var first, ..] ? first : null)) is { } active
        )
        {
            throw new ProblemException(AgentProblems.Busy(plan.Site, active));
        }
    }

    private static async Task<Output> DoAsync(
        (AgentPlan Plan, int Version) applied,
        PlanDraft draft,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var (plan, version) = applied;
        var book = AgentDesk.Book(engine);
        try
        {
            var (deployment, outcome) = await ByKindAsync(plan, draft, engine, stop);
            var done = plan with { Deployment = deployment?.Id, Outcome = outcome };
            await book.ChangeAsync((done, version), $"the plan {plan.Id}: {outcome}", [], stop);
            return new(Done: true, PlanView.Of(done, engine.World.Now), deployment);
        }
        catch (ProblemException caught)
        {
            var failed = plan with
            {
                State = PlanState.Failed,
                Outcome = $"{caught.Problem.What} {caught.Problem.Why}",
            };
            await book.ChangeAsync(
                (failed, version),
                $"the plan {plan.Id} was refused: {caught.Problem.What}",
                [],
                stop
            );
            throw;
        }
    }

    private static async Task<(DeploymentView? Deployment, string Outcome)> ByKindAsync(
        AgentPlan plan,
        PlanDraft draft,
        EngineContext engine,
        CancellationToken stop
    )
    {
        switch (plan.Kind)
        {
            case PlanKind.Rollback:
                var back = await engine.Server.FrontDoor.RollbackAsync(plan.Site, draft.Order.Release!.Value, stop); // The draft set it.
                return (await DeploymentViews.OfAsync(engine.Server, back, stop), $"{back} is on its way back.");
            case PlanKind.Infrastructure:
                // Without a name typed to confirm: a plan in which data is lost is refused here, whoever approved it.
                var made = await ApplyInfrastructure.RunAsync(
                    new()
                    {
                        App = plan.Site.App,
                        Environment = plan.Site.Environment,
                        Plan = plan.Basis,
                    },
                    engine,
                    engine.Server.Infrastructure,
                    stop
                );
                return (null, made.Done);
            case PlanKind.Restore:
                // By the yes of somebody who may do it: see ApprovePlan.
                var restored = await RestoreBackup.RunAsync(
                    new()
                    {
                        App = plan.Site.App,
                        Environment = plan.Site.Environment,
                        Database = plan.Order.Database,
                        Backup = plan.Order.Backup,
                        To = plan.Order.To,
                        Switch = plan.Order.Switch,
                    },
                    engine,
                    stop
                );
                return (null, $"{restored.Backup} was brought back as {restored.Into}. {restored.Next}");
            case PlanKind.Delete:
                var gone = await RemovePreview.RunAsync(
                    new() { Branch = plan.Order.Branch!, Source = plan.Order.Source! },
                    engine,
                    stop
                ); // The draft demanded both.
                return (null, $"The preview of {PlainText.Of(gone.Branch, 100)} ends.");
            default:
                return await DeployAsync(plan, engine, stop);
        }
    }

    private static async Task<(DeploymentView? Deployment, string Outcome)> DeployAsync(
        AgentPlan plan,
        EngineContext engine,
        CancellationToken stop
    )
    {
        // The yes was for this plan, so it counts where the environment asks for approvals too.
        var approvals = plan.Approval is { } yes ? new[] { yes with { Plan = plan.Basis } } : Array.Empty<Approval>();
        var bringing = engine with
        {
            Server = engine.Server with { FrontDoor = engine.Server.FrontDoor.Bringing(approvals) },
        };
        var asked = new Deploy.Input
        {
            Folder = plan.Order.Folder!, // The draft demanded it.
            Environment = plan.Site.Environment,
            Set = plan.Order.Set,
            Plan = plan.Basis,
        };
        var output = await Deploy.RunAsync(asked, bringing, stop);
        return (output.Deployment, output.Summary);
    }
}
