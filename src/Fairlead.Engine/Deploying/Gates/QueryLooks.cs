using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Gates;

/// <summary>Asks the metrics for the query gates of the step under way, now and then. Memory only.</summary>
internal sealed class QueryLooks(Site site, EnginePorts ports)
{
    private static readonly TimeSpan Every = 5.Seconds;
    private static readonly TimeSpan Patience = 2.Seconds;

    private Dictionary<string, QueryView> views = [];
    private DateTimeOffset next;

    public async Task<IReadOnlyDictionary<string, QueryView>> LookAsync(Situation known, CancellationToken stop)
    {
        if (
            known.Deployment is not { Phase: DeploymentPhase.RollingOut, Current: Step.Watch watch } deployment
            || !watch.Gates.Any(gate => gate is Gate.Query)
        )
        {
            views = [];
            return views;
        }
        var keys = Enumerable.Range(0, watch.Gates.Count).Select(index => Watching.KeyOf(deployment, index)).ToList();
        if (ports.World.Now < next && views.Keys.Any(keys.Contains))
        {
            return views;
        }
        var seen = new Dictionary<string, QueryView>();
        for (var index = 0; index < watch.Gates.Count; index++)
        {
            if (watch.Gates[index] is Gate.Query gate)
            {
                seen[keys[index]] = await AskAsync(
                    gate,
                    watch.Part,
                    known.Live?.Find(watch.Part.Service)?.Part,
                    views.GetValueOrDefault(keys[index]),
                    stop
                );
            }
        }
        next = ports.World.Now + Every;
        return views = seen;
    }

    private async Task<QueryView> AskAsync(
        Gate.Query gate,
        Part part,
        Part? before,
        QueryView? last,
        CancellationToken stop
    )
    {
        var mine = await AskAsync(gate, part, stop);
        var theirs = gate.Rise is null || before is null ? null : await AskAsync(gate, before, stop);
        var isBeyond = QueryGate.IsBeyond(gate, mine, theirs);
        return new(
            mine,
            theirs,
            isBeyond switch
            {
                true => (last?.Breaches ?? 0) + 1,
                false => 0,
                null => last?.Breaches ?? 0,
            }
        );
    }

    // Metrics that cannot be asked are missing data: they hold nothing up but their own gate.
    private async Task<double?> AskAsync(Gate.Query gate, Part part, CancellationToken stop)
    {
        if (ports.Query is not { } query)
        {
            return null;
        }
        using var patience = new CancellationTokenSource(Patience, ports.World.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            var text = gate.Of(part);
            return await query(site, text, both.Token);
        }
        catch (ProblemException)
        {
            return null;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
