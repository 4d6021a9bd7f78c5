using System.Collections.Concurrent;
using System.Text.Json;
using System.Xml.Linq;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Aws.Sites;

/// <summary>What files are, by their names.</summary>
/// <param name="TypeOf">Content type.</param>
/// <param name="CacheOf">What caches are told; those whose name has their hash are immutable.</param>
public sealed record SiteWords(Func<string, string> TypeOf, Func<string, string> CacheOf);

/// <summary>
/// Files in a bucket behind a distribution: a part is a folder, and the distribution's origin path says which one is shown. What an earlier
/// part has already is copied inside the bucket; only what is new travels.
/// </summary>
internal sealed class SiteKind(IAws aws, AwsArtifacts artifacts, SiteWords words, World world) : IAwsKind
{
    private const int AtOnce = 8;
    private const int PagesMax = 200;
    private const string NoKey = "NoSuchKey";
    private const string Immutable = "immutable";

    private readonly ConcurrentDictionary<string, string> found = new(StringComparer.Ordinal);

    public bool Runs(AwsPlace place) => place.Bucket is not null;

    public async Task PlaceAsync(InstanceOrder order, AwsCharge charge, CancellationToken stop)
    {
        var (service, part) = (order.Service, order.Key.Part);
        var spot = new AwsSpot(order.Key.Site, part.Service, service.Aws!); // Only such are ordered here.
        var bucket = spot.Place.Bucket!; // As Runs says.
        await OwnAsync(spot, charge, stop);
        var front = await FrontAsync(spot, stop);
        SiteReading.Showing(front.Config, bucket, ""); // Said now, and not when it is to be shown.
        if (await TextAsync(spot, SiteCalls.ListOf(bucket, part), stop) is not null)
        {
            return;
        }
        var files = (await artifacts.ListAsync(service, order.Artifact, stop)).ToDictionary(
            static one => one.Name,
            static one => one.Hash,
            StringComparer.Ordinal
        );
        var known = await KnownAsync(spot, stop);
        var shown = SiteReading.Shown(front.Config, spot);
        var earlier = EarlierOf(known.FirstOrDefault(one => one.Part == shown).List, files);
        var keys = known
            .SelectMany(one => one.List.Files.Select(file => (file.Value, Key: $"{SiteCalls.FolderOf(bucket, one.Part)}/{file.Key}", file.Key)))
            .ToLookup(static one => (one.Value, Path.GetExtension(one.Item3)), static one => one.Key);
        await Parallel.ForEachAsync(
            files.Concat(earlier),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
            async (file, end) =>
            {
                var key = $"{SiteCalls.FolderOf(bucket, part)}/{file.Key}";
                // What caches are told follows from the name, so only a file of the same kind of name is the same.
                var from = keys[(file.Value, Path.GetExtension(file.Key))]
                    .FirstOrDefault(one => words.CacheOf(one) == words.CacheOf(file.Key));
                if (from is not null && (await aws.AskAsync(In(spot, SiteCalls.Copy(bucket, from, key)), end)).IsDone)
                {
                    return;
                }
                if (!files.ContainsKey(file.Key))
                {
                    return; // Of an earlier part that was removed at this moment.
                }
                var bytes = artifacts.Read(service, order.Artifact, file.Key);
                var of = (words.TypeOf(file.Key), words.CacheOf(file.Key));
                await DoneAsync(spot, SiteCalls.Put(bucket, key, bytes, of), end);
            }
        );
        var list = new SiteList(
            order.Artifact,
            files.Concat(earlier).ToDictionary(static one => one.Key, static one => one.Value, StringComparer.Ordinal),
            [.. earlier.Keys]
        );
        await DoneAsync(spot, SiteCalls.PutJson(bucket, SiteCalls.ListOf(bucket, part), list), stop);
    }

