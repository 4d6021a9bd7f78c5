using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>What happened to a deployment since one last asked, waiting a moment for news.</summary>
public static class Follow
{
    private const int WaitMillisecondsMax = 10_000;
    private const int EntriesMax = 1_000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public sealed record Input
    {
        [Description("Id of the deployment.")]
        [Positional]
        public required string Deployment { get; init; }

        [Description("Only what came after this sequence number.")]
        public long After { get; init; }

        [Description("How long to wait for news, in milliseconds: 0 to 10000.")]
        public int WaitMilliseconds { get; init; }
    }

    /// <param name="Sequence">Ask for what came after the last one.</param>
    public sealed record Entry(long Sequence, DateTimeOffset At, string Kind, string Text);

    public sealed record Output(IReadOnlyList<Entry> Entries, DeploymentView Deployment);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("follow", "Wait for news of a deployment.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead follow 885e44d0"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var server = engine.Server;
        var deployment = await Sites.DeploymentAsync(server, input.Deployment, stop);
        var filter = new JournalFilter(deployment.Site, deployment.Id);
        var until =
            engine.World.Now + TimeSpan.FromMilliseconds(Math.Clamp(input.WaitMilliseconds, 0, WaitMillisecondsMax));
        while (true)
        {
            var entries = await server.Store.ReadJournalAsync(input.After, filter, EntriesMax, stop);
            if (entries.Count > 0 || deployment.Phase.IsOver || engine.World.Now >= until)
            {
                deployment = await Sites.DeploymentAsync(server, input.Deployment, stop);
                return new(
                    [.. entries.Select(one => new Entry(one.Sequence, one.At, one.Kind, one.Text))],
                    await DeploymentViews.OfAsync(server, deployment, stop)
                );
            }
            await Task.Delay(Look, engine.World.Clock, stop);
        }
    }
}
