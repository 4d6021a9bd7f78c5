using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Shows where people can sign in beside Fairlead itself.</summary>
public static class ListProviders
{
    public sealed record Input;

    public sealed record Output(IReadOnlyList<SetProvider.Output> Providers);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "idp.list",
            "List the OpenID providers at which people sign in.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead idp list"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var desk = PeopleRules.NeedOwner(engine);
        return new([.. (await desk.Providers.AllAsync(stop)).Select(one => SetProvider.View(one, desk))]);
    }
}
