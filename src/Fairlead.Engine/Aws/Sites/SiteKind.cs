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
internal sealed class SiteKind(IAws aws, AwsArtifacts artifacts, SiteWords words) : IAwsKind
{
    private const int AtOnce = 8;
    private const int PagesMax = 200;
    private const string Immutable = "immutable";

    private readonly SiteStore store = new(aws);
    private readonly SiteFronts fronts = new(aws);

    public bool Runs(AwsPlace place) => place.Bucket is not null;

    public async Task PlaceAsync(InstanceOrder order, AwsCharge charge, CancellationToken stop)
    {
        var (service, part) = (order.Service, order.Key.Part);
        var spot = new AwsSpot(order.Key.Site, part.Service, service.Aws!); // Only such are ordered here.
        var bucket = spot.Place.Bucket!; // As Runs says.
        await store.OwnAsync(spot, charge, stop);
        var front = await fronts.FrontAsync(spot, stop);
        SiteReading.Showing(front.Config, bucket, ""); // Said now, and not when it is to be shown.
        if (await store.TextAsync(spot, SiteCalls.ListOf(bucket, part), stop) is not null)
        {
            return;
        }
        var files = (await artifacts.ListAsync(service, order.Artifact, stop)).ToDictionary(
            static one => one.Name,
            static one => one.Hash,
            StringComparer.Ordinal
        );
        var known = await store.KnownAsync(spot, stop);
        var shown = SiteReading.Shown(front.Config, spot);
        var earlier = EarlierOf(known.FirstOrDefault(one => one.Part == shown).List, files);
        var sending = new Sending(order, spot, files, Copies(known, bucket));
        await Parallel.ForEachAsync(
            files.Concat(earlier),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
            async (file, end) => await SendAsync(sending, file, end)
        );
        var list = new SiteList(
            order.Artifact,
            files.Concat(earlier).ToDictionary(static one => one.Key, static one => one.Value, StringComparer.Ordinal),
            [.. earlier.Keys]
        );
        await store.DoneAsync(spot, SiteCalls.PutJson(bucket, SiteCalls.ListOf(bucket, part), list), stop);
    }

    // What is there is copied inside the bucket. What caches are told follows from the name, so the same bytes are not enough.
    private async Task SendAsync(Sending sending, KeyValuePair<string, string> file, CancellationToken stop)
    {
        var (order, spot) = (sending.Order, sending.Spot);
        var bucket = spot.Place.Bucket!;
        var key = $"{SiteCalls.FolderOf(bucket, order.Key.Part)}/{file.Key}";
        var from = sending
            .Copies[(file.Value, words.TypeOf(file.Key))]
            .FirstOrDefault(one => words.CacheOf(one) == words.CacheOf(file.Key));
        if (from is not null)
        {
            var copied = await aws.AskAsync(SiteStore.In(spot, SiteCalls.Copy(bucket, from, key)), stop);
            // S3 may begin its answer before it has copied, and end it with an error.
            if (copied.IsDone && copied.Text().Contains("CopyObjectResult", StringComparison.Ordinal))
            {
                return;
            }
        }
        // Else it is of an earlier part that was removed at this moment.
        if (sending.Files.ContainsKey(file.Key))
        {
            var bytes = artifacts.Read(order.Service, order.Artifact, file.Key);
            var of = (words.TypeOf(file.Key), words.CacheOf(file.Key));
            await store.DoneAsync(spot, SiteCalls.Put(bucket, key, bytes, of), stop);
        }
    }

    private ILookup<(string Hash, string Type), string> Copies(
        IReadOnlyList<(Part Part, SiteList List)> known,
        AwsBucket bucket
    ) =>
        known
            .SelectMany(one =>
                one.List.Files.Select(file =>
                    (
                        Is: (file.Value, words.TypeOf(file.Key)),
                        Key: $"{SiteCalls.FolderOf(bucket, one.Part)}/{file.Key}"
                    )
                )
            )
            .ToLookup(static one => one.Is, static one => one.Key);

    public async Task<AwsSight> LookAsync(AwsSpot spot, AwsCharge charge, CancellationToken stop)
    {
        // What is somebody else's is nothing of ours; it is said when something is to be placed there.
        if (await store.ChargeAsync(spot, stop) is not { } seen || SiteStore.WhyNotOurs(seen, spot, charge) is not null)
        {
            return AwsSight.Nothing;
        }
        await store.TakeAsync(spot, seen, charge, stop);
        var parts = await store.PartsAsync(spot, stop);
        // One that was removed shows nothing, which is said when a part is to be shown.
        var front = parts.Count == 0 ? null : await fronts.TryFrontAsync(spot, stop);
        var shown = front is null ? null : SiteReading.Shown(front.Config, spot);
        var address = aws.AddressOf(SiteStore.In(spot, SiteCalls.Get(spot.Place.Bucket!, "")));
        return SiteReading.Sight(spot, parts, shown, address);
    }

    public async Task RouteAsync(
        AwsSpot spot,
        IReadOnlyList<(Part Part, Share Share)> shares,
        AwsCharge charge,
        CancellationToken stop
    )
    {
        var bucket = spot.Place.Bucket!;
        await store.OwnAsync(spot, charge, stop);
        var front = await fronts.FrontAsync(spot, stop);
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
            files.AddRange((await store.ListAsync(spot, one, stop))?.Files.Keys ?? []);
        }
        var paths = SiteReading.Stale(files);
        if (paths.Count > 0)
        {
            var reference = $"fairlead-{spot.Site.App}-{spot.Service}-{part?.Since ?? 0}-{front.Version}";
            await store.DoneAsync(spot, SiteCalls.Invalidate(front.Id, paths, reference), stop);
        }
    }

    public async Task RemoveAsync(AwsSpot spot, Part part, AwsCharge charge, CancellationToken stop)
    {
        var bucket = spot.Place.Bucket!;
        if (await store.ChargeAsync(spot, stop) is not { } seen || SiteStore.WhyNotOurs(seen, spot, charge) is not null)
        {
            return;
        }
        SiteStore.Check(seen, charge);
        if (await fronts.TryFrontAsync(spot, stop) is { } front && SiteReading.Shown(front.Config, spot) == part)
        {
            await RouteAsync(spot, [], charge, stop);
        }
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var keys = await store.KeysAsync(spot, $"{SiteCalls.FolderOf(bucket, part)}/", stop);
            if (keys.Count == 0)
            {
                break;
            }
            await store.DoneAsync(spot, SiteCalls.Remove(bucket, keys), stop);
        }
        // The list goes last: until then what is left is seen, and removed again.
        var left = (await store.PartsAsync(spot, stop)).Count(one => one != part);
        string[] last =
            left == 0 ? [SiteCalls.ListOf(bucket, part), SiteCalls.ChargeOf(bucket)] : [SiteCalls.ListOf(bucket, part)];
        await store.DoneAsync(spot, SiteCalls.Remove(bucket, last), stop);
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

    /// <param name="Files">Those of the artifact.</param>
    /// <param name="Copies">Where in the bucket the same content is.</param>
    private sealed record Sending(
        InstanceOrder Order,
        AwsSpot Spot,
        IReadOnlyDictionary<string, string> Files,
        ILookup<(string Hash, string Type), string> Copies
    );
}
