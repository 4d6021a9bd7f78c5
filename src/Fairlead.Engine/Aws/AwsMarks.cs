using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws;

/// <summary>Words by which things at AWS are known as Fairlead's own: as tags, and as a sentence where there are no tags. Pure.</summary>
internal static class AwsMarks
{
    public const string App = "fairlead:app";
    public const string Environment = "fairlead:environment";
    public const string Service = "fairlead:service";
    public const string Since = "fairlead:since";

    /// <summary>Which Fairlead.</summary>
    public const string Owner = "fairlead:owner";

    /// <summary>Of the server that changed it last.</summary>
    public const string Fence = "fairlead:fence";

    /// <summary>When the shares were changed last, in seconds of Unix.</summary>
    public const string Changed = "fairlead:changed";

    private const string Word = "fairlead";
    private const int HashLetters = 8;

    public static OrderedDictionary<string, string> OfService(AwsSpot spot, string owner) =>
        new()
        {
            [App] = spot.Site.App,
            [Environment] = spot.Site.Environment,
            [Service] = spot.Service,
            [Owner] = owner,
        };

    public static OrderedDictionary<string, string> OfPart(AwsSpot spot, Part part, string owner)
    {
        var tags = OfService(spot, owner);
        tags[Since] = part.Since.ToString(CultureInfo.InvariantCulture);
        return tags;
    }

    /// <summary>Null when it is ours; else why it is not.</summary>
    public static string? WhyNotOurs(IReadOnlyDictionary<string, string> tags, AwsSpot spot, string owner) =>
        !tags.TryGetValue(App, out var app) ? $"It has no tag {App}."
        : app != spot.Site.App
        || tags.GetValueOrDefault(Environment) != spot.Site.Environment
        || tags.GetValueOrDefault(Service) != spot.Service
            ? $"Its tags say {tags.GetValueOrDefault(Service)} of {app}/{tags.GetValueOrDefault(Environment)}."
        : tags.GetValueOrDefault(Owner) is { } other && other != owner
            ? $"Its tag {Owner} says {other}, another Fairlead; this one is {owner}."
        : null;

    public static bool IsOurs(IReadOnlyDictionary<string, string> tags, AwsSpot spot, string owner) =>
        WhyNotOurs(tags, spot, owner) is null;

    /// <summary>The part that tags tell of; null when they tell of none.</summary>
    public static Part? PartOf(IReadOnlyDictionary<string, string> tags) =>
        tags.GetValueOrDefault(Service) is { } service
        && Site.IsName(service)
        && int.TryParse(tags.GetValueOrDefault(Since), NumberStyles.None, CultureInfo.InvariantCulture, out var since)
            ? new(service, since)
            : null;

    /// <summary>Such as <c>fairlead shop/production api@42</c>.</summary>
    public static string SentenceOf(Site site, Part part) => $"{Word} {site} {part}";

    /// <summary>The part of this service that a sentence tells of; null when it tells of none.</summary>
    public static Part? PartIn(string? sentence, AwsSpot spot) =>
        sentence?.Split(' ') is [Word, var site, var text, ..]
        && site == spot.Site.ToString()
        && Part.TryParse(text) is { } part
        && part.Service == spot.Service
            ? part
            : null;

    /// <summary>Such as <c>fairlead fence=12 since=1764300000</c>: who changed something last, and when in seconds of Unix.</summary>
    public static string ChangeOf(Fence fence, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{Word} fence={fence.Number} since={at.ToUnixTimeSeconds()}");

    /// <summary>0 and null where it does not say.</summary>
    public static (Fence Fence, DateTimeOffset? At) ChangeIn(string? sentence)
    {
        long? Number(string name) =>
            (sentence ?? "").Split(' ').FirstOrDefault(one => one.StartsWith(name, StringComparison.Ordinal))
                is { } word
            && long.TryParse(word[name.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : null;

        const long SecondsMax = 253_402_300_799; // The last that a date can be.
        return (
            new(Number("fence=") ?? 0),
            Number("since=") is { } seconds and <= SecondsMax ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null
        );
    }

    /// <summary>What a program is told: all that was ordered, sorted, and who it is.</summary>
    public static OrderedDictionary<string, string> EnvOf(InstanceOrder order)
    {
        var env = new OrderedDictionary<string, string>();
        foreach (var (name, value) in order.Env.OrderBy(static one => one.Key, StringComparer.Ordinal))
        {
            env[name] = value;
        }
        env["FAIRLEAD_APP"] = order.Key.Site.App;
        env["FAIRLEAD_ENVIRONMENT"] = order.Key.Site.Environment;
        env["FAIRLEAD_SERVICE"] = order.Key.Part.Service;
        env["FAIRLEAD_RELEASE"] = order.Key.Part.Since.ToString(CultureInfo.InvariantCulture);
        return env;
    }

    /// <summary>A name that fits: what is too long ends with a hash of all of it.</summary>
    public static string Name(string text, int lettersMax) =>
        text.Length <= lettersMax ? text : Hashed(text, text, lettersMax);

    /// <summary>A name with a hash of what it stands for at its end.</summary>
    public static string Hashed(string name, string of, int lettersMax) =>
        $"{name[..Math.Min(name.Length, lettersMax - HashLetters - 1)].TrimEnd('-')}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(of)))[..HashLetters]}";

    public static JsonObject Json(IEnumerable<KeyValuePair<string, string>> tags) =>
        new(tags.Select(static one => KeyValuePair.Create(one.Key, (JsonNode?)JsonValue.Create(one.Value))));

    /// <summary>Tags as an object of JSON has them; what is no text is passed over.</summary>
    public static Dictionary<string, string> Read(JsonNode? tags) =>
        (tags as JsonObject ?? [])
            .Select(static one => (one.Key, Value: Text(one.Value)))
            .Where(static one => one.Value is not null)
            .ToDictionary(static one => one.Key, static one => one.Value!, StringComparer.Ordinal);

    /// <summary>The text of a value; null when it is none.</summary>
    public static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>0 where there is none.</summary>
    public static double Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<double>(out var number) ? number : 0;

    /// <summary>The objects of a list; none where there is no list.</summary>
    public static IEnumerable<JsonObject> Objects(JsonNode? node) => (node as JsonArray)?.OfType<JsonObject>() ?? [];
}
