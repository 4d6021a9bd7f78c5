using System.Globalization;
using System.Xml.Linq;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Ecs;

/// <summary>A listener of a load balancer.</summary>
/// <param name="Listener">ARN.</param>
/// <param name="Balancer">ARN.</param>
/// <param name="Network">The VPC.</param>
/// <param name="Address">Where it answers.</param>
internal sealed record BalancerFront(string Listener, string Balancer, string Network, Uri Address);

/// <summary>A rule of a listener.</summary>
/// <param name="Priority">Null for the listener's default.</param>
/// <param name="Groups">Target groups to which it leads, with their weights.</param>
/// <param name="Word">By which it leads to one part; null where it is no such rule.</param>
internal sealed record BalancerRule(
    string Arn,
    int? Priority,
    IReadOnlyList<(string Group, int Weight)> Groups,
    string? Word
);

/// <summary>A target group.</summary>
internal sealed record BalancerGroup(string Arn, Part Part);

/// <summary>Reads what Elastic Load Balancing says. Pure.</summary>
internal static class BalancerReading
{
    /// <summary>How many rules' places a service of a given length of path may have.</summary>
    private const int Band = 100;

    private const int LengthMax = 100;
    private const int DoorsFrom = 1000;
    private const int DoorsTo = 9_999;
    private const int RulesTo = 20_000;

    /// <summary>The listener to take: the one on 443, else on 80, else the only one; null where there is none such.</summary>
    public static XElement? Listener(XElement list)
    {
        var all = list.Members("Listeners").ToList();
        return all.FirstOrDefault(static one => one.Child("Port")?.Value == "443")
            ?? all.FirstOrDefault(static one => one.Child("Port")?.Value == "80")
            ?? (all.Count == 1 ? all[0] : null);
    }

    /// <summary>Null where a part of it is not said, or it is no load balancer for HTTP.</summary>
    /// <param name="host">A host of the environment, which certificates know; null where there is none.</param>
    public static BalancerFront? Front(XElement balancer, XElement listener, string? host)
    {
        var (protocol, port) = (listener.Child("Protocol")?.Value, listener.Child("Port")?.Value);
        return
            balancer.Child("Type")?.Value is "application"
            && listener.Child("ListenerArn")?.Value is { } arn
            && balancer.Child("LoadBalancerArn")?.Value is { } of
            && balancer.Child("VpcId")?.Value is { } network
            && balancer.Child("DNSName")?.Value is { } name
            && Uri.TryCreate(
                $"{(protocol is "HTTPS" ? "https" : "http")}://{(protocol is "HTTPS" ? host ?? name : name)}:{port}/",
                UriKind.Absolute,
                out var address
            )
            ? new(arn, of, network, address)
            : null;
    }

    public static IEnumerable<BalancerRule> Rules(XElement list) =>
        list.Members("Rules")
            .Select(static one => new BalancerRule(
                one.Child("RuleArn")?.Value ?? "",
                int.TryParse(
                    one.Child("Priority")?.Value,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var priority
                )
                    ? priority
                    : null,
                GroupsOf(one),
                WordOf(one)
            ))
            .Where(static one => one.Arn.Length > 0);

    /// <summary>Those that are parts of this service, by their names.</summary>
    public static IEnumerable<BalancerGroup> Groups(XElement list, AwsSpot spot) =>
        list.Members("TargetGroups")
            .Select(static one => one.Child("TargetGroupArn")?.Value)
            .OfType<string>()
            .Select(arn => EcsMarks.PartOfGroup(arn, spot) is { } part ? new BalancerGroup(arn, part) : null)
            .OfType<BalancerGroup>();

    /// <summary>Rules that lead to parts of this service by weights; ours is the one whose tags say so.</summary>
    public static IEnumerable<BalancerRule> RulesOf(IEnumerable<BalancerRule> rules, AwsSpot spot) =>
        rules.Where(one =>
            one is { Word: null, Priority: not null }
            && one.Groups.Any(group => EcsMarks.PartOfGroup(group.Group, spot) is not null)
        );

    /// <summary>The rules that lead to one part alone.</summary>
    public static IEnumerable<BalancerRule> DoorsOf(IEnumerable<BalancerRule> rules, Part part, AwsSpot spot) =>
        rules.Where(one =>
            one.Word is not null && one.Groups.Any(group => EcsMarks.PartOfGroup(group.Group, spot) == part)
        );

