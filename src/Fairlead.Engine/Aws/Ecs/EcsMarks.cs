using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Ecs;

/// <summary>How things of a part are called and tagged. Names follow from the part, so whatever is made twice is found instead. Pure.</summary>
internal static class EcsMarks
{
    /// <summary>Requests that have this in their query reach the part whose word it has, whatever the shares are.</summary>
    public const string Key = "fairlead-part";

    // A target group's name has 32 letters at most; a part's number has 10 at most, and there is a hyphen between.
    private const int GroupLettersMax = 32 - 11;
    private const int HashLetters = 16;
    private const int PlaceLetters = 6;

    /// <summary>Of the ECS service of a part, such as <c>shop-production-api-42</c>.</summary>
    public static string NameOf(AwsTasks tasks, Part part) => $"{tasks.Name}-{AwsRest.Text(part.Since)}";

    /// <summary>Of the target group of a part, such as <c>shop-productio-3f2a9c-42</c>.</summary>
    public static string GroupNameOf(AwsTasks tasks, Part part) => $"{GroupsOf(tasks)}-{AwsRest.Text(part.Since)}";

    /// <summary>Which part of this service a name tells of; null when it tells of none.</summary>
    public static Part? PartIn(string name, string before, string service) =>
        name.StartsWith($"{before}-", StringComparison.Ordinal)
        && int.TryParse(name[(before.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var since)
            ? new(service, since)
            : null;

    /// <summary>The part that a target group's ARN tells of; null when it is none of this service.</summary>
    // arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop-productio-3f2a9c-42/73e2d6bc24d8a067
    public static Part? PartOfGroup(string arn, AwsSpot spot) =>
        arn.Split('/') is [_, var name, ..] ? PartIn(name, GroupsOf(spot.Place.Tasks!), spot.Service) : null; // Such are read here.

    public static OrderedDictionary<string, string> OfPart(InstanceOrder order, AwsCharge charge)
    {
        var spot = new AwsSpot(order.Key.Site, order.Key.Part.Service, order.Service.Aws!); // Only such are ordered here.
        var tags = AwsMarks.OfPart(spot, order.Key.Part, charge.Owner);
        tags[AwsMarks.Fence] = AwsRest.Text(charge.Fence.Number);
        return tags;
    }

    /// <summary>0 where they do not say.</summary>
    public static Fence FenceOf(IReadOnlyDictionary<string, string> tags) =>
        new(
            long.TryParse(
                tags.GetValueOrDefault(AwsMarks.Fence),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
                ? number
                : 0
        );

    public static OrderedDictionary<string, string> Of(Fence fence) =>
        new() { [AwsMarks.Fence] = AwsRest.Text(fence.Number) };

    /// <summary>Nobody who does not see the account's tags guesses it: visitors are not to try what is not live.</summary>
    public static string WordOf(Site site, Part part, string owner) => Hash($"{owner}/{site}/{part}");

    // A service that moves to another cluster or load balancer is at both for a while, and what leads to the one is none of the other's.
    // Elastic Load Balancing keeps names that begin with internal- for itself, and takes no two hyphens in a row.
    private static string GroupsOf(AwsTasks tasks)
    {
        var words = tasks.Name.Split('-', StringSplitOptions.RemoveEmptyEntries);
        var name = string.Join('-', words is ["internal", ..] ? words[1..] : words);
        var hash = Hash($"{tasks.Name} {tasks.Cluster} {tasks.Listener ?? tasks.LoadBalancer}")[..PlaceLetters];
        return $"{name[..Math.Min(name.Length, GroupLettersMax - PlaceLetters - 1)].TrimEnd('-')}-{hash}".TrimStart(
            '-'
        );
    }

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLetters];
}