    public async Task<AwsSight> LookAsync(AwsSpot spot, AwsCharge charge, CancellationToken stop)
    {
        // What is somebody else's is nothing of ours; it is said when something is to be placed there.
        if (await ChargeAsync(spot, stop) is not { } seen || WhyNotOurs(seen, spot, charge) is not null)
        {
            return AwsSight.Nothing;
        }
        await TakeAsync(spot, seen, charge, stop);
        var parts = await PartsAsync(spot, stop);
        var shown = parts.Count == 0 ? null : SiteReading.Shown((await FrontAsync(spot, stop)).Config, spot);
        var address = aws.AddressOf(In(spot, SiteCalls.Get(spot.Place.Bucket!, "")));
        return SiteReading.Sight(
            spot,
            parts,
            shown,
            (address, seen.Since == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seen.Since))
        );
    }

    public async Task RouteAsync(
        AwsSpot spot,
        IReadOnlyList<(Part Part, Share Share)> shares,
        AwsCharge charge,
        CancellationToken stop
    )
    {
        var bucket = spot.Place.Bucket!;
        await OwnAsync(spot, charge, stop);
        var front = await FrontAsync(spot, stop);
        var before = SiteReading.Shown(front.Config, spot);
        // It has no shares: whoever has most of them has all.
        var part = shares.Count == 0 ? null : shares.MaxBy(static one => one.Share.Percent).Part;
        var folder = part is null ? SiteCalls.NowhereOf(bucket) : SiteCalls.FolderOf(bucket, part);
        if (part == before && part is not null)
        {
            return;
        }
        var config = SiteReading.Showing(front.Config, bucket, folder);
        var call = SiteCalls.Update(front.Id, config, front.Version);
        var answer = await aws.AskAsync(call, stop);
        if (answer.Code is "PreconditionFailed" or "InvalidIfMatchVersion")
        {
            throw new ProblemException(AwsProblems.Overtaken($"The distribution {front.Id}"));
        }
        AwsAsking.Done(call, answer, $"{spot}");
        var files = new List<string>();
        foreach (var one in new[] { before, part }.OfType<Part>())
        {
            files.AddRange((await ListAsync(spot, one, stop))?.Files.Keys ?? []);
        }
        var paths = SiteReading.Stale(files);
        if (paths.Count > 0)
        {
            var reference = $"fairlead-{spot.Site.App}-{spot.Service}-{part?.Since ?? 0}-{front.Version}";
            await DoneAsync(spot, SiteCalls.Invalidate(front.Id, paths, reference), stop);
        }
    }

    public async Task RemoveAsync(AwsSpot spot, Part part, AwsCharge charge, CancellationToken stop)
    {
        var bucket = spot.Place.Bucket!;
        if (await ChargeAsync(spot, stop) is not { } seen || WhyNotOurs(seen, spot, charge) is not null)
        {
            return;
        }
        Check(seen, charge);
        var front = await FrontAsync(spot, stop);
        if (SiteReading.Shown(front.Config, spot) == part)
        {
            await RouteAsync(spot, [], charge, stop);
        }
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var keys = await KeysAsync(spot, $"{SiteCalls.FolderOf(bucket, part)}/", after: null, stop);
            if (keys.Count == 0)
            {
                break;
            }
            await DoneAsync(spot, SiteCalls.Remove(bucket, keys), stop);
        }
        // The list goes last: until then what is left is seen, and removed again.
        var left = (await PartsAsync(spot, stop)).Count(one => one != part);
        string[] last = left == 0 ? [SiteCalls.ListOf(bucket, part), SiteCalls.ChargeOf(bucket)] : [SiteCalls.ListOf(bucket, part)];
        await DoneAsync(spot, SiteCalls.Remove(bucket, last), stop);
    }

    /// <summary>CloudFront counts, but not by what it showed.</summary>
    public Task<IReadOnlyList<PartTraffic>> TrafficAsync(AwsSpot spot, AwsSight sight, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<PartTraffic>>([]);

    // Pages of what is shown now are open in browsers, and ask for these after another part is shown.
    private Dictionary<string, string> EarlierOf(SiteList? shown, Dictionary<string, string> files) =>
        (shown?.Files ?? new Dictionary<string, string>())
            .Where(one =>
                !files.ContainsKey(one.Key)
                && !shown!.Earlier.Contains(one.Key)
                && words.CacheOf(one.Key).Contains(Immutable, StringComparison.Ordinal)
            )
            .ToDictionary(static one => one.Key, static one => one.Value, StringComparer.Ordinal);

    private async Task<IReadOnlyList<(Part Part, SiteList List)>> KnownAsync(AwsSpot spot, CancellationToken stop)
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

    private async Task<SiteList?> ListAsync(AwsSpot spot, Part part, CancellationToken stop) =>
        Read<SiteList>(await TextAsync(spot, SiteCalls.ListOf(spot.Place.Bucket!, part), stop));

    private async Task<IReadOnlyList<Part>> PartsAsync(AwsSpot spot, CancellationToken stop)
    {
        var (all, after) = (new List<string>(), default(string));
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var call = SiteCalls.List(spot.Place.Bucket!, $"{spot.Place.Bucket!.Folder}/releases/", after, '/');
            var keys = SiteReading.Keys(AwsAsking.Xml(call, await DoneAsync(spot, call, stop)));
            all.AddRange(keys);
            if (keys.Count < SiteCalls.KeysMax)
            {
                break;
            }
            after = keys[^1];
        }
        return SiteReading.Parts(all, spot);
    }

    private async Task<IReadOnlyList<string>> KeysAsync(AwsSpot spot, string prefix, string? after, CancellationToken stop)
    {
        var call = SiteCalls.List(spot.Place.Bucket!, prefix, after);
        return SiteReading.Keys(AwsAsking.Xml(call, await DoneAsync(spot, call, stop)));
    }

    private async Task<SiteCharge?> ChargeAsync(AwsSpot spot, CancellationToken stop) =>
        Read<SiteCharge>(await TextAsync(spot, SiteCalls.ChargeOf(spot.Place.Bucket!), stop));

    // A folder with something in it and no word of whose it is may be anybody's.
    private async Task OwnAsync(AwsSpot spot, AwsCharge charge, CancellationToken stop)
    {
        var bucket = spot.Place.Bucket!;
        if (await ChargeAsync(spot, stop) is { } seen)
        {
            if (WhyNotOurs(seen, spot, charge) is { } why)
            {
                throw new ProblemException(AwsProblems.NotOurs($"The folder {bucket.Folder} of the bucket {bucket.Name}", why));
            }
            await TakeAsync(spot, seen, charge, stop);
            return;
        }
        if ((await KeysAsync(spot, $"{bucket.Folder}/", after: null, stop)).Count > 0)
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

    private async Task TakeAsync(AwsSpot spot, SiteCharge seen, AwsCharge charge, CancellationToken stop)
    {
        Check(seen, charge);
        if (seen.Fence < charge.Fence.Number)
        {
            await WriteAsync(spot, charge, stop);
        }
    }

    private Task WriteAsync(AwsSpot spot, AwsCharge charge, CancellationToken stop) =>
        DoneAsync(
            spot,
            SiteCalls.PutJson(
                spot.Place.Bucket!,
                SiteCalls.ChargeOf(spot.Place.Bucket!),
                new SiteCharge(spot.Site.App, spot.Site.Environment, spot.Service, charge.Owner, charge.Fence.Number)
                {
                    Since = world.Now.ToUnixTimeSeconds(),
                }
            ),
            stop
        );

    private static string? WhyNotOurs(SiteCharge seen, AwsSpot spot, AwsCharge charge) =>
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

    private static void Check(SiteCharge seen, AwsCharge charge)
    {
        if (seen.Fence > charge.Fence.Number)
        {
            throw new FencedException(charge.Fence, new(seen.Fence));
        }
    }

    private async Task<SiteFront> FrontAsync(AwsSpot spot, CancellationToken stop)
    {
        var id = await DistributionAsync(spot, stop);
        var call = SiteCalls.Config(id);
        var answer = await aws.AskAsync(call, stop);
        if (answer.Code is "NoSuchDistribution")
        {
            found.TryRemove(spot.Place.Identity, out _);
            throw new ProblemException(
                AwsProblems.NotThere($"distribution {id}", "Correct 'distribution' of the service, or make one.")
            );
        }
        return new(
            id,
            AwsAsking.Xml(call, AwsAsking.Done(call, answer, $"{spot}")),
            answer.Headers.GetValueOrDefault("ETag") ?? ""
        );
    }

    private async Task<string> DistributionAsync(AwsSpot spot, CancellationToken stop)
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
        throw new ProblemException(
            AwsProblems.NotThere(
                $"distribution for {string.Join(", ", bucket.Hosts)}",
                "Say its id: aws: { site: { bucket: NAME, distribution: E1A2B3C4D5E6F7 } }, or give it one of the environment's hosts as another name."
            )
        );
    }

    private async Task<string?> TextAsync(AwsSpot spot, string key, CancellationToken stop)
    {
        var call = In(spot, SiteCalls.Get(spot.Place.Bucket!, key));
        var answer = await aws.AskAsync(call, stop);
        return answer.Code is NoKey ? null
            : answer.Code is "NoSuchBucket"
                ? throw new ProblemException(
                    AwsProblems.NotThere($"bucket {spot.Place.Bucket!.Name}", "Make it, or correct 'bucket' of the service.")
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

    private async Task<AwsAnswer> DoneAsync(AwsSpot spot, AwsCall call, CancellationToken stop) =>
        AwsAsking.Done(call, await aws.AskAsync(In(spot, call), stop), $"{spot}");

    private static AwsCall In(AwsSpot spot, AwsCall call) =>
        call.IsGlobal ? call : call with { Region = spot.Place.Region };
}
