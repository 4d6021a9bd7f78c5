using System.ComponentModel;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations.Identity;
using Fairlead.Model.Agents;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>A person says yes to exactly one plan. No program can, and nobody without having just proved who they are.</summary>
public static class ApprovePlan
{
    public sealed record Input
    {
        [Description("Id of the plan.")]
        [Positional]
        public required string Plan { get; init; }

        [Description("Its digest, as it was shown to you: approve this one or none.")]
        public required string Digest { get; init; }

        [Description("Why, for the journal.")]
        public string? Reason { get; init; }

        [Description("Who you are, by e-mail address; needed where no session says it.")]
        public string? Person { get; init; }

        [Description("Your password, where your address is given.")]
        [Confidential(with: "person")]
        public string? Password { get; init; }

        [Description("The code that your authenticator shows, where you have one.")]
        public string? Code { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, PlanView>(
            "agent.approve",
            "Say yes to exactly one plan, as a person who has just proved who they are.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead agent approve 40674936 --digest dd7d731242d83d86 --person anna@example.org"],
            Needs = Need.Of(Permission.Approve),
        };

    private static async Task<PlanView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var book = AgentDesk.Book(engine);
        var (plan, version) = await book.FindAsync(input.Plan, stop);
        var now = engine.World.Now;
        engine.Demand(Permission.Approve, plan.Site);
        if (plan.StateAt(now) is not PlanState.AwaitingApproval)
        {
            throw new ProblemException(AgentProblems.NotAwaited(plan, plan.StateAt(now)));
        }
        if (!plan.Digest.Equals(input.Digest.Trim(), StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(AgentProblems.WrongDigest(plan, input.Digest));
        }
        var (person, roles) = await WhoAsync(input, plan.Site, engine, stop);
        if (plan.Kind is PlanKind.Restore && person.Kind is not PrincipalKind.Owner)
        {
            // Data is brought back by the yes of somebody who could do it themselves.
            var policy = await AccessBook.PolicyAsync(engine.Server.Store, stop);
            var ruling = policy.On(person, Permission.Secure, plan.Site);
            if (!ruling.IsAllowed)
            {
                throw new ProblemException(
                    AccessProblems.NotAllowed(person, $"bring data of {plan.Site} back", ruling)
                );
            }
        }
        var approved = plan with
        {
            State = PlanState.Approved,
            Approval = new Approval(person.Id, person.ToString(), plan.Digest, roles, now, IsProved: true),
        };
        var reason = Approve.Clean(input.Reason);
        await book.ChangeAsync(
            (approved, version),
            $"{person} approved the plan {plan.Id}, digest {plan.Digest}{(reason is null ? "" : $": {reason}")}",
            [],
            stop
        );
        return PlanView.Of(approved, now);
    }

    /// <summary>The person who says it, proved within the last minutes, with what they are on the site.</summary>
    private static async Task<(Principal Person, IReadOnlyList<string> Roles)> WhoAsync(
        Input input,
        Site site,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var identity = engine.Server.Identity;
        var person = input.Person is { } email ? await ProvedAsync(email, input, engine, stop) : engine.Caller;
        if (person.Kind is PrincipalKind.Owner)
        {
            // On a machine where nobody has an account there is nobody else who could.
            return (await identity.Parts.People.AllAsync(stop)).Count == 0
                ? (person, ["owner"])
                : throw new ProblemException(
                    AgentProblems.NotAPerson(
                        "People have accounts here, and a program on this machine could say yes as its owner."
                    )
                );
        }
        if (person.Kind is not PrincipalKind.Person)
        {
            throw new ProblemException(AgentProblems.NotAPerson("A token is not a person."));
        }
        if (!(engine.World.Now - person.ProvedAt < Approve.ProofGood))
        {
            throw new ProblemException(
                AgentProblems.NotAPerson(
                    $"The last proof is older than {Approve.ProofGood.TotalMinutes:0} minutes, or there is none."
                )
            );
        }
        var policy = await AccessBook.PolicyAsync(engine.Server.Store, stop);
        var ruling = policy.On(person, Permission.Approve, site);
        return ruling.IsAllowed
            ? (person, policy.RolesOn(person, site))
            : throw new ProblemException(AccessProblems.NotAllowed(person, $"approve on {site}", ruling));
    }

    private static async Task<Principal> ProvedAsync(
        string email,
        Input input,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var signIn = engine.Server.Identity.SignIn;
        if (input.Password is not { Length: > 0 } password)
        {
            throw new ProblemException(AgentProblems.NotAPerson("An address alone proves nothing."));
        }
        var signed =
            await signIn.ByPasswordAsync(
                (email, password, input.Code),
                new Visitor("the API", "fairlead agent approve"),
                stop
            )
            ?? throw new ProblemException(
                AgentProblems.NotAPerson("A code of the authenticator is wanted too: --code")
            );
        var principal = await signIn.KnowAsync(signed.Secret, stop);
        // It was only a proof: nobody stays signed in by it.
        await signIn.SignOutAsync(signed.Secret, stop);
        return (principal ?? throw new ProblemException(AgentProblems.NotAPerson("The account is closed."))) with
        {
            ProvedAt = engine.World.Now,
        };
    }
}
