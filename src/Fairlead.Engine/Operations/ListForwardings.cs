using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Logs;

namespace Fairlead.Engine.Operations;

/// <summary>Shows where logs are passed on to, and how it goes.</summary>
public static class ListForwardings
{
    public sealed record Input;

    /// <param name="Sent">Records since the server's start.</param>
    /// <param name="Refused">Records that the other system will never take.</param>
    /// <param name="Trouble">Why it does not go on.</param>
    public sealed record Row(string Name, string Kind, string Url, long Sent, long Refused, string? Trouble);

    public sealed record Output(IReadOnlyList<Row> Forwardings);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "forwarding.list",
            "Show where logs are passed on to, and how it goes.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead forwarding list"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var all = await LogForwarder.AllAsync(engine.Server.Store, stop);
        return new([
            .. all.Select(one =>
            {
                var state = engine.Server.LogForwarder.StateOf(one.Name) ?? new(0, 0, Trouble: null);
                return new Row(one.Name, one.Kind, one.Url.ToString(), state.Sent, state.Refused, state.Trouble);
            }),
        ]);
    }
}
