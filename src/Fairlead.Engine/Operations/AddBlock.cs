using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Detecting;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Keeps a network out of every app, for a time.</summary>
public static class AddBlock
{
    private const int LettersMax = 200;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public sealed record Input
    {
        [Description("An address or a network, such as 198.51.100.7 or 2001:db8:1:2::/64.")]
        [Positional]
        public required string Network { get; init; }

        [Description("How long, such as 1h or 30d; at most 365d.")]
        public string For { get; init; } = "1h";

        [Description("Why, for those who look later.")]
        public required string Reason { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, ListBlocks.View>(
            "block.add",
            "Keep an address or a network out of all apps, for a time.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead block add 198.51.100.7 --for 24h --reason 'Tries passwords.'"],
            Needs = Need.OfAll(Permission.Secure),
        };

    private static async Task<ListBlocks.View> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var network = BlockBook.Read(input.Network.Trim());
        var now = engine.World.Now;
        if (Units.TryParseDuration(input.For) is not { } lasts || lasts <= TimeSpan.Zero || lasts > Longest)
        {
            throw new ProblemException(
                new Problem(
                    "block.time",
                    What: $"'{input.For}' cannot be how long somebody is kept out.",
                    Why: "It takes a time such as 30m, 1h or 30d, at most 365d.",
                    Fix: "Write for example: --for 24h"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        var reason = string.Concat(input.Reason.Trim().Where(letter => !char.IsControl(letter)).Take(LettersMax));
        var block = new Block(network, reason, now, now + lasts, engine.Caller.ToString());
        await engine.Server.Detection.Blocks.AddAsync(block, stop);
        return ListBlocks.Of(block, now);
    }
}
