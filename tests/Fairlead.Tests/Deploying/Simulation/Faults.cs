using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Deploying.Simulation;

/// <summary>The engine process died here.</summary>
public sealed class CrashException() : Exception("killed");

/// <summary>Where things go wrong: around every call of every port.</summary>
public sealed class Faults(Random random, World world)
{
    /// <summary>Points at which the engine is killed, counted from the start of the run.</summary>
    public HashSet<int> Crashes { get; init; } = [];

    /// <summary>Of 1,000 calls, so many fail, half of them after their effect: a lost answer.</summary>
    public int FailuresPerThousand { get; set; }

    /// <summary>The point at which the engine freezes for up to 40 s while another one takes charge; -1 for never.</summary>
    public int FreezesAt { get; init; } = -1;

    /// <summary>Called when the engine freezes.</summary>
    public Action? Frozen { get; set; }

    /// <summary>Points passed so far.</summary>
    public int Points { get; private set; }

    /// <summary>Wraps a port's call.</summary>
    public async Task<T> CallAsync<T>(Func<T> effect, CancellationToken stop)
    {
        await PointAsync(stop);
        var fails = random.Next(1000) < FailuresPerThousand;
        if (fails && random.Next(2) == 0)
        {
            throw Failure();
        }
        var answer = effect();
        await PointAsync(stop);
        return fails ? throw Failure() : answer;
    }

    private async Task PointAsync(CancellationToken stop)
    {
        var point = Points++;
        if (Crashes.Contains(point))
        {
            throw new CrashException();
        }
        if (point == FreezesAt)
        {
            Frozen?.Invoke();
            await Task.Delay(random.Next(5, 40).Seconds, world.Clock, stop);
        }
        if (random.Next(20) == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 30)), world.Clock, stop);
        }
    }

    private static ProblemException Failure() =>
        new(new Problem("simulated", "The world failed.", "It was told to.", "Try again."));
}
