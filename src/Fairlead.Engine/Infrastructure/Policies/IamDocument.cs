using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Engine.Infrastructure.Policies;

/// <summary>A policy of AWS IAM. Source: "IAM JSON policy elements reference". One that cannot be read has no statements.</summary>
internal static class IamDocument
{
    private const int LettersMax = 64 * 1024;

    /// <summary>Conditions that say how and when, and not who.</summary>
    private static readonly HashSet<string> NarrowNobody = new(StringComparer.OrdinalIgnoreCase)
    {
        "aws:CurrentTime",
        "aws:SecureTransport",
        "aws:UserAgent",
        "aws:Referer",
        "s3:prefix",
        "s3:TlsVersion",
        "s3:x-amz-acl",
        "s3:x-amz-server-side-encryption",
    };

    /// <summary>What is allowed; what is denied takes nothing away that a policy looks for.</summary>
    public static IEnumerable<JsonObject> Allowing(string? text)
    {
        JsonNode? root;
        try
        {
            root = text is { Length: <= LettersMax } ? JsonNode.Parse(text) : null;
        }
        catch (JsonException)
        {
            root = null;
        }
        return (root as JsonObject)?["Statement"].Groups().Select(static one => one.Group).Where(IsAllowing) ?? [];
    }

    private static bool IsAllowing(JsonObject statement) => statement["Effect"].Text() is "Allow";

    public static IEnumerable<string> Actions(JsonObject statement) =>
        statement["NotAction"] is not null ? ["*"] : statement["Action"].Texts();

    /// <summary>Whether it is for all resources, of all or of one service.</summary>
    public static bool IsOnAll(JsonObject statement) =>
        statement["NotResource"] is not null || statement["Resource"].Texts().Any(IsAll);

    // All of a service too, such as arn:aws:s3:::*
    private static bool IsAll(string resource) => resource is "*" || resource.Split(':') is [_, _, _, _, _, "*"];

    public static bool HasCondition(JsonObject statement) => statement["Condition"] is JsonObject { Count: > 0 };

    /// <summary>Whether anybody at all is meant, and no condition says who.</summary>
    public static bool IsForAnybody(JsonObject statement)
    {
        var principal = statement["Principal"];
        var isAnybody =
            principal.Text() is "*"
            || (principal as JsonObject)?["AWS"].Texts().Contains("*", StringComparer.Ordinal) is true
            || statement["NotPrincipal"] is not null;
        return isAnybody
            && !Conditions(statement)
                .Any(static one =>
                    !NarrowNobody.Contains(one.Key)
                    && !one.Values.Any(static value => value is "*" || Addresses.IsEverybody(value))
                );
    }

    /// <summary>Keys of all conditions with what they are compared to.</summary>
    public static IEnumerable<(string Key, IReadOnlyList<string> Values)> Conditions(JsonObject statement) =>
        (statement["Condition"] as JsonObject ?? [])
            .Select(static one => one.Value)
            .OfType<JsonObject>()
            .SelectMany(static one => one)
            .Select(static one => (one.Key, (IReadOnlyList<string>)[.. one.Value.Texts()]));
}
