using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Aws.Lambda;

/// <summary>
/// Functions of Lambda: a part is a published version, the alias that callers name has the shares. A function's settings and code are changed
/// before a version is published of them, so each change says which revision it was made of: one that an earlier server had begun fails.
/// </summary>
internal sealed class LambdaKind(IAws aws, AwsArtifacts artifacts, World world) : IAwsKind
{
    private const long ZipBytesMax = 50L << 20;
    private const int RoleTriesMax = 10;
    private const string NoSuch = LambdaDesk.NoSuch;
    private const string Conflict = LambdaDesk.Conflict;
    private const string Changed = LambdaDesk.Changed;

    private static readonly TimeSpan RolePause = TimeSpan.FromSeconds(2);

    private readonly LambdaDesk desk = new(aws, world);

    // Two parts of a function would write over each other's settings.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);

    public bool Runs(AwsPlace place) => place.Function is not null;

    public async Task PlaceAsync(InstanceOrder order, AwsCharge charge, CancellationToken stop)
    {
        var spot = new AwsSpot(order.Key.Site, order.Key.Part.Service, order.Service.Aws!); // Only such are ordered here.
        var function = spot.Place.Function!; // As Runs says.
        var turn = turns.GetOrAdd(spot.Place.Identity, static _ => new SemaphoreSlim(1));
        await turn.WaitAsync(stop);
        try
        {
            var found = await desk.FindAsync(spot, charge, stop) is null ? [] : await desk.VersionsAsync(spot, stop);
            var version =
                found.LastOrDefault(one => one.Part == order.Key.Part)?.Version
                ?? await PublishAsync(order, spot, charge, stop);
            if (function.Warm is { } count)
            {
                await aws.JsonAsync(LambdaDesk.In(spot, LambdaCalls.Warm(function, version, count)), $"{spot}", stop);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<AwsSight> LookAsync(AwsSpot spot, AwsCharge charge, CancellationToken stop)
    {
        var function = spot.Place.Function!;
        // What is somebody else's is nothing of ours; it is said when something is to be placed there.
        var versions = await desk.IsThereAsync(spot, charge, stop) ? await desk.VersionsAsync(spot, stop) : [];
        if (versions.Count == 0)
        {
            return AwsSight.Nothing;
        }
        var alias = await desk.AliasAsync(spot, stop);
        if (alias is not null)
        {
            alias = await desk.TakeAsync(spot, alias, charge, stop);
        }
        var warming = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in function.Warm is null ? [] : versions)
        {
            var said = await aws.TryJsonAsync(
                LambdaDesk.In(spot, LambdaCalls.LookAtWarm(function, one.Version)),
                ($"{spot}", ["ProvisionedConcurrencyConfigNotFoundException", NoSuch]),
                stop
            );
            warming[one.Version] = AwsMarks.Text(said?["Status"]) ?? "";
        }
        return LambdaReading.Sight(spot, versions, alias, (version => EndpointOf(spot, version), warming));
    }

    public async Task RouteAsync(
        AwsSpot spot,
        IReadOnlyList<(Part Part, Share Share)> shares,
        AwsCharge charge,
        CancellationToken stop
    )
    {
        var function = spot.Place.Function!;
        await desk.FindAsync(spot, charge, stop);
        var versions = await desk.VersionsAsync(spot, stop);
        var weights = shares
            .Select(one => (versions.LastOrDefault(version => version.Part == one.Part)?.Version, one.Share))
            .Where(static one => one.Version is not null)
            .Select(static one => (one.Version!, one.Share))
            .ToList();
        if (weights.Count < shares.Count)
        {
            throw new ProblemException(AwsProblems.Overtaken(spot.Place.Words)); // One of them is gone: looked at anew.
        }
        var alias = await desk.AliasAsync(spot, stop);
        LambdaDesk.Check(alias, charge);
        var change = AwsMarks.ChangeOf(charge.Fence, world.Now);
        var call =
            weights.Count == 0 ? (alias is null ? null : LambdaCalls.RemoveAlias(function))
            : alias is null ? LambdaCalls.CreateAlias(function, weights, change)
            : LambdaCalls.UpdateAlias(function, weights, change, alias.Revision);
        if (call is not null)
        {
            _ =
                await aws.TryJsonAsync(LambdaDesk.In(spot, call), ($"{spot}", [Changed, Conflict]), stop)
                ?? throw new ProblemException(AwsProblems.Overtaken($"The alias {function.Alias} of {function.Name}"));
        }
    }

    public async Task RemoveAsync(AwsSpot spot, Part part, AwsCharge charge, CancellationToken stop)
    {
        var function = spot.Place.Function!;
        if (!await desk.IsThereAsync(spot, charge, stop))
        {
            return;
        }
        var versions = await desk.VersionsAsync(spot, stop);
        var alias = await desk.AliasAsync(spot, stop);
        LambdaDesk.Check(alias, charge);
        foreach (var version in versions.Where(one => one.Part == part))
        {
            // Lambda keeps what an alias leads to. It has no share any more, unless it is removed because it is broken.
            if (alias?.Weights.Any(one => one.Version == version.Version) == true)
            {
                var left = alias
                    .Weights.Where(one => one.Version != version.Version)
                    .Select(one => (one.Version, Share.All));
                var change = AwsMarks.ChangeOf(charge.Fence, world.Now);
                await aws.TryJsonAsync(
                    LambdaDesk.In(
                        spot,
                        left.Any()
                            ? LambdaCalls.UpdateAlias(function, [left.First()], change, alias.Revision)
                            : LambdaCalls.RemoveAlias(function)
                    ),
                    ($"{spot}", [NoSuch]),
                    stop
                );
            }
            await aws.TryJsonAsync(
                LambdaDesk.In(spot, LambdaCalls.Remove(function, version.Version)),
                ($"{spot}", [NoSuch]),
                stop
            );
        }
        // The function was made for its versions.
        if (versions.All(one => one.Part == part))
        {
            await aws.TryJsonAsync(
                LambdaDesk.In(spot, LambdaCalls.Remove(function, version: null)),
                ($"{spot}", [NoSuch]),
                stop
            );
        }
    }

    public async Task<IReadOnlyList<PartTraffic>> TrafficAsync(AwsSpot spot, AwsSight sight, CancellationToken stop)
    {
        var (function, all) = (spot.Place.Function!, new List<PartTraffic>());
        foreach (var (part, _) in sight.Shares)
        {
            var version = sight.Parts.First(one => one.Key.Part == part).Endpoint!.Query.Split('=')[^1]; // Made by EndpointOf.
            var requests = await CountAsync(function, (version, "Invocations"));
            var failed = requests == 0 ? 0 : await CountAsync(function, (version, "Errors"));
            all.Add(AwsMetrics.TrafficOf(part, requests, failed, sight.Since!.Value)); // Only then is it asked.
        }
        return all;

        async Task<long> CountAsync(AwsFunction of, (string, string) what) =>
            AwsMetrics.Sum(
                await aws.XmlAsync(
                    LambdaDesk.In(
                        spot,
                        LambdaCalls.Count(of, what, sight.Since!.Value, world.Now + TimeSpan.FromMinutes(1))
                    ),
                    $"{spot}",
                    stop
                )
            );
    }

    private async Task<string> PublishAsync(InstanceOrder order, AwsSpot spot, AwsCharge charge, CancellationToken stop)
    {
        var function = spot.Place.Function!;
        var code = await CodeAsync(order, stop);
        var end = world.Now + order.Service.Health.StartGrace;
        if (await desk.FindAsync(spot, charge, stop) is null)
        {
            await CreateAsync(order, spot, (code, charge), stop);
        }
        var now = await desk.SettledAsync(spot, order, end, stop);
        now = await desk.ChangeAsync(spot, LambdaCalls.Configure(order, function, RevisionOf(now)), stop);
        now = await desk.SettledAsync(spot, order, end, stop);
        if (code.Zip is not { } zip || AwsMarks.Text(now["CodeSha256"]) != HashOf(zip))
        {
            await desk.ChangeAsync(spot, LambdaCalls.Code(function, code, RevisionOf(now)), stop);
            now = await desk.SettledAsync(spot, order, end, stop);
        }
        var published = await desk.ChangeAsync(
            spot,
            LambdaCalls.Publish(order, function, AwsMarks.Text(now["CodeSha256"]), RevisionOf(now)),
            stop
        );
        return AwsMarks.Text(published["Version"])
            ?? throw new ProblemException(
                AwsProblems.Strange(LambdaCalls.Publish(order, function, null, null), "It names no version.")
            );
    }

    private static string? RevisionOf(JsonObject configuration) => AwsMarks.Text(configuration["RevisionId"]);

    // A role that was made a moment ago is not known everywhere yet.
    private async Task CreateAsync(
        InstanceOrder order,
        AwsSpot spot,
        (LambdaCode Code, AwsCharge Charge) by,
        CancellationToken stop
    )
    {
        var call = LambdaDesk.In(spot, LambdaCalls.Create(order, spot.Place.Function!, by.Code, by.Charge.Owner));
        for (var tries = 1; ; tries++)
        {
            var answer = await aws.AskAsync(call, stop);
            if (answer.IsDone || answer.Code == Conflict)
            {
                return; // Somebody made it at the same moment: looked at anew, and refused if it was somebody else.
            }
            if (tries == RoleTriesMax || !answer.Message.Contains("cannot be assumed", StringComparison.Ordinal))
            {
                throw new ProblemException(AwsProblems.Refused(call, answer, $"{spot}"));
            }
            await Task.Delay(RolePause, world.Clock, stop);
        }
    }

    private async Task<LambdaCode> CodeAsync(InstanceOrder order, CancellationToken stop)
    {
        var (service, artifact) = (order.Service, order.Artifact);
        if (service.Container?.Image is not null)
        {
            return new(null, artifacts.ImageOf(service, artifact));
        }
        var files = await artifacts.ListAsync(service, artifact, stop);
        var zip = LambdaZip.Of(files.Select(one => (one, artifacts.Read(service, artifact, one.Name))));
        return zip.Length <= ZipBytesMax
            ? new(zip, null)
            : throw new ProblemException(AwsProblems.TooLarge(service, zip.Length, ZipBytesMax));
    }

    private static string HashOf(byte[] zip) =>
        Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(zip));

    private Uri EndpointOf(AwsSpot spot, string version)
    {
        var function = spot.Place.Function!;
        var address = aws.AddressOf(LambdaDesk.In(spot, LambdaCalls.Find(function)));
        return new($"{address.AbsoluteUri.TrimEnd('/')}{LambdaCalls.InvokePath(function, version)}");
    }
}
