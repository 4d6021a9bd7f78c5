using System.ComponentModel;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Agents;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Plans a change and keeps the plan, so that a person can say yes to it and it can be applied once.</summary>
public static class PlanChange
{
    public sealed record Input
    {
        [Description("deploy, configuration, scale, rollback, infrastructure, restore or delete (of a preview).")]
        [Positional]
        public required PlanKind Kind { get; init; }

        [Description(
            "Folder with the fairlead.yaml, for deploy and infrastructure; that of the live release when left out."
        )]
        [Folder]
        public string? Folder { get; init; }

        [Description("App name; for what is live already.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment, as in the manifest.")]
        public string? Environment { get; init; }

        [Description("What to set: service.env.NAME=value or service.replicas=N.")]
        public IReadOnlyList<string> Set { get; init; } = [];

        [Description("Release number to return to; the last good one when left out.")]
        public int? Release { get; init; }

        [Description("Tool that makes infrastructure: terraform, opentofu or cloudformation.")]
        public string? With { get; init; }

        [Description("Branch whose preview ends.")]
        public string? Branch { get; init; }

        [Description("Source of that preview.")]
        public string? Source { get; init; }

        [Description("Database whose data is brought back; left out where the app has only one.")]
        public string? Database { get; init; }

        [Description("Backup to bring back; the newest that may be trusted when left out.")]
        public string? Backup { get; init; }

        [Description("Moment to bring back, such as 2026-11-28T10:00:00Z, for databases with points.")]
        public string? To { get; init; }

        [Description("Lead the app to what was brought back.")]
        public bool Switch { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, PlanView>(
            "agent.plan",
            "Plan a change, for a person to approve and to be applied once; touches nothing.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead agent plan deploy --folder . --environment staging",
                "fairlead agent plan scale --app shop --set api.replicas=4",
            ],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Always,
            AnswerMax = TimeSpan.FromMinutes(40),
        };

    private static async Task<PlanView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var drafted = await PlanDrafts.MakeAsync(input, engine, stop);
        var (caller, now) = (engine.Caller, engine.World.Now);
        var book = AgentDesk.Book(engine);
        var plan = new AgentPlan
        {
            Id = engine.World.NewId()[..8],
            Kind = input.Kind,
            Site = drafted.Site,
            Order = drafted.Order,
            Basis = drafted.Basis,
            Digest = "",
            Summary = drafted.Summary,
            Content = drafted.Content,
            By = new(caller.Id, $"{caller}", caller.Answerable.Id, caller.Kind is PrincipalKind.Agent),
            MadeAt = now,
            ExpiresAt = now + AgentRules.PlanGood,
        };
        var because = drafted.IsFree
            ? null
            : AgentRules.ApprovalBecause(plan, await book.LimitsAsync(stop), drafted.Protections);
        plan = plan with
        {
            Digest = AgentRules.DigestOf(plan),
            ApprovalBecause = because,
            State = because is null ? PlanState.Ready : PlanState.AwaitingApproval,
        };
        await book.AddAsync(plan, stop);
        return PlanView.Of(plan, now);
    }
}
