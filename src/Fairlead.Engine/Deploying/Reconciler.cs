using Fairlead.Engine.Deploying.Gates;
using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Engine.Deploying.Scaling;
using Fairlead.Engine.Judging;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Deploying;

/// <summary>
/// The loop of one site: look, choose one thing, remember the intent, do it, remember the outcome. Whatever kills it, the
/// next one looks anew and goes on.
/// </summary>
public sealed class Reconciler(Site site, EnginePorts ports, Fence fence, ILogger log)
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseMax = 5.Seconds;

    private readonly Memory memory = new(site, ports.Store, fence);
    private readonly Dictionary<InstanceKey, DateTimeOffset> unroutedSince = [];
    private readonly Dictionary<InstanceKey, DateTimeOffset> failedSince = [];
    private readonly Dictionary<InstanceKey, RunTrouble> runTroubles = [];
    private readonly Activity activity = new();
    private readonly QueryLooks queries = new(site, ports);
    private Sampler? sampler;
    private ((Evidence, Step.Watch) Of, Judgement Judgement)? judged;
    private TimeSpan pause = PauseMin;
    private Problem? failure;

    /// <summary>The latest look, for those who watch.</summary>
    public Snapshot? Latest { get; private set; }

    /// <summary>One turn of the loop.</summary>
    /// <returns>How long nothing has to be done; zero to take the next turn at once.</returns>
    /// <exception cref="FencedException">Another server is in charge: this one must step down.</exception>
    public async Task<TimeSpan> TurnAsync(CancellationToken stop)
    {
        try
        {
            var situation = await LookAsync(stop);
            var decision = Decider.Next(situation);
            Latest = Snapshot.Of(situation, decision, Latest);
            var rest = await TakeAsync(decision, situation, stop);
            (pause, failure) = (PauseMin, null);
            return rest;
        }
        catch (ProblemException caught) // The world failed. Bugs are not caught here: they must crash and be seen.
        {
            Log.TurnFailed(log, site, caught.Problem.Code, caught.Problem.What, caught.Problem.Why);
            failure = caught.Problem;
            return await BlindAsync(caught.Problem, stop);
        }
    }

    private async Task<TimeSpan> TakeAsync(Decision decision, Situation situation, CancellationToken stop)
    {
        switch (decision)
        {
            case Decision.Do { Move: Move.BeginRun or Move.EndRun } run:
                await DoWithRunAsync(run.Move, stop);
                return TimeSpan.Zero;
            case Decision.Do { Move: var move }:
                await DoAsync(move, situation, stop);
                return TimeSpan.Zero;
            case Decision.Note note:
                await RememberAsync(note, situation, stop);
                return TimeSpan.Zero;
            default:
                return ((Decision.Wait)decision).For;
        }
    }

    private async Task DoAsync(Move move, Situation situation, CancellationToken stop)
    {
        var deployment = situation.Record.Active;
        await memory.JournalAsync(deployment, "intent", move.ToString(), stop);
        try
        {
            await EffectAsync(move, situation, stop);
        }
        catch (ProblemException caught)
        {
            await memory.JournalAsync(
                deployment,
                "outcome",
                $"{move}: failed, {caught.Problem.What} {caught.Problem.Why}",
                stop
            );
            throw;
        }
        await memory.JournalAsync(deployment, "outcome", $"{move}: done", stop);
        Log.MoveDone(log, site, move);
    }

    // Their intents and outcomes are lines of their own already; and a job that cannot be begun holds up nothing else.
    private async Task DoWithRunAsync(Move move, CancellationToken stop)
    {
        try
        {
            await (
                move is Move.BeginRun begin
                    ? ports.Target.EnsureAsync(begin.Order, fence, stop)
                    : ports.Target.StopAsync(((Move.EndRun)move).Key, fence, stop)
            );
            Log.MoveDone(log, site, move);
        }
        catch (ProblemException caught) when (move is Move.BeginRun begin)
        {
            var (key, now) = (begin.Order.Key, ports.World.Now);
            runTroubles[key] = new(runTroubles.GetValueOrDefault(key)?.Since ?? now, now, caught.Problem);
            Log.TurnFailed(log, site, caught.Problem.Code, caught.Problem.What, caught.Problem.Why);
        }
    }

    private Task EffectAsync(Move move, Situation situation, CancellationToken stop) =>
        move switch
        {
            Move.Apply apply => ports.Router.ApplyAsync(apply.Routing, fence, stop),
            Move.Ensure ensure => ports.Target.EnsureAsync(ensure.Order, fence, stop),
            Move.Stop end => ports.Target.StopAsync(end.Key, fence, stop),
            Move.Cut cut => ports.Router.CutAsync(site, [cut.Key], fence, stop),
            Move.Build build => ports.Builder.StartAsync(Order(build.Service, situation), build.Service.Artifact, stop),
            Move.RunGate gate => ports.Commands.StartAsync(CheckGate.Order(gate, situation, ports.Program), stop),
            Move.BeginOnDatabase data => BeginOnDatabaseAsync(data, situation, stop),
            Move.BeginSnapshot snapshot => ports.Snapshots!.BeginAsync(snapshot.Order, fence, stop), // Seen before.
            _ => throw new System.Diagnostics.UnreachableException($"A move no one knows: {move}"),
        };

    private async Task BeginOnDatabaseAsync(Move.BeginOnDatabase move, Situation situation, CancellationToken stop) =>
        await ports.Commands.StartAsync(await Migrating.OrderAsync(move, situation, ports, stop), stop);

    private async Task RememberAsync(Decision.Note note, Situation situation, CancellationToken stop)
    {
        await memory.CommitAsync(note, stop);
        if (note.Evidence is { } evidence)
        {
            sampler?.Restart(evidence.Until);
        }
        foreach (var over in note.Runs)
        {
            runTroubles.Remove(over.Instance);
        }
        foreach (var entry in note.Entries)
        {
            if (entry.Kind == "break-glass")
            {
                Log.GlassBroken(log, site, entry.Text);
            }
            Log.Noted(log, site, entry.Kind, entry.Text);
        }
        if (situation.Record.Active is not null && note.Record.Active is null)
        {
            await memory.TidyAsync(stop);
        }
        // A build nobody waits for any more only costs time; one that is left over by a crash is harmless.
        if (situation.Deployment?.Phase == DeploymentPhase.Building && note.Record.Active is null)
        {
            foreach (var service in situation.Next!.Services)
            {
                await ports.Builder.CancelAsync(service.Artifact, stop);
            }
        }
    }

    private async Task<Situation> LookAsync(CancellationToken stop)
    {
        var known = await KnownAsync(stop);
        var all = await ports.Target.ObserveAsync(site, stop);
        Instance[] instances = [.. all.Where(static one => one.Run is null)];
        Instance[] runs = [.. all.Where(static one => one.Run is not null)];
        var router = await ports.Router.ObserveAsync(site, stop);
        var builds = new Dictionary<string, BuildView>();
        if (known is { Record.Active: not null, Deployment.Phase: DeploymentPhase.Building, Next: { } building })
        {
            foreach (var service in building.Services)
            {
                builds[service.Artifact] = await ports.Builder.ObserveAsync(service.Artifact, stop);
            }
        }
        var commands = new Dictionary<string, CommandView>();
        if (known.Deployment is { Current: Step.Watch watch, Phase: DeploymentPhase.RollingOut } watching)
        {
            for (var index = 0; index < watch.Gates.Count; index++)
            {
                var key = Watching.KeyOf(watching, index);
                if (watch.Gates[index].TimeMax is not null && await ports.Commands.ObserveAsync(key, stop) is { } view)
                {
                    commands[key] = view;
                }
            }
        }
        if (
            known.Deployment is
            { Current: Step.Rehearse or Step.Save or Step.Migrate, Phase: DeploymentPhase.RollingOut } working
        )
        {
            var key = Migrating.KeyOf(working);
            if (await ports.Commands.ObserveAsync(key, stop) is { } view)
            {
                commands[key] = view;
            }
        }
        Track(unroutedSince, instances.Where(one => !Routes.Has(router.Routing, one.Key)));
        Track(failedSince, instances.Where(one => one.State == InstanceState.Failed));
        activity.Look(router, ports.World.Now);
        var seen = new Observation(instances, router, builds, commands)
        {
            Queries = await queries.LookAsync(known, stop),
            Snapshot = await Snapshotting.LookAsync(known, ports.Snapshots, stop),
            Runs = runs,
        };
        return known with { Seen = seen, Now = ports.World.Now, Trial = await SampleAsync(known, router, stop) };
    }

    // Both sides are counted while a step compares them, and at no other time.
    private async Task<Trial?> SampleAsync(Situation known, RouterView router, CancellationToken stop)
    {
        if (
            known.Deployment is not { Phase: DeploymentPhase.RollingOut, Current: Step.Watch watch } deployment
            || Trial.BaselineOf(watch, known.Live) is not { } baseline
        )
        {
            sampler = null;
            return null;
        }
        var now = ports.World.Now;
        var evidence =
            await memory.EvidenceAsync(deployment.Id, watch.Part.Service, stop)
            ?? new Evidence(watch.Part, baseline, deployment.StepBegan, []);
        if (sampler is null || sampler.Canary != watch.Part || sampler.Baseline != baseline)
        {
            sampler = new(watch.Part, baseline);
        }
        sampler.Look(router, now);
        // What was remembered already though the answer to that was lost, and what is too old to compare, is let go.
        var state = sampler.StateAfter(now - deployment.StepBegan, evidence.Blocks.Count);
        if (sampler.Began < evidence.Until || state == BlockState.Stale)
        {
            sampler.Restart(now);
            state = BlockState.Open;
        }
        return new(
            evidence,
            JudgementOf(evidence, watch, deployment),
            state == BlockState.Full ? sampler.Read() : null
        );
    }

    // A pure function of what it is given, and worth remembering: most looks come between two blocks.
    private Judgement JudgementOf(Evidence evidence, Step.Watch watch, Deployment deployment)
    {
        if (judged is not { } known || known.Of != (evidence, watch))
        {
            var rules = watch.Gates.OfType<Gate.Judged>().First().Rules;
            known = ((evidence, watch), Judge.Rule(evidence, rules, Trial.Among(deployment.Steps)));
            judged = known;
        }
        return known.Judgement;
    }

    // All that is remembered; nothing that is seen.
    private async Task<Situation> KnownAsync(CancellationToken stop)
    {
        var record = await memory.RecordAsync(stop);
        var requests = await memory.RequestsAsync(stop);
        var id = record.Active ?? (record.Queue is [var first, ..] ? first : null);
        var deployment = id is null ? null : await memory.DeploymentAsync(id, stop);
        var others = new List<Deployment>();
        foreach (var queued in requests.Count == 0 ? [] : record.Queue)
        {
            others.Add(await memory.DeploymentAsync(queued, stop));
        }
        var warm = new List<Release>();
        foreach (var number in record.Warm.Select(one => one.Release).Distinct())
        {
            if (await memory.ReleaseAsync(number, stop) is { } release)
            {
                warm.Add(release);
            }
        }
        var live = await memory.ReleaseAsync(record.Live, stop);
        return new Situation
        {
            Record = record,
            Deployment = deployment,
            Live = Counts.Of(live, record, live),
            Next = Counts.Of(await memory.ReleaseAsync(deployment?.Release, stop), record, live),
            WarmReleases = warm,
            Others = others,
            Requests = requests,
            Seen =
                Latest?.Seen
                ?? new(
                    [],
                    new("", Routing.None(site), new Dictionary<string, int>(), [], new(0, 0, 0, 0, 0)),
                    new Dictionary<string, BuildView>(),
                    new Dictionary<string, CommandView>()
                ),
            Now = ports.World.Now,
            UnroutedSince = unroutedSince,
            FailedSince = failedSince,
            RunTroubles = runTroubles,
            Failure = failure,
            QuietSince = activity.QuietSince,
            InternalUrl = ports.InternalUrl,
            BridgeUrl = ports.BridgeUrl,
            Sending = ports.Sending,
            Abilities = ports.Target.Abilities,
        };
    }

    private async Task<TimeSpan> BlindAsync(Problem problem, CancellationToken stop)
    {
        pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
        try
        {
            memory.Forget();
            var situation = await KnownAsync(stop);
            var decision = Decider.Blind(situation, problem);
            if (Latest is not null)
            {
                Latest = Latest with { Waiting = problem.What, Record = situation.Record };
            }
            return decision is Decision.Wait ? pause : await TakeAsync(decision, situation, stop);
        }
        catch (ProblemException)
        {
            return pause; // The store fails too; it was logged, and the next turn looks again.
        }
    }

    private void Track(Dictionary<InstanceKey, DateTimeOffset> since, IEnumerable<Instance> now)
    {
        var keys = now.Select(one => one.Key).ToHashSet();
        foreach (var gone in since.Keys.Where(key => !keys.Contains(key)).ToList())
        {
            since.Remove(gone);
        }
        foreach (var key in keys)
        {
            since.TryAdd(key, ports.World.Now);
        }
    }

    private BuildOrder Order(ReleasedService service, Situation situation) =>
        new(site.App, situation.Next!.Source, service.Service);
}
