using System.Text.Json;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Sites;

/// <summary>What is in a service's folder of a bucket, and whose that is.</summary>
internal sealed class SiteStore(IAws aws)
{
    private const int PagesMax = 200;
    private const string NoKey = "NoSuchKey";

    public async Task<IReadOnlyList<(Part Part, SiteList List)>> KnownAsync(AwsSpot spot, CancellationToken stop)
    {
        var known = new List<(Part, SiteList)>();
        foreach (var part in await PartsAsync(spot, stop))
        {
            if (await ListAsync(spot, part, stop) is { } list)
            {
                known.Add((part, list));
            }
        }
        return known;
    }

    public async Task<SiteList?> ListAsync(AwsSpot spot, Part part, CancellationToken stop) =>
        Read<SiteList>(await TextAsync(spot, SiteCalls.ListOf(spot.Place.Bucket!, part), stop))
            is { Files: not null, Earlier: not null } list
            ? list
            : null;

    public async Task<IReadOnlyList<Part>> PartsAsync(AwsSpot spot, CancellationToken stop)
    {
        var (all, next) = (new List<string>(), default(string));
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var call = SiteCalls.List(spot.Place.Bucket!, $"{spot.Place.Bucket!.Folder}/releases/", next, '/');
            var page = AwsAsking.Xml(call, await DoneAsync(spot, call, stop));
            all.AddRange(SiteReading.Keys(page));
            next = page.ValueOf("NextContinuationToken");
            if (string.IsNullOrEmpty(next))
            {
                break;
            }
        }
        return SiteReading.Parts(all, spot);
    }

    /// <summary>The first of them, at most <see cref="SiteCalls.KeysMax"/>.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(AwsSpot spot, string prefix, CancellationToken stop)
    {
        var call = SiteCalls.List(spot.Place.Bucket!, prefix);
        return SiteReading.Keys(AwsAsking.Xml(call, await DoneAsync(spot, call, stop)));
    }

    public async Task<SiteCharge?> ChargeAsync(AwsSpot spot, CancellationToken stop) =>
        Read<SiteCharge>(await TextAsync(spot, SiteCalls.ChargeOf(spot.Place.Bucket!), stop));

    // A folder with something in it and no word of whose it is may be anybody's.
    public async Task OwnAsync(AwsSpot spot, AwsCharge charge, CancellationToken stop)
    {
        var bucket = spot.Place.Bucket!;
        if (await ChargeAsync(spot, stop) is { } seen)
        {
            if (WhyNotOurs(seen, spot, charge) is { } why)
            {
                throw new ProblemException(
                    AwsProblems.NotOurs($"The folder {bucket.Folder} of the bucket {bucket.Name}", why)
                );
            }
            await TakeAsync(spot, seen, charge, stop);
            return;
        }
        if ((await KeysAsync(spot, $"{bucket.Folder}/", stop)).Count > 0)
        {
            throw new ProblemException(
                AwsProblems.NotOurs(
                    $"The folder {bucket.Folder} of the bucket {bucket.Name}",
                    "Something is in it, and no fairlead.json."
                )
            );
        }
        await WriteAsync(spot, charge, stop);
    }

    public async Task TakeAsync(AwsSpot spot, SiteCharge seen, AwsCharge charge, CancellationToken stop)
    {
        Check(seen, charge);
        if (seen.Fence < charge.Fence.Number)
        {
            await WriteAsync(spot, charge, stop);
        }
    }

    private Task<AwsAnswer> WriteAsync(AwsSpot spot, AwsCharge charge, CancellationToken stop) =>
        DoneAsync(
            spot,
            SiteCalls.PutJson(
                spot.Place.Bucket!,
                SiteCalls.ChargeOf(spot.Place.Bucket!),
                new SiteCharge(spot.Site.App, spot.Site.Environment, spot.Service, charge.Owner, charge.Fence.Number)
            ),
            stop
        );

    public static string? WhyNotOurs(SiteCharge seen, AwsSpot spot, AwsCharge charge) =>
        AwsMarks.WhyNotOurs(
            new Dictionary<string, string>
            {
                [AwsMarks.App] = seen.App,
                [AwsMarks.Environment] = seen.Environment,
                [AwsMarks.Service] = seen.Service,
                [AwsMarks.Owner] = seen.Owner,
            },
            spot,
            charge.Owner
        );

    public static void Check(SiteCharge seen, AwsCharge charge)
    {
        if (seen.Fence > charge.Fence.Number)
        {
            throw new FencedException(charge.Fence, new(seen.Fence));
        }
    }

    public async Task<string?> TextAsync(AwsSpot spot, string key, CancellationToken stop)
    {
        var call = In(spot, SiteCalls.Get(spot.Place.Bucket!, key));
        var answer = await aws.AskAsync(call, stop);
        return answer.Code is NoKey ? null
            : answer.Code is "NoSuchBucket"
                ? throw new ProblemException(
                    AwsProblems.NotThere(
                        $"bucket {spot.Place.Bucket!.Name}",
                        "Make it, or correct 'bucket' of the service."
                    )
                )
            : AwsAsking.Done(call, answer, $"{spot}").Text();
    }

    private static T? Read<T>(string? text)
        where T : class
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<T>(text, Records.Json);
        }
        catch (JsonException)
        {
            return null; // Somebody wrote over it: it counts as not there.
        }
    }

    public async Task<AwsAnswer> DoneAsync(AwsSpot spot, AwsCall call, CancellationToken stop) =>
        AwsAsking.Done(call, await aws.AskAsync(In(spot, call), stop), $"{spot}");

    public static AwsCall In(AwsSpot spot, AwsCall call) =>
        call.IsGlobal ? call : call with { Region = spot.Place.Region };
}
