using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Ecs;

/// <summary>An ECS service that is a part.</summary>
/// <param name="Status">ACTIVE, DRAINING or INACTIVE.</param>
internal sealed record EcsPart(Part Part, string Name, string Arn, string Status)
{
    public int Desired { get; init; }

    public int Running { get; init; }

    public int Pending { get; init; }

    /// <summary>COMPLETED, FAILED or IN_PROGRESS; empty where ECS does not say.</summary>
    public string Rollout { get; init; } = "";

    /// <summary>How many tasks did not come to run.</summary>
    public int FailedTasks { get; init; }

    /// <summary>What ECS says of that, and the last of its events.</summary>
    public IReadOnlyList<string> Why { get; init; } = [];

    /// <summary>The ARN of its task definition.</summary>
    public string? Definition { get; init; }

    /// <summary>The ARN of its target group; null where it has none.</summary>
    public string? Group { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>It is led to from the very load balancer, and not one from which the service moves away.</summary>
    public bool IsAt(AwsSpot spot) => Group is { } group && EcsMarks.PartOfGroup(group, spot) == Part;

    public Fence Fence => EcsMarks.FenceOf(Tags);

    /// <summary>It was told to end, and no task is left.</summary>
    public bool IsOver => Desired == 0 && Running == 0 && Pending == 0;

    public bool IsEnding => Desired == 0 || Status is "DRAINING";

    /// <summary>Something keeps tasks from running.</summary>
    public bool IsInTrouble => !IsEnding && (Rollout is "FAILED" || FailedTasks > 0 || WasWell && Running < Desired);

    /// <summary>All of them ran once.</summary>
    public bool WasWell => Rollout is "COMPLETED";
}

/// <summary>What a load balancer thinks of the tasks of a part.</summary>
/// <param name="Known">How many are registered.</param>
/// <param name="Why">What is wrong with one of them; empty where nothing is.</param>
internal sealed record TargetHealth(int Known, int Healthy, string Why)
{
    public static readonly TargetHealth Unknown = new(0, 0, "");
}

/// <summary>Reads what ECS says. Pure.</summary>
internal static class EcsReading
{
    private const int EventsMax = 2;
    private const int LettersMax = 400;

    /// <summary>The names of a list of services that can be parts of this one.</summary>
    // {"serviceArns":["arn:aws:ecs:eu-central-1:123456789012:service/shop/shop-production-api-42"],"nextToken":"..."}
    public static IReadOnlyList<string> Names(JsonObject list, AwsSpot spot) =>
        [
            .. Texts(list["serviceArns"])
                .Select(static arn => arn.Split('/')[^1])
                .Where(name => EcsMarks.PartIn(name, spot.Place.Tasks!.Name, spot.Service) is not null), // Such are read here.
        ];

    /// <summary>Those services of a description that are this one's parts and not gone.</summary>
    public static IEnumerable<EcsPart> Parts(JsonObject described, AwsSpot spot, string owner) =>
        AwsMarks
            .Objects(described["services"])
            .Select(one => Part(one, spot))
            .OfType<EcsPart>()
            .Where(one => one.Status is not "INACTIVE" && AwsMarks.IsOurs(one.Tags, spot, owner));

    /// <summary>Why one of these names is somebody else's; null when none is.</summary>
    public static string? WhyNotOurs(JsonObject described, AwsSpot spot, string owner) =>
        AwsMarks
            .Objects(described["services"])
            .Where(static one => AwsMarks.Text(one["status"]) is not "INACTIVE")
            .Select(one => AwsMarks.WhyNotOurs(TagsOf(one["tags"]), spot, owner))
            .FirstOrDefault(static why => why is not null);

