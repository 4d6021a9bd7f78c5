using System.Collections.Concurrent;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Aws.Sites;

/// <summary>Finds the distribution that shows a bucket.</summary>
internal sealed class SiteFronts(IAws aws)
{
    private const int PagesMax = 200;
    private readonly ConcurrentDictionary<string, string> found = new(StringComparer.Ordinal);

    /// <exception cref="ProblemException">There is none.</exception>
    public async Task<SiteFront> FrontAsync(AwsSpot spot, CancellationToken stop) =>
        await TryFrontAsync(spot, stop)
        ?? throw new ProblemException(
            AwsProblems.NotThere(
                spot.Place.Bucket!.Distribution is { } id
                    ? $"distribution {id}"
                    : $"distribution for {string.Join(", ", spot.Place.Bucket!.Hosts)}",
                "Make it, and say its id: aws: { site: { bucket: NAME, distribution: E1A2B3C4D5E6F7 } }, or give it one of the environment's hosts as another name."
            )
        );

    /// <returns>Null where there is none.</returns>
    public async Task<SiteFront?> TryFrontAsync(AwsSpot spot, CancellationToken stop)
    {
        if (await DistributionAsync(spot, stop) is not { } id)
        {
            return null;
        }
        var call = SiteCalls.Config(id);
        var answer = await aws.AskAsync(call, stop);
        if (answer.Code is "NoSuchDistribution")
        {
            found.TryRemove(spot.Place.Identity, out _);
            return null;
        }
        return new(
            id,
            AwsAsking.Xml(call, AwsAsking.Done(call, answer, $"{spot}")),
            answer.Headers.GetValueOrDefault("ETag") ?? ""
        );
    }

    private async Task<string?> DistributionAsync(AwsSpot spot, CancellationToken stop)
    {
        var bucket = spot.Place.Bucket!;
        if ((bucket.Distribution ?? found.GetValueOrDefault(spot.Place.Identity)) is { } known)
        {
            return known;
        }
        var marker = default(string);
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var list = await aws.XmlAsync(SiteCalls.Distributions(marker), $"{spot}", stop);
            if (SiteReading.WithHost(list, bucket.Hosts) is { } id)
            {
                return found[spot.Place.Identity] = id;
            }
            marker = list.ValueOf("NextMarker");
            if (string.IsNullOrEmpty(marker))
            {
                break;
            }
        }
        return null;
    }
}
