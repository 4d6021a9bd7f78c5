using System.Collections.Concurrent;
using System.Xml.Linq;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Ecs;

/// <summary>A listener, and all of its rules.</summary>
internal sealed record BalancerSight(BalancerFront Front, IReadOnlyList<BalancerRule> Rules);

/// <summary>Asks a load balancer about one service, and changes its rules and target groups.</summary>
internal sealed class BalancerDesk(IAws aws)
{
    private const int PagesMax = 50;
    private const int TagsAtOnceMax = 20;
    private const int TriesMax = 5;
    private const string NoBalancer = "LoadBalancerNotFound";
    private const string NoListener = "ListenerNotFound";
    private const string NoRule = "RuleNotFound";
    private const string NoGroup = "TargetGroupNotFound";
    private const string InUse = "ResourceInUse";
    private const string Taken = "PriorityInUse";

    private readonly ConcurrentDictionary<string, BalancerFront> fronts = new(StringComparer.Ordinal);

    /// <exception cref="ProblemException">There is no such listener.</exception>
    public async Task<BalancerSight> SeeAsync(AwsSpot spot, CancellationToken stop) =>
        await TrySeeAsync(spot, stop) ?? throw new ProblemException(NotThere(spot));

    /// <returns>Null where there is no such listener.</returns>
    public async Task<BalancerSight?> TrySeeAsync(AwsSpot spot, CancellationToken stop)
    {
        if (await FrontAsync(spot, stop) is not { } front)
        {
            return null;
        }
        var (rules, marker) = (new List<BalancerRule>(), default(string));
        for (var pages = 0; pages < PagesMax; pages++)
        {
            if (
                await TryXmlAsync(spot, BalancerCalls.Rules(front.Listener, marker), [NoListener], stop) is not { } page
            )
            {
                fronts.TryRemove(KeyOf(spot), out _);
                return null;
            }
            rules.AddRange(BalancerReading.Rules(page));
            marker = page.ValueOf("NextMarker");
            if (string.IsNullOrEmpty(marker))
            {
                break;
            }
        }
        return new(front, rules);
    }

    /// <summary>The listener; what does not change is asked once.</summary>
    public async Task<BalancerFront?> FrontAsync(AwsSpot spot, CancellationToken stop)
    {
        if (fronts.TryGetValue(KeyOf(spot), out var known))
        {
            return known;
        }
        var tasks = spot.Place.Tasks!; // Such are asked for here.
        XElement? balancer = null;
        XElement? listener;
        if (tasks.Listener is { } arn)
        {
            var list = await TryXmlAsync(spot, BalancerCalls.Listener(arn), [NoListener], stop);
            listener = list?.Members("Listeners").FirstOrDefault();
        }
        else
        {
            balancer = await BalancerAsync(spot, tasks.LoadBalancer!, stop); // One of them is said.
            listener = balancer?.Child("LoadBalancerArn")?.Value is { } of
                ? BalancerReading.Listener(await aws.XmlAsync(spot.In(BalancerCalls.Listeners(of)), $"{spot}", stop))
                : null;
        }
        if (balancer is null && listener?.Child("LoadBalancerArn")?.Value is { } its)
        {
            balancer = await BalancerAsync(spot, its, stop);
        }
        var host = tasks.Hosts.FirstOrDefault(static one => !one.Contains('*', StringComparison.Ordinal));
        return
            balancer is not null && listener is not null && BalancerReading.Front(balancer, listener, host) is { } front
            ? fronts[KeyOf(spot)] = front
            : null;
    }

