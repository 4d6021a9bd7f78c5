using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>Reads on and on from something that only gives when it is asked.</summary>
/// <param name="sink">Where records go, with the place up to which they were read.</param>
/// <param name="store">Knows that place after a restart.</param>
public sealed class LogCollecting(ILogSink sink, ILogStore store, World world, ILogger log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterTrouble = TimeSpan.FromSeconds(5);

    public World World => world;

    /// <summary>The place of the last record of this collection that is kept.</summary>
    public Task<string?> PlaceAsync(string name, CancellationToken stop) => store.BookmarkAsync(name, stop);

    public Task KeepAsync(LogBatch batch, CancellationToken stop) => sink.AppendAsync(batch, stop);

    /// <param name="lookAsync">Reads a page and keeps it; false when there may be no more for now.</param>
    public async Task RunAsync(string name, Func<CancellationToken, Task<bool>> lookAsync, CancellationToken stop)
    {
        var isTroubled = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var hasMore = await lookAsync(stop);
                isTroubled = false;
                if (!hasMore)
                {
                    await Task.Delay(LookEvery, world.Clock, stop);
                }
            }
            catch (Exception caught) when (caught is ProblemException or IOException)
            {
                // Said once, not every five seconds.
                if (!isTroubled)
                {
                    log.NotCollected(
                        name,
                        caught is ProblemException { Problem: var problem } ? problem.Why : caught.Message
                    );
                }
                isTroubled = true;
                await Task.Delay(PauseAfterTrouble, world.Clock, stop);
            }
        }
    }
}
