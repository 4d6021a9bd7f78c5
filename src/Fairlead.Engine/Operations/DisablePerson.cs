using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Keeps somebody out, or lets them in again.</summary>
public static class DisablePerson
{
    public sealed record Input
    {
        [Description("Their e-mail address or id.")]
        [Positional]
        public required string Person { get; init; }

        [Description("Let them in again instead.")]
        public bool Undo { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, PersonView>(
            "person.disable",
            "Keep somebody out from now on: their sessions end at once.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead person disable ben@example.com"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<PersonView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var desk = PeopleRules.NeedOwner(engine);
        var person = await PeopleRules.FindAsync(desk, input.Person, stop);
        await PeopleRules.KeepAnOwnerAsync(desk, person, person with { IsDisabled = !input.Undo }, stop);
        return PersonView.Of(
            await desk.Parts.People.ChangeAsync(
                person.Id,
                one => one with { IsDisabled = !input.Undo, SessionsFrom = engine.World.Now },
                one => $"{one} was {(input.Undo ? "let in again" : "disabled")} by {engine.Caller}",
                stop
            )
        );
    }
}
