using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Ecs;

/// <summary>Asks ECS about the parts of one service, and changes them.</summary>
internal sealed class EcsDesk(IAws aws)
{
    private const string NoCluster = "ClusterNotFoundException";
    private const string NoService = "ServiceNotFoundException";
    private const string NotRunning = "ServiceNotActiveException";
    private const string Client = "ClientException";
    private const string WrongInput = "InvalidParameterException";
    private const string IsThere = "ResourceAlreadyExistsException";
    private const int PagesMax = 50;

    /// <summary>Null where there is no such cluster.</summary>
    /// <exception cref="ProblemException">AWS cannot be asked.</exception>
    public async Task<IReadOnlyList<EcsPart>?> TryPartsAsync(AwsSpot spot, string owner, CancellationToken stop)
    {
        if (await DescribedAsync(spot, stop) is not { } pages)
        {
            return null;
        }
        return [.. pages.SelectMany(page => EcsReading.Parts(page, spot, owner)).OrderBy(static one => one.Part.Since)];
    }

    /// <exception cref="ProblemException">There is no such cluster, or one of these names is somebody else's.</exception>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    public async Task<IReadOnlyList<EcsPart>> PartsAsync(AwsSpot spot, AwsCharge charge, CancellationToken stop)
    {
        var tasks = spot.Place.Tasks!; // Such are asked for here.
        var pages =
            await DescribedAsync(spot, stop)
            ?? throw new ProblemException(
                AwsProblems.NotThere(
                    $"cluster {tasks.Cluster}",
                    $"Make it, or correct its name: aws ecs create-cluster --cluster-name {tasks.Cluster}"
                )
            );
        if (
            pages.Select(page => EcsReading.WhyNotOurs(page, spot, charge.Owner)).OfType<string>().FirstOrDefault() is
            { } why
        )
        {
            throw new ProblemException(AwsProblems.NotOurs($"An ECS service that is called as {tasks.Name}", why));
        }
        var parts = pages.SelectMany(page => EcsReading.Parts(page, spot, charge.Owner)).ToList();
        Check(parts, charge);
        return parts;
    }

    public static void Check(IReadOnlyList<EcsPart> parts, AwsCharge charge)
    {
        if (parts.MaxBy(static one => one.Fence.Number) is { } highest && highest.Fence.Number > charge.Fence.Number)
        {
            throw new FencedException(charge.Fence, highest.Fence);
        }
    }

    /// <summary>Writes the fence into the tags of all parts: an earlier server looks at them before each effect.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    public async Task TakeAsync(AwsSpot spot, IReadOnlyList<EcsPart> parts, AwsCharge charge, CancellationToken stop)
    {
        Check(parts, charge);
        foreach (var one in parts.Where(one => one.Fence.Number < charge.Fence.Number && !one.IsEnding))
        {
            await TryAsync(spot, EcsCalls.Tag(one.Arn, EcsMarks.Of(charge.Fence)), [NoService, WrongInput], stop);
        }
    }

    /// <summary>The latest task definition if it is this part's; null where it is not.</summary>
    /// <exception cref="ProblemException">The family is somebody else's.</exception>
    public async Task<string?> DefinitionOfAsync(AwsSpot spot, Part part, string owner, CancellationToken stop)
    {
        var (found, tags) = await DefinedAsync(spot, spot.Place.Tasks!.Name, stop);
        if (found is not null && AwsMarks.WhyNotOurs(tags, spot, owner) is { } why)
        {
            throw new ProblemException(AwsProblems.NotOurs($"The task definition {spot.Place.Tasks!.Name}", why));
        }
        return found is not null && AwsMarks.PartOf(tags) == part ? found : null;
    }

    /// <returns>Its ARN.</returns>
    public async Task<string> RegisterAsync(
        InstanceOrder order,
        AwsSpot spot,
        (string Image, AwsCharge By) of,
        CancellationToken stop
    )
    {
        var call = EcsCalls.Register(order, spot.Place.Tasks!, (of.Image, spot.Place.Region ?? aws.Region, of.By));
        var made = await aws.JsonAsync(spot.In(call), $"{spot}", stop);
        return AwsMarks.Text((made["taskDefinition"] as JsonObject)?["taskDefinitionArn"])
            ?? throw new ProblemException(AwsProblems.Strange(call, "It names no task definition."));
    }

    /// <summary>Deregisters those of the family that no part uses; they are left when a deployment ends before its part is there.</summary>
    public async Task SweepAsync(AwsSpot spot, IReadOnlyList<EcsPart> parts, AwsCharge charge, CancellationToken stop)
    {
        var list = await aws.JsonAsync(spot.In(EcsCalls.Definitions(spot.Place.Tasks!)), $"{spot}", stop);
        var used = parts.Select(static one => one.Definition).ToHashSet();
        foreach (var one in EcsReading.Texts(list["taskDefinitionArns"]).Where(one => !used.Contains(one)))
        {
            var (found, tags) = await DefinedAsync(spot, one, stop);
            if (found is not null && AwsMarks.IsOurs(tags, spot, charge.Owner))
            {
                await DeregisterAsync(spot, found, stop);
            }
        }
    }

