using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Lambda;

/// <summary>Asks Lambda about one function, and changes it while nobody else does.</summary>
internal sealed class LambdaDesk(IAws aws, World world)
{
    public const string NoSuch = "ResourceNotFoundException";
    public const string Conflict = "ResourceConflictException";
    public const string Changed = "PreconditionFailedException";
    private const int PagesMax = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<JsonObject> ChangeAsync(AwsSpot spot, AwsCall call, CancellationToken stop) =>
        await aws.TryJsonAsync(In(spot, call), ($"{spot}", [Changed, Conflict]), stop)
        ?? throw new ProblemException(AwsProblems.Overtaken($"The function {spot.Place.Function!.Name}"));

    // Lambda changes one thing at a time, and goes on with it after its answer.
    public async Task<JsonObject> SettledAsync(
        AwsSpot spot,
        InstanceOrder order,
        DateTimeOffset end,
        CancellationToken stop
    )
    {
        while (true)
        {
            var now = await aws.JsonAsync(In(spot, LambdaCalls.Look(spot.Place.Function!)), $"{spot}", stop);
            var (state, update) = (AwsMarks.Text(now["State"]), AwsMarks.Text(now["LastUpdateStatus"]));
            if (state is "Failed" || update is "Failed")
            {
                var why = AwsMarks.Text(now["LastUpdateStatusReason"]) ?? AwsMarks.Text(now["StateReason"]);
                throw new ProblemException(AwsProblems.NotWell(order.Key, $"Lambda says: {why}"));
            }
            if (state is not "Pending" && update is not "InProgress")
            {
                return now;
            }
            if (world.Now >= end)
            {
                throw new ProblemException(
                    AwsProblems.TooSlow(
                        $"The function {spot.Place.Function!.Name}",
                        order.Service.Health.StartGrace,
                        $"{state}, {update}"
                    )
                );
            }
            await Task.Delay(Pause, world.Clock, stop);
        }
    }

    /// <returns>Null when there is no such function.</returns>
    /// <exception cref="ProblemException">It is somebody else's.</exception>
    public async Task<JsonObject?> FindAsync(AwsSpot spot, AwsCharge charge, CancellationToken stop)
    {
        var function = spot.Place.Function!;
        var found = await aws.TryJsonAsync(In(spot, LambdaCalls.Find(function)), ($"{spot}", [NoSuch]), stop);
        if (found is not null && AwsMarks.WhyNotOurs(AwsMarks.Read(found["Tags"]), spot, charge.Owner) is { } why)
        {
            throw new ProblemException(AwsProblems.NotOurs($"The function {function.Name}", why));
        }
        return found;
    }

    public async Task<bool> IsThereAsync(AwsSpot spot, AwsCharge charge, CancellationToken stop) =>
        await aws.TryJsonAsync(In(spot, LambdaCalls.Find(spot.Place.Function!)), ($"{spot}", [NoSuch]), stop)
            is { } found
        && AwsMarks.IsOurs(AwsMarks.Read(found["Tags"]), spot, charge.Owner);

    public async Task<IReadOnlyList<LambdaVersion>> VersionsAsync(AwsSpot spot, CancellationToken stop)
    {
        var (all, marker) = (new List<LambdaVersion>(), default(string));
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var page = await aws.TryJsonAsync(
                In(spot, LambdaCalls.Versions(spot.Place.Function!, marker)),
                ($"{spot}", [NoSuch]),
                stop
            );
            all.AddRange(LambdaReading.Versions(page ?? [], spot));
            marker = AwsMarks.Text(page?["NextMarker"]);
            if (string.IsNullOrEmpty(marker))
            {
                break;
            }
        }
        return all;
    }

    public async Task<LambdaAlias?> AliasAsync(AwsSpot spot, CancellationToken stop) =>
        await aws.TryJsonAsync(In(spot, LambdaCalls.FindAlias(spot.Place.Function!)), ($"{spot}", [NoSuch]), stop)
            is { } alias
            ? LambdaReading.Alias(alias)
            : null;

    // Written once for each fence: the alias is another revision then, and what an earlier server is about to write fails.
    public async Task<LambdaAlias> TakeAsync(AwsSpot spot, LambdaAlias alias, AwsCharge charge, CancellationToken stop)
    {
        Check(alias, charge);
        if (alias.Fence == charge.Fence)
        {
            return alias;
        }
        var change = AwsMarks.ChangeOf(charge.Fence, alias.Since ?? world.Now);
        var call = LambdaCalls.UpdateAlias(spot.Place.Function!, alias.Weights, change, alias.Revision);
        return await aws.TryJsonAsync(In(spot, call), ($"{spot}", [Changed, NoSuch]), stop) is { } taken
            ? LambdaReading.Alias(taken)
            : throw new ProblemException(AwsProblems.Overtaken($"The alias of {spot.Place.Words}"));
    }

    public static void Check(LambdaAlias? alias, AwsCharge charge)
    {
        if (alias is not null && alias.Fence.Number > charge.Fence.Number)
        {
            throw new FencedException(charge.Fence, alias.Fence);
        }
    }

    public static AwsCall In(AwsSpot spot, AwsCall call) => call with { Region = spot.Place.Region };
}
