using System.Collections.Concurrent;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Aws.Ecs;

/// <summary>
/// Tasks of ECS: a part is an ECS service with a target group, and the weights of one rule are the shares. Things are made in the order group,
/// rule of its own, task definition, service, and removed in the other, the service last: as long as anything is left of a part that was there,
/// its service is seen.
/// </summary>
internal sealed class EcsKind(IAws aws, AwsArtifacts artifacts, World world) : IAwsKind
{
    private readonly EcsDesk desk = new(aws);
    private readonly BalancerDesk balancers = new(aws);

    // What is left of one part is swept before another one is placed: not of one that is being placed.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);

    public bool Runs(AwsPlace place) => place.Tasks is not null;

    public async Task PlaceAsync(InstanceOrder order, AwsCharge charge, CancellationToken stop)
    {
        var part = order.Key.Part;
        var spot = new AwsSpot(order.Key.Site, part.Service, order.Service.Aws!); // Only such are ordered here.
        var turn = turns.GetOrAdd(spot.Place.Identity, static _ => new SemaphoreSlim(1));
        await turn.WaitAsync(stop);
        try
        {
            var parts = await desk.PartsAsync(spot, charge, stop);
            if (parts.FirstOrDefault(one => one.Part == part && one.IsAt(spot)) is { } known)
            {
                if (known.IsEnding)
                {
                    throw new ProblemException(AwsProblems.Overtaken($"The ECS service {known.Name}")); // Once it is gone.
                }
                return;
            }
            var image = await artifacts.ImageOfAsync(order, stop);
            var sight = await balancers.SeeAsync(spot, stop);
            var group = await GroupAsync(order, spot, (sight, parts, charge), stop);
            await balancers.DrainAsync(spot, group, order.Service.Drain, stop);
            await balancers.DoorAsync(order, spot, group, charge, stop);
            await desk.LogGroupAsync(spot, charge.Owner, stop);
            var definition = await desk.DefinitionOfAsync(spot, part, charge.Owner, stop);
            if (definition is null)
            {
                await desk.SweepAsync(spot, parts, charge, stop);
                definition = await desk.RegisterAsync(order, spot, (image, charge), stop);
            }
            await desk.CreateAsync(order, spot, (definition, group), charge, stop);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<AwsSight> LookAsync(AwsSpot spot, AwsCharge charge, CancellationToken stop)
    {
        // What is somebody else's is nothing of ours; it is said when something is to be placed there.
        var parts = (await desk.TryPartsAsync(spot, charge.Owner, stop) ?? []).Where(one => one.IsAt(spot)).ToList();
        if (parts.Count == 0)
        {
            return AwsSight.Nothing;
        }
        await desk.TakeAsync(spot, parts, charge, stop);
        var sight = await balancers.TrySeeAsync(spot, stop);
        var rule = sight is null ? null : await balancers.RuleAsync(spot, sight, charge.Owner, stop);
        var shares = BalancerReading.Shares(rule?.Rule, spot);
        var seen = new List<Instance>();
        foreach (var one in parts)
        {
            if (one.IsOver)
            {
                await FinishAsync(spot, one, (sight, shares), stop);
                continue;
            }
            var endpoint = sight is null ? null : EndpointOf(spot, one.Part, sight.Front, charge.Owner);
            var health = one is { Running: > 0, Group: { } group }
                ? await balancers.HealthAsync(spot, group, stop)
                : TargetHealth.Unknown;
            var reasons = one.IsInTrouble ? await desk.ReasonsAsync(spot, one, stop) : [];
            seen.Add(EcsReading.InstanceOf(spot, one, (endpoint, health, reasons)));
        }
        return new(
            seen,
            [.. shares.Where(share => seen.Any(one => one.Key.Part == share.Part))],
            rule is var (_, tags) ? BalancerReading.ChangedIn(tags) : null
        );
    }

    public async Task RouteAsync(
        AwsSpot spot,
        IReadOnlyList<(Part Part, Share Share)> shares,
        AwsCharge charge,
        CancellationToken stop
    )
    {
        var parts = await desk.PartsAsync(spot, charge, stop);
        var weights = shares
            .Select(one => (parts.FirstOrDefault(part => part.Part == one.Part && part.IsAt(spot))?.Group, one.Share))
            .Where(static one => one.Group is not null)
            .Select(static one => (one.Group!, one.Share))
            .ToList();
        if (weights.Count < shares.Count)
        {
            throw new ProblemException(AwsProblems.Overtaken(spot.Place.Words)); // One of them is gone: looked at anew.
        }
        await ShareAsync(spot, await balancers.SeeAsync(spot, stop), weights, charge, stop);
    }

    public async Task RemoveAsync(AwsSpot spot, Part part, AwsCharge charge, CancellationToken stop)
    {
        var turn = turns.GetOrAdd(spot.Place.Identity, static _ => new SemaphoreSlim(1));
        await turn.WaitAsync(stop);
        try
        {
            if (await desk.TryPartsAsync(spot, charge.Owner, stop) is { } parts)
            {
                EcsDesk.Check(parts, charge);
                await EndAsync(spot, part, (parts, charge), stop);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<IReadOnlyList<PartTraffic>> TrafficAsync(AwsSpot spot, AwsSight sight, CancellationToken stop)
    {
        if (sight.Since is not { } since || await balancers.TrySeeAsync(spot, stop) is not { } seen)
        {
            return [];
        }
        var (groups, all) = (seen.Rules.SelectMany(static one => one.Groups).ToList(), new List<PartTraffic>());
        foreach (var (part, _) in sight.Shares)
        {
            if (groups.Find(one => EcsMarks.PartOfGroup(one.Group, spot) == part).Group is { } group)
            {
                var (requests, failed) = await aws.CountAsync(spot, (seen.Front, group), (since, world.Now), stop);
                all.Add(AwsMetrics.TrafficOf(part, requests, failed, since));
            }
        }
        return all;
    }

    private async Task EndAsync(
        AwsSpot spot,
        Part part,
        (IReadOnlyList<EcsPart> Parts, AwsCharge Charge) now,
        CancellationToken stop
    )
    {
        var sight = await balancers.TrySeeAsync(spot, stop);
        if (sight is not null)
        {
            await UnshareAsync(spot, part, sight, now.Charge, stop);
        }
        if (now.Parts.FirstOrDefault(one => one.Part == part && one.IsAt(spot)) is not { } known)
        {
            await ForgetAsync(spot, part, (sight, now.Parts), now.Charge, stop);
        }
        else if (known.IsOver)
        {
            await FinishAsync(spot, known, (sight, []), stop);
        }
        else if (!known.IsEnding)
        {
            // The rest follows with the looks at it, once its requests and tasks have ended.
            await desk.EmptyAsync(spot, known, stop);
        }
    }

    // Found where it is there; and what is left of parts that never came to be is removed.
    private async Task<string> GroupAsync(
        InstanceOrder order,
        AwsSpot spot,
        (BalancerSight Sight, IReadOnlyList<EcsPart> Parts, AwsCharge Charge) now,
        CancellationToken stop
    )
    {
        string? found = null;
        foreach (var (group, tags) in await balancers.GroupsAsync(spot, stop))
        {
            var whyNot = AwsMarks.WhyNotOurs(tags, spot, now.Charge.Owner);
            if (group.Part == order.Key.Part)
            {
                found = whyNot is null
                    ? group.Arn
                    : throw new ProblemException(AwsProblems.NotOurs($"The target group {group.Arn}", whyNot));
            }
            else if (whyNot is null && now.Parts.All(one => one.Part != group.Part))
            {
                await balancers.RemoveDoorsAsync(spot, now.Sight, group.Part, stop);
                await balancers.RemoveGroupAsync(spot, group.Arn, stop);
            }
        }
        return found ?? await balancers.GroupAsync(order, spot, now.Sight.Front.Network, now.Charge, stop);
    }

    private async Task ShareAsync(
        AwsSpot spot,
        BalancerSight sight,
        IReadOnlyList<(string Group, Share Share)> weights,
        AwsCharge charge,
        CancellationToken stop
    )
    {
        var tags = AwsMarks.OfService(spot, charge.Owner);
        tags[AwsMarks.Fence] = AwsRest.Text(charge.Fence.Number);
        tags[AwsMarks.Changed] = AwsRest.Text(world.Now.ToUnixTimeSeconds());
        var rule = await balancers.RuleAsync(spot, sight, charge.Owner, stop);
        await balancers.ShareAsync(spot, rule?.Rule, weights, tags, stop);
    }

    // It has no share any more, unless it is removed because it is broken.
    private async Task UnshareAsync(
        AwsSpot spot,
        Part part,
        BalancerSight sight,
        AwsCharge charge,
        CancellationToken stop
    )
    {
        if (
            await balancers.RuleAsync(spot, sight, charge.Owner, stop) is not var (rule, _)
            || rule.Groups.All(one => EcsMarks.PartOfGroup(one.Group, spot) != part)
        )
        {
            return;
        }
        var left = rule.Groups.Where(one => EcsMarks.PartOfGroup(one.Group, spot) != part && one.Weight > 0).ToList();
        await ShareAsync(spot, sight, left.Count == 0 ? [] : [(left[0].Group, Share.All)], charge, stop);
    }

    // All of its tasks have ended.
    private async Task FinishAsync(
        AwsSpot spot,
        EcsPart part,
        (BalancerSight? Sight, IReadOnlyList<(Part Part, Share Share)> Shares) now,
        CancellationToken stop
    )
    {
        // Somebody stopped it by hand while it was live: only then does it have a share, and is made again.
        if (now.Shares.All(one => one.Part != part.Part))
        {
            if (now.Sight is not null)
            {
                await balancers.RemoveDoorsAsync(spot, now.Sight, part.Part, stop);
            }
            if (part.Group is { } group)
            {
                await balancers.RemoveGroupAsync(spot, group, stop);
            }
            if (part.Definition is { } definition)
            {
                await desk.DeregisterAsync(spot, definition, stop);
            }
        }
        await desk.RemoveAsync(spot, part, stop);
    }

    // It never came to be a service, or was removed by hand.
    private async Task ForgetAsync(
        AwsSpot spot,
        Part part,
        (BalancerSight? Sight, IReadOnlyList<EcsPart> Parts) now,
        AwsCharge charge,
        CancellationToken stop
    )
    {
        if (now.Sight is not null)
        {
            await balancers.RemoveDoorsAsync(spot, now.Sight, part, stop);
        }
        foreach (var (group, tags) in await balancers.GroupsAsync(spot, stop))
        {
            if (group.Part == part && AwsMarks.IsOurs(tags, spot, charge.Owner))
            {
                await balancers.RemoveGroupAsync(spot, group.Arn, stop);
            }
        }
        await desk.SweepAsync(spot, now.Parts, charge, stop);
    }

    private static Uri EndpointOf(AwsSpot spot, Part part, BalancerFront front, string owner) =>
        new(front.Address, $"?{EcsMarks.Key}={EcsMarks.WordOf(spot.Site, part, owner)}");
}
