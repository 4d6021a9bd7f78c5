using Fairlead.Model.Ports;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Watching;

/// <summary>Runs background work side by side. One that fails is begun again, later each time, and disturbs nobody else.</summary>
public sealed class Background(IReadOnlyList<IBackgroundWork> works, World world, ILogger log)
{
    internal static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);

    /// <summary>Comes back when told to stop and all have ended.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(works.Select(work => KeepAsync(work, stop)));

    private async Task KeepAsync(IBackgroundWork work, CancellationToken stop)
    {
        var pause = PauseMin;
        while (!stop.IsCancellationRequested)
        {
            var begun = world.Now;
            try
            {
                await Task.Yield();
                await work.RunAsync(stop);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            // A bug in one collector must not end the server that decides about traffic: this is the wall between them.
            catch (Exception caught)
            {
                pause = world.Now - begun > PauseMax ? PauseMin : pause;
                Log.BackgroundFailed(log, work.Name, pause, caught);
            }
            await Task.Delay(pause, world.Clock, stop)
                .ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
                );
            pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
        }
    }
}
