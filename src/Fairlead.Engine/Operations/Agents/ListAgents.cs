using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Agents;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Shows agents, what they did today, and what holds for all of them.</summary>
public static class ListAgents
{
    public sealed record Input;

    /// <param name="Freeze">Null while they may change what they may.</param>
    public sealed record Output(IReadOnlyList<Row> Agents, AgentLimits Limits, AgentFreeze? Freeze);

    /// <param name="Changes">Plans that it applied today.</param>
    public sealed record Row(string Id, string Name, DateTimeOffset? Expires, int Changes, int Replicas);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "agent.list",
            "List agents, what they did today, and their limits.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead agent list"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var book = AgentDesk.Book(engine);
        var today = await book.TodayAsync(stop);
        var tokens = (await engine.Server.Tokens(engine.World).AllAsync(stop))
            .Where(one => one.Kind is PrincipalKind.Agent && one.ExpiresAt > engine.World.Now)
            .Select(one => (one.Id, one.Name, Expires: (DateTimeOffset?)one.ExpiresAt))
            .ToList();
        var others = today.Keys.Except(tokens.Select(static one => one.Id), StringComparer.Ordinal);
        return new(
            [
                .. tokens
                    .Concat(others.Select(static id => (id, id, (DateTimeOffset?)null)))
                    .Select(one => (one, Day: today.GetValueOrDefault(one.Item1) ?? new()))
                    .Select(static one => new Row(
                        one.one.Item1,
                        one.one.Item2,
                        one.one.Item3,
                        one.Day.Changes,
                        one.Day.Replicas
                    )),
            ],
            await book.LimitsAsync(stop),
            await book.FreezeAsync(stop)
        );
    }
}