    /// <summary>Weights as shares, of those that have any.</summary>
    public static IReadOnlyList<(Part Part, Share Share)> Shares(BalancerRule? rule, AwsSpot spot)
    {
        var weights = (rule?.Groups ?? [])
            .Select(one => (Part: EcsMarks.PartOfGroup(one.Group, spot), one.Weight))
            .Where(static one => one is { Part: not null, Weight: > 0 })
            .ToList();
        var sum = weights.Sum(static one => (long)one.Weight);
        return [.. weights.Select(one => (one.Part!, new Share((int)(one.Weight * 100L / sum))))]; // Those without are left out.
    }

    /// <summary>A place that nobody has, before those of the rules: whoever knows the word comes first.</summary>
    public static int? FreeDoor(IEnumerable<BalancerRule> rules) => Free(rules, DoorsFrom, DoorsTo);

    /// <summary>A place that nobody has. The longer a path, the earlier it comes, so that /api is not taken by /.</summary>
    public static int? FreeRule(IEnumerable<BalancerRule> rules, AwsTasks tasks)
    {
        var length = Math.Clamp(tasks.Routes.Select(static one => one.Length).DefaultIfEmpty(1).Min(), 1, LengthMax);
        var from = RulesTo - length * Band;
        return Free(rules, from, from + Band - 1);
    }

    public static IReadOnlyDictionary<string, string> Tags(XElement list, string arn)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        var of = list.Members("TagDescriptions").FirstOrDefault(one => one.Child("ResourceArn")?.Value == arn);
        foreach (var one in of?.Child("Tags")?.Elements() ?? [])
        {
            if (one.Child("Key")?.Value is { } key)
            {
                tags[key] = one.Child("Value")?.Value ?? "";
            }
        }
        return tags;
    }

    /// <summary>Null where they do not say.</summary>
    public static DateTimeOffset? ChangedIn(IReadOnlyDictionary<string, string> tags) =>
        AwsMarks.ChangeIn($"since={tags.GetValueOrDefault(AwsMarks.Changed)}").At;

    public static TargetHealth Health(XElement list)
    {
        var all = list.Members("TargetHealthDescriptions")
            .Select(static one => one.Child("TargetHealth"))
            .OfType<XElement>()
            // Those that leave say nothing of those that stay.
            .Where(static one => one.Child("State")?.Value is not ("draining" or "unused"))
            .ToList();
        var wrong = all.FirstOrDefault(static one => one.Child("State")?.Value is not "healthy");
        return new(
            all.Count,
            all.Count(static one => one.Child("State")?.Value is "healthy"),
            wrong is null
                ? ""
                : $"The load balancer finds a task {wrong.Child("State")?.Value}: {wrong.Child("Description")?.Value ?? wrong.Child("Reason")?.Value}"
        );
    }

    private static int? Free(IEnumerable<BalancerRule> rules, int from, int to)
    {
        var taken = rules.Select(static one => one.Priority).ToHashSet();
        return Enumerable
            .Range(from, to - from + 1)
            .Select(static one => (int?)one)
            .FirstOrDefault(one => !taken.Contains(one));
    }

    // <Actions><member><Type>forward</Type><ForwardConfig><TargetGroups><member><TargetGroupArn/><Weight>95</Weight>...
    private static List<(string Group, int Weight)> GroupsOf(XElement rule)
    {
        var actions = rule.Child("Actions")?.Elements().ToList() ?? [];
        var weighted = actions
            .Select(static one => one.Child("ForwardConfig")?.Child("TargetGroups"))
            .OfType<XElement>()
            .SelectMany(static one => one.Elements())
            .Select(static one =>
                (one.Child("TargetGroupArn")?.Value ?? "", Weight: WeightOf(one.Child("Weight")?.Value))
            )
            .ToList();
        return weighted.Count > 0
            ? weighted
            :
            [
                .. actions
                    .Select(static one => one.Child("TargetGroupArn")?.Value)
                    .OfType<string>()
                    .Select(static one => (one, 1)),
            ];
    }

    private static int WeightOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) ? weight
        : text is null ? 1
        : 0;

    private static string? WordOf(XElement rule) =>
        (rule.Child("Conditions")?.Elements() ?? [])
            .SelectMany(static one => one.Child("QueryStringConfig")?.Child("Values")?.Elements() ?? [])
            .Where(static one => one.Child("Key")?.Value == EcsMarks.Key)
            .Select(static one => one.Child("Value")?.Value)
            .FirstOrDefault();
}