    public Task DeregisterAsync(AwsSpot spot, string definition, CancellationToken stop) =>
        TryAsync(spot, EcsCalls.Deregister(definition), [Client, WrongInput], stop);

    /// <summary>Begins it, or finds it.</summary>
    /// <exception cref="ProblemException">ECS does not take it.</exception>
    public async Task CreateAsync(
        InstanceOrder order,
        AwsSpot spot,
        (string Definition, string Group) of,
        AwsCharge charge,
        CancellationToken stop
    )
    {
        var call = spot.In(EcsCalls.Create(order, spot.Place.Tasks!, of, charge));
        var answer = await aws.AskAsync(call, stop);
        if (answer.IsDone)
        {
            return;
        }
        // An answer was lost, and it is there already.
        if ((await PartsAsync(spot, charge, stop)).Any(one => one.Part == order.Key.Part && !one.IsEnding))
        {
            return;
        }
        throw new ProblemException(
            answer.Message.Contains("Draining", StringComparison.OrdinalIgnoreCase)
                ? AwsProblems.Overtaken($"The ECS service {EcsMarks.NameOf(spot.Place.Tasks!, order.Key.Part)}")
                : AwsProblems.Refused(call, answer, $"{spot}")
        );
    }

    public Task EmptyAsync(AwsSpot spot, EcsPart part, CancellationToken stop) =>
        TryAsync(spot, EcsCalls.Empty(spot.Place.Tasks!, part.Name), [NoService, NotRunning], stop);

    public Task RemoveAsync(AwsSpot spot, EcsPart part, CancellationToken stop) =>
        TryAsync(spot, EcsCalls.Remove(spot.Place.Tasks!, part.Name), [NoService, NotRunning], stop);

    public Task LogGroupAsync(AwsSpot spot, string owner, CancellationToken stop) =>
        TryAsync(spot, EcsCalls.CreateLogGroup(spot, spot.Place.Tasks!, owner), [IsThere], stop);

    /// <summary>Why the last tasks of a part stopped; none where none did lately: ECS forgets them after an hour.</summary>
    public async Task<IReadOnlyList<string>> ReasonsAsync(AwsSpot spot, EcsPart part, CancellationToken stop)
    {
        var tasks = spot.Place.Tasks!;
        var list = await TryAsync(spot, EcsCalls.StoppedTasks(tasks, part.Name), [NoService, NotRunning], stop);
        var arns = EcsReading.Texts(list?["taskArns"]).Take(EcsCalls.AtOnceMax).ToList();
        return arns.Count == 0
            ? []
            : EcsReading.Reasons(await aws.JsonAsync(spot.In(EcsCalls.Tasks(tasks, arns)), $"{spot}", stop));
    }

    private async Task<(string? Arn, IReadOnlyDictionary<string, string> Tags)> DefinedAsync(
        AwsSpot spot,
        string definition,
        CancellationToken stop
    )
    {
        var found = await TryAsync(spot, EcsCalls.Definition(definition), [Client, WrongInput], stop);
        var one = found?["taskDefinition"] as JsonObject;
        return (
            AwsMarks.Text(one?["status"]) is "ACTIVE" ? AwsMarks.Text(one?["taskDefinitionArn"]) : null,
            EcsReading.TagsOf(found?["tags"])
        );
    }

    private async Task<IReadOnlyList<JsonObject>?> DescribedAsync(AwsSpot spot, CancellationToken stop)
    {
        var tasks = spot.Place.Tasks!;
        var (names, next) = (new List<string>(), default(string));
        for (var pages = 0; pages < PagesMax; pages++)
        {
            if (await TryAsync(spot, EcsCalls.ListServices(tasks, next), [NoCluster], stop) is not { } page)
            {
                return null;
            }
            names.AddRange(EcsReading.Names(page, spot));
            next = AwsMarks.Text(page["nextToken"]);
            if (string.IsNullOrEmpty(next))
            {
                break;
            }
        }
        var all = new List<JsonObject>();
        foreach (var some in names.Chunk(EcsCalls.AtOnceMax))
        {
            all.Add(await aws.JsonAsync(spot.In(EcsCalls.Services(tasks, some)), $"{spot}", stop));
        }
        return all;
    }

    private Task<JsonObject?> TryAsync(
        AwsSpot spot,
        AwsCall call,
        IReadOnlyList<string> unless,
        CancellationToken stop
    ) => aws.TryJsonAsync(spot.In(call), ($"{spot}", unless), stop);
}