    /// <summary>A list of pairs, as ECS has tags; what is no pair of texts is passed over.</summary>
    public static Dictionary<string, string> TagsOf(JsonNode? tags)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in AwsMarks.Objects(tags))
        {
            if (AwsMarks.Text(one["key"]) is { } key && AwsMarks.Text(one["value"]) is { } value)
            {
                all[key] = value;
            }
        }
        return all;
    }

    public static IReadOnlyList<string> Texts(JsonNode? list) =>
        [.. (list as JsonArray ?? []).Select(AwsMarks.Text).OfType<string>()];

    /// <summary>Why tasks stopped, each reason once: what ECS says, and how their containers ended.</summary>
    public static IReadOnlyList<string> Reasons(JsonObject described) =>
        [
            .. AwsMarks
                .Objects(described["tasks"])
                .SelectMany(static task =>
                    AwsMarks.Objects(task["containers"]).Select(Ended).Prepend(AwsMarks.Text(task["stoppedReason"]))
                )
                .OfType<string>()
                .Where(static one => one.Length > 0)
                .Select(Short)
                .Distinct(StringComparer.Ordinal)
                .Take(EventsMax + 1),
        ];

    /// <summary>What is there, as the engine knows it.</summary>
    /// <param name="of">Where each part answers, what its load balancer thinks of it, and why its tasks stopped.</param>
    public static Instance InstanceOf(
        AwsSpot spot,
        EcsPart part,
        (Uri? Endpoint, TargetHealth Health, IReadOnlyList<string> Reasons) of
    )
    {
        var key = new InstanceKey(spot.Site, part.Part, 0);
        var state = StateOf(part, of.Health);
        var why = string.Join(
            " ",
            of.Reasons.Append(of.Health.Why).Concat(part.Why).Where(static one => one.Length > 0).Select(Sentence)
        );
        return new()
        {
            Key = key,
            State = state,
            Endpoint = of.Endpoint,
            Problem = state is InstanceState.Failed or InstanceState.Down or InstanceState.Starting
                ? AwsProblems.NotWell(
                    key,
                    $"ECS has {part.Running} of {part.Desired} tasks of {part.Name}. {why}".TrimEnd()
                )
                : null,
        };
    }

    private static InstanceState StateOf(EcsPart part, TargetHealth health) =>
        part.IsEnding ? InstanceState.Stopping
        : part.Rollout is "FAILED" ? InstanceState.Failed
        : IsAnswering(part, health) ? InstanceState.Ready
        : part.WasWell ? InstanceState.Down
        : InstanceState.Starting;

    // At first all of its tasks have to answer, which the load balancer knows earlier than ECS, who waits until nothing has changed for a
    // while. Later one that answers is enough: tasks come and go by AWS's own reasons.
    private static bool IsAnswering(EcsPart part, TargetHealth health) =>
        part.WasWell
            ? part.Running > 0 && (health is { Known: 0 } or { Healthy: > 0 })
            : part.Running >= part.Desired && health.Healthy >= part.Desired;

    private static EcsPart? Part(JsonObject one, AwsSpot spot)
    {
        var tags = TagsOf(one["tags"]);
        if (
            AwsMarks.PartOf(tags) is not { } part
            || AwsMarks.Text(one["serviceName"]) is not { } name
            || name != EcsMarks.NameOf(spot.Place.Tasks!, part)
        )
        {
            return null;
        }
        var deployment = AwsMarks
            .Objects(one["deployments"])
            .FirstOrDefault(static one => AwsMarks.Text(one["status"]) is "PRIMARY");
        var rollout = AwsMarks.Text(deployment?["rolloutState"]) ?? "";
        // That it is in progress, or done, tells nobody anything.
        var why = rollout is "FAILED" ? AwsMarks.Text(deployment?["rolloutStateReason"]) ?? "" : "";
        var events = AwsMarks.Objects(one["events"]).Select(static one => AwsMarks.Text(one["message"]) ?? "");
        return new(part, name, AwsMarks.Text(one["serviceArn"]) ?? "", AwsMarks.Text(one["status"]) ?? "")
        {
            Desired = Count(one["desiredCount"]),
            Running = Count(one["runningCount"]),
            Pending = Count(one["pendingCount"]),
            Rollout = rollout,
            FailedTasks = Count(deployment?["failedTasks"]),
            Why = [.. events.Prepend(why).Where(static one => one.Length > 0).Take(EventsMax).Select(Short)],
            Definition = AwsMarks.Text(one["taskDefinition"]),
            Group = AwsMarks
                .Objects(one["loadBalancers"])
                .Select(static one => AwsMarks.Text(one["targetGroupArn"]))
                .FirstOrDefault(static one => one is not null),
            Tags = tags,
        };
    }

    // {"name":"api","exitCode":1,"reason":"OutOfMemoryError: Container killed due to memory usage"}
    private static string? Ended(JsonObject container)
    {
        var reason = AwsMarks.Text(container["reason"]);
        return container["exitCode"] is null ? reason
            : Count(container["exitCode"]) is var code && reason is null ? $"Its program ended with code {code}"
            : $"Its program ended with code {Count(container["exitCode"])}: {reason}";
    }

    private static int Count(JsonNode? node) => (int)Math.Clamp(AwsMarks.Number(node), 0, int.MaxValue);

    private static string Sentence(string text) => text.EndsWith('.') ? text : $"{text}.";

    // It could be anything: a program's name and words are in it.
    private static string Short(string text) => text.Length > LettersMax ? text[..LettersMax] : text;
}
