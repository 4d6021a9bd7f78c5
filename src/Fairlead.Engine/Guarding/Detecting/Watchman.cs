using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Guarding.Detecting;

/// <summary>Lets every detector look in its time, and writes down what they find. One that cannot see holds up no other.</summary>
public sealed class Watchman(IReadOnlyList<IDetector> detectors, FindingBook findings, World world, ILogger log)
    : IBackgroundWork
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    private readonly Dictionary<IDetector, DateTimeOffset> looked = [];

    public string Name => "detection";

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await LookAsync(stop);
            await Task.Delay(Tick, world.Clock, stop);
        }
    }

    /// <summary>One look of each whose time has come.</summary>
    public async Task LookAsync(CancellationToken stop)
    {
        foreach (var detector in detectors)
        {
            if (world.Now - looked.GetValueOrDefault(detector) < detector.Every)
            {
                continue;
            }
            looked[detector] = world.Now;
            try
            {
                foreach (var found in await detector.LookAsync(stop))
                {
                    await findings.RaiseAsync(found, stop);
                }
                await detector.RememberAsync(stop);
            }
            catch (ProblemException caught)
            {
                Log.NotLooked(log, detector.Name, caught.Problem.Code, caught.Problem.Why);
            }
        }
    }
}
