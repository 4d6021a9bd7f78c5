using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Clusters;

/// <summary>Labels and annotations by which objects in a cluster are known as Fairlead's own.</summary>
internal static class Marks
{
    public const string Manager = "fairlead";
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string App = "app.kubernetes.io/part-of";
    public const string Service = "app.kubernetes.io/name";
    public const string Environment = "fairlead.dev/environment";

    /// <summary>Since which release the part is as it is.</summary>
    public const string Since = "fairlead.dev/since";

    /// <summary>What was ordered, without any secret.</summary>
    public const string Order = "fairlead.dev/order";

    /// <summary>The image, as it was when the part was placed.</summary>
    public const string Image = "fairlead.dev/image";

    /// <summary>Replicas that are wanted.</summary>
    public const string Slots = "fairlead.dev/slots";

    /// <summary>Replicas that were told to stop.</summary>
    public const string Stopping = "fairlead.dev/stopping";

    /// <summary>Who decides how many replicas there are, where that is the cluster's own autoscaler.</summary>
    public const string ScaledBy = "fairlead.dev/scaled-by";

    /// <summary>The fence of the server that took charge of it last; written to make every change that was begun before fail.</summary>
    public const string Charge = "fairlead.dev/charge";

    /// <summary>Where Fairlead was when a policy let it in.</summary>
    public const string Fairlead = "fairlead.dev/fairlead";

    /// <summary>Which of its kind a Secret holds, such as <c>DATABASE_URL#3</c>.</summary>
    public const string Secret = "fairlead.dev/secret";

    public static OrderedDictionary<string, string> OfSite(Site site) =>
        new()
        {
            [ManagedBy] = Manager,
            [App] = site.App,
            [Environment] = site.Environment,
        };

    public static OrderedDictionary<string, string> OfService(Site site, string service)
    {
        var labels = OfSite(site);
        labels[Service] = service;
        return labels;
    }

    public static OrderedDictionary<string, string> OfPart(Site site, Part part)
    {
        var labels = OfService(site, part.Service);
        labels[Since] = part.Since.ToString(CultureInfo.InvariantCulture);
        return labels;
    }

    /// <summary>As the API is asked for objects that carry all of them.</summary>
    public static string Selector(IReadOnlyDictionary<string, string> labels) =>
        string.Join(',', labels.Select(one => $"{one.Key}={one.Value}"));

    public static string? LabelOf(JsonObject one, string label) => Text(one["metadata"]?["labels"]?[label]);

    public static string? NoteOf(JsonObject one, string annotation) =>
        Text(one["metadata"]?["annotations"]?[annotation]);

    public static string NameOf(JsonObject one) => Text(one["metadata"]?["name"]) ?? "";

    public static string? VersionOf(JsonObject one) => Text(one["metadata"]?["resourceVersion"]);

    public static bool IsGoing(JsonObject one) => one["metadata"]?["deletionTimestamp"] is not null;

    /// <summary>Which part it runs; null when it is none of ours.</summary>
    public static Part? PartOf(JsonObject one) =>
        LabelOf(one, ManagedBy) == Manager
        && LabelOf(one, Service) is { } service
        && Model.Apps.Site.IsName(service)
        && int.TryParse(LabelOf(one, Since), NumberStyles.None, CultureInfo.InvariantCulture, out var since)
            ? new(service, since)
            : null;

    /// <summary>What was ordered; null when somebody else wrote over it.</summary>
    public static InstanceOrder? OrderOf(JsonObject one)
    {
        try
        {
            return NoteOf(one, Order) is { } text
                ? System.Text.Json.JsonSerializer.Deserialize<InstanceOrder>(text, Records.Json)
                : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads <c>0,1,2</c>; what is no number is passed over.</summary>
    public static SortedSet<int> NumbersOf(JsonObject one, string annotation) =>
        [
            .. (NoteOf(one, annotation) ?? "")
                .Split(',')
                .Select(word =>
                    int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1
                )
                .Where(number => number >= 0),
        ];

    /// <summary>The number of replicas is left to the cluster's own autoscaler.</summary>
    public static bool IsScaledByCluster(JsonObject deployment) => NoteOf(deployment, ScaledBy) is { Length: > 0 };

    /// <summary>How many there shall be, as the cluster has it.</summary>
    public static int ReplicasOf(JsonObject deployment) => Number(deployment["spec"]?["replicas"]);

    /// <summary>The text of a value; null when it is none.</summary>
    public static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static int Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<int>(out var number) ? number : 0;

    public static bool IsTrue(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<bool>(out var truth) && truth;

    public static DateTimeOffset? Time(JsonNode? node) =>
        DateTimeOffset.TryParse(
            Text(node),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : null;
}
