using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Shows who can sign in.</summary>
public static class ListPeople
{
    public sealed record Input;

    public sealed record Output(IReadOnlyList<PersonView> People);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("person.list", "List the people who can sign in, and how.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead person list"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var all = await PeopleRules.NeedOwner(engine).Parts.People.AllAsync(stop);
        return new([.. all.OrderBy(one => one.Email, StringComparer.Ordinal).Select(PersonView.Of)]);
    }
}
