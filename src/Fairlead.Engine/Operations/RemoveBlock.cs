using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Detecting;

namespace Fairlead.Engine.Operations;

/// <summary>Lets a network in again.</summary>
public static class RemoveBlock
{
    public sealed record Input
    {
        [Description("The address or network, as 'fairlead block list' shows it.")]
        [Positional]
        public required string Network { get; init; }
    }

    public sealed record Output(string Network);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("block.remove", "Let an address or a network in again.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead block remove 198.51.100.7"],
            Needs = Need.OfAll(Permission.Secure),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var network = BlockBook.Read(input.Network.Trim());
        await engine.Server.Detection.Blocks.RemoveAsync(network, engine.Caller, stop);
        return new(network);
    }
}
