using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>Looks once, by the probe for it, and is back in time whatever that does.</summary>
/// <param name="variable">The server's environment, for <c>${NAME}</c> in monitors that somebody added by hand.</param>
public sealed class Looker(
    IReadOnlyList<IMonitorProbe> probes,
    Func<string, string?> variable,
    World world,
    ILogger log
)
{
    // A probe that does not stop when it is told to is left behind.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, IMonitorProbe> ways = probes
        .SelectMany(probe => probe.Ways.Select(way => (way, probe)))
        .ToDictionary(one => one.way, one => one.probe, StringComparer.Ordinal);

    /// <summary>Monitors of manifests look inside as well: whoever may deploy may see what is there.</summary>
    public bool IsInsideForAll { get; init; }

    /// <summary>Looks; whatever goes wrong is a look that says so.</summary>
    public async Task<MonitorLook> LookAsync(MonitorDefinition monitor, CancellationToken stop)
    {
        // Many begin in the same moment; each goes on by itself.
        await Task.Yield();
        var began = world.Clock.GetTimestamp();
        var look = await SeenAsync(monitor, stop) with { Took = world.Clock.GetElapsedTime(began) };
        return look.Verdict is LookVerdict.Up && monitor.Spec.Expect?.Within is { } within && look.Took > within
            ? look with
            {
                Verdict = LookVerdict.Down,
                Why = $"It took {Milliseconds(look.Took)}, more than {within.Text}.",
            }
            : look;
    }

    private async Task<MonitorLook> SeenAsync(MonitorDefinition monitor, CancellationToken stop)
    {
        if (!ways.TryGetValue(monitor.Spec.Way, out var probe))
        {
            return MonitorLook.Unable($"Fairlead cannot look at '{monitor.Spec.Scheme}:' addresses.");
        }
        var mayLookInside = monitor.Origin is MonitorOrigin.Added || IsInsideForAll;
        if (!mayLookInside && monitor.Spec.Way is ("docker" or "browser"))
        {
            return MonitorLook.Unable(
                "Only a monitor that an operator added looks there, or any with FAIRLEAD_MONITORS_INSIDE=on."
            );
        }
        if (VariablesIn.Missing(monitor, variable) is { } missing)
        {
            return MonitorLook.Unable($"The server has no variable {missing}.");
        }
        var spec = VariablesIn.Filled(monitor, variable) with { MayLookInside = mayLookInside };
        using var limit = new CancellationTokenSource(spec.Timeout, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            return await probe.LookAsync(spec, both.Token).WaitAsync(spec.Timeout + Patience, world.Clock, stop);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return MonitorLook.Down($"It did not answer within {spec.Timeout.Text}.");
        }
        catch (TimeoutException)
        {
            return MonitorLook.Down($"It did not answer within {spec.Timeout.Text}.");
        }
        catch (ProblemException caught)
        {
            return MonitorLook.Down($"{caught.Problem.What} {caught.Problem.Why}");
        }
        // What strangers answer must not end the watching of all others: this is the wall between them.
        catch (Exception caught) when (caught is not OperationCanceledException)
        {
            Log.LookFailed(log, monitor.Key, caught);
            return MonitorLook.Unable("The look itself failed, by a fault of Fairlead; the server's log has it.");
        }
    }

    private static string Milliseconds(TimeSpan time) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");
}
