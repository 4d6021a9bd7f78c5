using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Lambda;

/// <summary>A published version that is a part.</summary>
/// <param name="Version">Its number, as Lambda writes it.</param>
/// <param name="State">Active, Pending, Inactive or Failed.</param>
internal sealed record LambdaVersion(Part Part, string Version, string State, string Why);

/// <summary>The alias that callers name.</summary>
/// <param name="Weights">By version; they sum to 100.</param>
internal sealed record LambdaAlias(
    IReadOnlyList<(string Version, Share Share)> Weights,
    Fence Fence,
    DateTimeOffset? Since,
    string? Revision
);

/// <summary>Reads what Lambda says. Pure.</summary>
internal static class LambdaReading
{
    /// <summary>Those versions of a list that are parts of this service; newest last.</summary>
    public static IReadOnlyList<LambdaVersion> Versions(JsonObject list, AwsSpot spot) =>
        [.. AwsMarks.Objects(list["Versions"]).Select(one => VersionOf(one, spot)).OfType<LambdaVersion>()];

    // One that the function's own latest code has its description from is no version.
    private static LambdaVersion? VersionOf(JsonObject one, AwsSpot spot) =>
        AwsMarks.Text(one["Version"]) is { } version
        && version.All(char.IsAsciiDigit)
        && AwsMarks.PartIn(AwsMarks.Text(one["Description"]), spot) is { } part
            ? new(
                part,
                version,
                AwsMarks.Text(one["State"]) is { Length: > 0 } state ? state : "Active",
                AwsMarks.Text(one["StateReason"]) ?? ""
            )
            : null;

    public static LambdaAlias Alias(JsonObject alias)
    {
        var others = ((alias["RoutingConfig"] as JsonObject)?["AdditionalVersionWeights"] as JsonObject ?? [])
            .Select(static one => (one.Key, Share: Weight(one.Value)))
            .Where(static one => one.Share.Percent > 0)
            .ToList();
        var main = AwsMarks.Text(alias["FunctionVersion"]) ?? "";
        var rest = Math.Clamp(100 - others.Sum(static one => one.Share.Percent), 0, 100);
        var (fence, since) = AwsMarks.ChangeIn(AwsMarks.Text(alias["Description"]));
        return new([(main, new Share(rest)), .. others], fence, since, AwsMarks.Text(alias["RevisionId"]));
    }

    /// <summary>What is there, as the engine knows it.</summary>
    public static AwsSight Sight(
        AwsSpot spot,
        IReadOnlyList<LambdaVersion> versions,
        LambdaAlias? alias,
        (Func<string, Uri> Endpoint, IReadOnlyDictionary<string, string> Warming) of
    )
    {
        // Of two with the same part, which can only be when somebody made one by hand, the later one counts.
        var newest = versions
            .GroupBy(static one => one.Part)
            .Select(static group => group.Last())
            .OrderBy(static one => one.Part.Since)
            .ToList();
        // Lambda never gives a number twice, but whoever plays it may.
        var byVersion = versions
            .GroupBy(static one => one.Version, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.Last().Part, StringComparer.Ordinal);
        return new(
            [
                .. newest.Select(one =>
                    InstanceOf(spot, one, of.Endpoint(one.Version), of.Warming.GetValueOrDefault(one.Version))
                ),
            ],
            [
                .. (alias?.Weights ?? [])
                    .Where(one => one.Share > Share.None && byVersion.ContainsKey(one.Version))
                    .Select(one => (byVersion[one.Version], one.Share)),
            ],
            alias?.Since
        );
    }

    private static Instance InstanceOf(AwsSpot spot, LambdaVersion version, Uri endpoint, string? warming)
    {
        var key = new InstanceKey(spot.Site, version.Part, 0);
        var state = version.State switch
        {
            "Failed" => InstanceState.Failed,
            "Pending" => InstanceState.Starting,
            // Inactive ones are started by their next invocation.
            _ => warming switch
            {
                "FAILED" => InstanceState.Failed,
                "IN_PROGRESS" => InstanceState.Starting,
                _ => InstanceState.Ready,
            },
        };
        return new()
        {
            Key = key,
            State = state,
            Endpoint = endpoint,
            Problem =
                state is not InstanceState.Failed ? null
                : version.State is "Failed"
                    ? AwsProblems.NotWell(key, $"Lambda says of version {version.Version}: {version.Why}")
                : AwsProblems.NotWell(
                    key,
                    $"Lambda cannot keep version {version.Version} started (provisioned concurrency)."
                ),
        };
    }

    private static Share Weight(JsonNode? node) =>
        new((int)Math.Clamp(Math.Round(AwsMarks.Number(node) * 100, MidpointRounding.AwayFromZero), 0, 100));
}
