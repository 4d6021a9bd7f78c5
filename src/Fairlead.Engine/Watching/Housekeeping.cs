using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Watching;

/// <summary>Lets old errors and vitals go, by their age and their size, for as long as the server runs.</summary>
public sealed class Housekeeping(IErrorStore errors, IVitalStore vitals, World world, ILogger log) : IBackgroundWork
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    /// <summary>Of errors and source maps together; the oldest go first.</summary>
    public const long ErrorBytesMax = 2L << 30;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    public string Name => "housekeeping";

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(Every, world.Clock, stop);
            try
            {
                await SweepAsync(stop);
            }
            catch (ProblemException caught)
            {
                Log.NotSwept(log, caught.Problem.Code, caught.Problem.Why);
            }
        }
    }

    public async Task SweepAsync(CancellationToken stop)
    {
        var since = world.Now - KeptFor;
        await errors.SweepAsync(since, ErrorBytesMax, stop);
        await vitals.SweepAsync(since, stop);
    }
}
