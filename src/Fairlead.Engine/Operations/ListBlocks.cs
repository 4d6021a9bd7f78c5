using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Who is kept out.</summary>
public static class ListBlocks
{
    public sealed record Input
    {
        [Description("Those that ended within a day, too.")]
        public bool All { get; init; }
    }

    public sealed record Output(IReadOnlyList<View> Blocks);

    /// <param name="State">in force or over.</param>
    public sealed record View(string Network, string State, DateTimeOffset Until, string Reason, string By);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("block.list", "List who is kept out, until when and why.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead block list"],
            Needs = Need.OfAll(Permission.Audit),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        new([
            .. (await engine.Server.Detection.Blocks.AllAsync(stop))
                .Where(block => input.All || block.Until > engine.World.Now)
                .OrderBy(block => block.Until)
                .Select(block => Of(block, engine.World.Now)),
        ]);

    internal static View Of(Block block, DateTimeOffset now) =>
        new(block.Network, block.Until > now ? "in force" : "over", block.Until, block.Reason, block.By);
}
