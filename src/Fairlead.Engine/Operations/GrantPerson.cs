using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Identity;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Says what somebody may do.</summary>
public static class GrantPerson
{
    public sealed record Input
    {
        [Description("Their e-mail address or id.")]
        [Positional]
        public required string Person { get; init; }

        [Description(
            "What they may do, such as operator or deployer@shop/storefront/staging; several with commas between."
        )]
        public required string Role { get; init; }

        [Description("Take it from them instead.")]
        public bool Revoke { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, PersonView>(
            "person.grant",
            "Give somebody a role, or take it from them.",
            Effect.Changes,
            RunAsync
        )
        {
            Needs = Need.OfAll(Permission.Govern),
        };

    /// <exception cref="ProblemException">It would leave no owner.</exception>
    private static async Task<PersonView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var desk = PeopleRules.NeedOwner(engine);
        var grants = PeopleRules.Grants(input.Role);
        var person = await PeopleRules.FindAsync(desk, input.Person, stop);
        Model.Security.Person With(Model.Security.Person one) =>
            one with
            {
                Grants = [.. input.Revoke ? one.Grants.Except(grants) : one.Grants.Union(grants)],
            };
        await PeopleRules.KeepAnOwnerAsync(desk, With(person), stop);
        return PersonView.Of(
            await desk.Parts.People.ChangeAsync(
                person.Id,
                With,
                one =>
                    $"{string.Join(", ", grants.Select(GrantText.Of))} was {(input.Revoke ? "taken from" : "given to")} {one} by {engine.Caller}",
                stop
            )
        );
    }
}