    /// <summary>The rule whose weights are the shares, with its tags; null where nothing has a share.</summary>
    public async Task<(BalancerRule Rule, IReadOnlyDictionary<string, string> Tags)?> RuleAsync(
        AwsSpot spot,
        BalancerSight sight,
        string owner,
        CancellationToken stop
    )
    {
        var some = BalancerReading.RulesOf(sight.Rules, spot).Take(TagsAtOnceMax).ToList();
        if (some.Count == 0)
        {
            return null;
        }
        var list = await TryXmlAsync(spot, BalancerCalls.Tags(some.Select(static one => one.Arn)), [NoRule], stop);
        foreach (var one in list is null ? [] : some)
        {
            var tags = BalancerReading.Tags(list!, one.Arn); // There are none without a list.
            if (AwsMarks.IsOurs(tags, spot, owner))
            {
                return (one, tags);
            }
        }
        return null;
    }

    /// <summary>Target groups that are called as this service's parts, with their tags.</summary>
    public async Task<IReadOnlyList<(BalancerGroup Group, IReadOnlyDictionary<string, string> Tags)>> GroupsAsync(
        AwsSpot spot,
        CancellationToken stop
    )
    {
        var (found, marker) = (new List<BalancerGroup>(), default(string));
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var page = await aws.XmlAsync(spot.In(BalancerCalls.Groups(marker)), $"{spot}", stop);
            found.AddRange(BalancerReading.Groups(page, spot));
            marker = page.ValueOf("NextMarker");
            if (string.IsNullOrEmpty(marker))
            {
                break;
            }
        }
        var all = new List<(BalancerGroup, IReadOnlyDictionary<string, string>)>();
        foreach (var some in found.Chunk(TagsAtOnceMax))
        {
            var tags =
                await TryXmlAsync(spot, BalancerCalls.Tags(some.Select(static one => one.Arn)), [NoGroup], stop)
                ?? throw new ProblemException(AwsProblems.Overtaken("A target group")); // One of them is gone since.
            all.AddRange(some.Select(one => (one, BalancerReading.Tags(tags, one.Arn))));
        }
        return all;
    }

    /// <returns>The ARN of the target group.</returns>
    public async Task<string> GroupAsync(
        InstanceOrder order,
        AwsSpot spot,
        string network,
        AwsCharge charge,
        CancellationToken stop
    )
    {
        var call = BalancerCalls.CreateGroup(order, spot.Place.Tasks!, network, charge);
        var made = await aws.XmlAsync(spot.In(call), $"{spot}", stop);
        return made.ValueOf("TargetGroupArn")
            ?? throw new ProblemException(AwsProblems.Strange(call, "It names no target group."));
    }

    public async Task DrainAsync(AwsSpot spot, string group, TimeSpan drain, CancellationToken stop) =>
        await aws.XmlAsync(spot.In(BalancerCalls.Drain(group, drain)), $"{spot}", stop);

    /// <summary>Makes the rule by which a part alone is reached, or finds it.</summary>
    public async Task DoorAsync(
        InstanceOrder order,
        AwsSpot spot,
        string group,
        AwsCharge charge,
        CancellationToken stop
    )
    {
        var part = order.Key.Part;
        var tags = EcsMarks.OfPart(order, charge);
        var word = EcsMarks.WordOf(spot.Site, part, charge.Owner);
        await MakeAsync(
            spot,
            sight => BalancerReading.DoorsOf(sight.Rules, part, spot).Any(),
            sight =>
                BalancerReading.FreeDoor(sight.Rules) is { } free
                    ? BalancerCalls.CreateDoor(sight.Front.Listener, (free, word, group), tags)
                    : null,
            stop
        );
    }

    /// <summary>Gives target groups their shares, in one step; none removes the rule.</summary>
    /// <param name="now">The rule as it is; null where there is none.</param>
    public async Task ShareAsync(
        AwsSpot spot,
        BalancerRule? now,
        IReadOnlyList<(string Group, Share Share)> shares,
        IReadOnlyDictionary<string, string> tags,
        CancellationToken stop
    )
    {
        var tasks = spot.Place.Tasks!;
        if (shares.Count == 0)
        {
            if (now is not null)
            {
                await TryXmlAsync(spot, BalancerCalls.RemoveRule(now.Arn), [NoRule], stop);
            }
            return;
        }
        if (now is null)
        {
            await MakeAsync(
                spot,
                static _ => false,
                sight =>
                    BalancerReading.FreeRule(sight.Rules, tasks) is { } free
                        ? BalancerCalls.CreateRule(sight.Front.Listener, tasks, (free, shares), tags)
                        : null,
                stop
            );
            return;
        }
        _ =
            await TryXmlAsync(spot, BalancerCalls.Tag(now.Arn, tags), [NoRule], stop) is not null
            && await TryXmlAsync(spot, BalancerCalls.ChangeRule(now.Arn, tasks, shares), [NoRule], stop) is not null
                ? true
                : throw new ProblemException(AwsProblems.Overtaken($"The rule of {spot.Place.Words}"));
    }

    public async Task RemoveDoorsAsync(AwsSpot spot, BalancerSight sight, Part part, CancellationToken stop)
    {
        foreach (var door in BalancerReading.DoorsOf(sight.Rules, part, spot))
        {
            await TryXmlAsync(spot, BalancerCalls.RemoveRule(door.Arn), [NoRule], stop);
        }
    }

    /// <summary>Removes a target group, unless a rule leads to it.</summary>
    public async Task RemoveGroupAsync(AwsSpot spot, string group, CancellationToken stop) =>
        await TryXmlAsync(spot, BalancerCalls.RemoveGroup(group), [NoGroup, InUse], stop);

    public async Task<TargetHealth> HealthAsync(AwsSpot spot, string group, CancellationToken stop) =>
        await TryXmlAsync(spot, BalancerCalls.Health(group), [NoGroup], stop) is { } list
            ? BalancerReading.Health(list)
            : TargetHealth.Unknown;

    // Whoever else makes rules of this listener may take the same place at the same moment.
    private async Task MakeAsync(
        AwsSpot spot,
        Func<BalancerSight, bool> isThere,
        Func<BalancerSight, AwsCall?> make,
        CancellationToken stop
    )
    {
        for (var tries = 1; ; tries++)
        {
            var sight = await SeeAsync(spot, stop);
            if (isThere(sight))
            {
                return;
            }
            var call = make(sight) ?? throw new ProblemException(AwsProblems.RulesFull(sight.Front.Listener));
            var answer = await aws.AskAsync(spot.In(call), stop);
            if (answer.Code != Taken || tries == TriesMax)
            {
                AwsAsking.Done(call, answer, $"{spot}");
                return;
            }
        }
    }

    private async Task<XElement?> BalancerAsync(AwsSpot spot, string wanted, CancellationToken stop) =>
        (await TryXmlAsync(spot, BalancerCalls.Balancer(wanted), [NoBalancer], stop))
            ?.Members("LoadBalancers")
            .FirstOrDefault();

    private async Task<XElement?> TryXmlAsync(
        AwsSpot spot,
        AwsCall call,
        IReadOnlyList<string> unless,
        CancellationToken stop
    )
    {
        var answer = await aws.AskAsync(spot.In(call), stop);
        return !answer.IsDone && unless.Contains(answer.Code)
            ? null
            : AwsAsking.Xml(call, AwsAsking.Done(call, answer, $"{spot}"));
    }

    private static string KeyOf(AwsSpot spot) =>
        $"{spot.Place.Region} {spot.Place.Tasks!.Listener} {spot.Place.Tasks.LoadBalancer} {string.Join(',', spot.Place.Tasks.Hosts)}";

    private static Problem NotThere(AwsSpot spot) =>
        spot.Place.Tasks!.Listener is { } arn
            ? AwsProblems.NotThere(
                $"listener {arn} of a load balancer for HTTP",
                "Correct 'listener', such as arn:aws:elasticloadbalancing:REGION:ACCOUNT:listener/app/NAME/ID/ID: aws elbv2 describe-listeners"
            )
            : AwsProblems.NotThere(
                $"load balancer for HTTP that is called {spot.Place.Tasks.LoadBalancer} and has a listener on 443 or 80",
                "Make them, or say the listener's ARN: aws elbv2 describe-load-balancers"
            );
}
