using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>Joins the services' strategies into the steps of one release: in the order of <c>uses</c>, promoted together or not at all.</summary>
public static class Planner
{
    private static readonly TimeSpan Slack = 30.Seconds;

    /// <summary>
    /// A pod is gone when its machine says so, which may be busy or out of reach for a while: with an API server started anew, one was
    /// seen to take a minute. All traffic has left it by then, so to take a release back for it would do harm and no good.
    /// </summary>
    private static readonly TimeSpan PodSlack = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan QuietWait = 10.Minutes;

    /// <param name="contracted">Contracts of migrations that were carried out already; null for none.</param>
    public static IReadOnlyList<Step> Deploy(Release? live, Release next, IReadOnlyList<string>? contracted = null)
    {
        var steps = new List<Step>(Migrating.Steps(live, next, contracted ?? []));
        foreach (var service in next.Services)
        {
            var old = live?.Find(service.Service.Name);
            if (service.Service.Job is not null)
            {
                steps.AddRange(RunSteps.Of(service));
                continue;
            }
            steps.AddRange(old?.Part == service.Part ? Scale(old, service) : Change(old, service, next));
        }
        steps.Add(new Step.Promote(next.Number));
        return steps;
    }

    /// <summary>Returns to a release without gates: everything is placed first, then all traffic goes back in one step.</summary>
    public static IReadOnlyList<Step> Rollback(Release live, Release target)
    {
        var changed = target
            .Services.Where(static one => one.Service.Job is null)
            .Where(one => live.Find(one.Service.Name)?.Part != one.Part)
            .ToList();
        var beside = changed.Where(one => !IsExclusive(live.Find(one.Service.Name), one)).ToList();
        var taking = beside.Where(one => one.Service.TakesTraffic).Select(one => one.Part).ToList();
        return
        [
            .. beside.Select(one => new Step.Place(one.Part, one.Service.Replicas)),
            .. taking.Count == 0 ? Array.Empty<Step>() : [new Step.Switch(taking)],
            .. changed.Except(beside).Select(one => new Step.Replace(one.Part, one.Service.Replicas)),
            new Step.Promote(target.Number),
        ];
    }

    /// <summary>How long a step may take before everything is taken back.</summary>
    public static TimeSpan LimitOf(Step step, Release next)
    {
        var service = ServiceOf(step, next);
        var stop = service is null ? TimeSpan.Zero : StopOf(service);
        return Slack
            + step switch
            {
                Step.Rehearse => Migrating.RehearseMax,
                Step.Snapshot => Snapshotting.TimeMax,
                Step.Save => Migrating.SaveMax,
                Step.Migrate migrate => migrate.TimeMax,
                Step.Run run => run.TimeMax,
                Step.Place => service!.Health.StartGrace,
                Step.Preview preview => preview.Hold,
                Step.Watch watch => watch.Hold
                    + (watch.Quiet == Quiet.Wait ? QuietWait : CommandTime(watch))
                    + Watching.DoubtOf(watch),
                Step.Replace => stop + service!.Health.StartGrace,
                Step.Retire => stop,
                _ => TimeSpan.Zero,
            };
    }

    /// <summary>How long taking everything back may take.</summary>
    public static TimeSpan TakeBackLimit(Release? live, Release next) =>
        Slack
        + next.Services.Concat(live?.Services ?? [])
            .Select(one => one.Service.Health.StartGrace + StopOf(one.Service))
            .DefaultIfEmpty(TimeSpan.Zero)
            .Max() * 2;

    private static TimeSpan StopOf(Service service) =>
        service.Drain
        + service.StopGrace
        + (service.Container?.Cluster is null && service.Aws is null ? TimeSpan.Zero : PodSlack);

    /// <summary>Whether two parts of the service may never run at once.</summary>
    public static bool IsExclusive(ReleasedService? old, ReleasedService? next) =>
        old?.Service.IsExclusive == true || next?.Service.IsExclusive == true;

    private static IEnumerable<Step> Change(ReleasedService? old, ReleasedService next, Release release) =>
        IsExclusive(old, next)
            ? new Recreate().Plan(ReplacementOf(old, next, release))
            : AllStrategies.Open(next.Strategy).Plan(ReplacementOf(old, next, release));

    private static Replacement ReplacementOf(ReleasedService? old, ReleasedService next, Release release) =>
        new(
            old?.Part,
            old?.Service.Replicas ?? 0,
            next.Part,
            next.Service,
            $"preview.{(release.Hosts is [var host, ..] ? host : $"{release.Site.App}.localhost")}"
        );

    private static IEnumerable<Step> Scale(ReleasedService old, ReleasedService next) =>
        next.Service.Replicas.CompareTo(old.Service.Replicas) switch
        {
            > 0 => [new Step.Place(next.Part, next.Service.Replicas)],
            < 0 => [new Step.Retire(next.Part, next.Service.Replicas)],
            _ => [],
        };

    private static Service? ServiceOf(Step step, Release next) =>
        step switch
        {
            Step.Place place => next.Find(place.Part.Service)?.Service,
            Step.Replace replace => next.Find(replace.Part.Service)?.Service,
            Step.Retire retire => next.Find(retire.Part.Service)?.Service,
            _ => null,
        };

    private static TimeSpan CommandTime(Step.Watch watch) =>
        watch.Gates.Select(gate => gate.TimeMax ?? TimeSpan.Zero).DefaultIfEmpty(TimeSpan.Zero).Max();
}
