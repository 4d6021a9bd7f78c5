using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Routing;

namespace Fairlead.Engine.Operations;

/// <summary>Of what nobody is told.</summary>
public static class ListSilences
{
    public sealed record Input
    {
        [Description("Those that are over, too.")]
        public bool All { get; init; }
    }

    public sealed record Output(IReadOnlyList<View> Silences);

    /// <param name="State">active, pending or ended.</param>
    public sealed record View(
        string Id,
        string State,
        string Matchers,
        DateTimeOffset From,
        DateTimeOffset Until,
        string By,
        string Reason
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>("silence.list", "List of what nobody is told, and why.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead silence list"],
            Needs = Need.OfAll(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        new([
            .. (await engine.Server.Response.Routing.SilencesAsync(stop))
                .Where(one => input.All || one.Until > engine.World.Now)
                .Select(one => Of(one, engine.World.Now)),
        ]);

    internal static View Of(Silence one, DateTimeOffset now) =>
        new(
            one.Id,
            one.Holds(now) ? "active"
                : one.From > now ? "pending"
                : "ended",
            Matching.Write(one.Matchers),
            one.From,
            one.Until,
            one.By,
            one.Reason
        );
}
