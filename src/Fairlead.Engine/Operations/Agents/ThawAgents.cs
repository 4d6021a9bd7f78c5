using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Lets agents change again what they may.</summary>
public static class ThawAgents
{
    public sealed record Input;

    /// <param name="WasFrozen">Whether they were stopped.</param>
    public sealed record Output(bool WasFrozen);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("agent.thaw", "Let agents change again what they may.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead agent thaw"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var book = AgentDesk.Book(engine);
        var was = await book.FreezeAsync(stop) is not null;
        await book.SetFreezeAsync(freeze: null, $"agents may change again what they may, by {engine.Caller}", stop);
        return new(was);
    }
}
