using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Aws.Rds;

/// <summary>Has one snapshot taken, and sees to it until it is complete.</summary>
/// <param name="owner">Of this Fairlead.</param>
internal sealed class RdsWork(IAws aws, SnapshotOrder order, string owner, World world)
{
    private const int PagesMax = 20;

    /// <summary>RDS takes none while it does something else to the instance.</summary>
    private static readonly TimeSpan BusyMax = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan AwayMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(15);

    private static readonly string[] None = ["DBSnapshotNotFound", "DBClusterSnapshotNotFoundFault"];
    private static readonly string[] Exists = ["DBSnapshotAlreadyExists", "DBClusterSnapshotAlreadyExistsFault"];
    private static readonly string[] Busy = ["InvalidDBInstanceState", "InvalidDBClusterStateFault"];
    private static readonly string[] Unknown =
    [
        "DBInstanceNotFound",
        "DBInstanceNotFoundFault",
        "DBClusterNotFoundFault",
    ];

    private readonly string name = RdsCalls.NameOf(order);
    private volatile string says = "asking AWS";
    private DateTimeOffset? busySince;

    /// <summary>How far it is, in words.</summary>
    public string Says => says;

    /// <returns>What could not be done beside it.</returns>
    /// <exception cref="ProblemException">It was not taken.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken stop)
    {
        var began = world.Now;
        DateTimeOffset? awaySince = null;
        for (var pause = PauseMin; ; pause = pause * 2 < PauseMax ? pause * 2 : PauseMax)
        {
            try
            {
                if (await StepAsync(stop))
                {
                    break;
                }
                awaySince = null;
            }
            catch (ProblemException caught) when (caught.Problem.Trouble is Trouble.Unreachable)
            {
                awaySince ??= world.Now;
                if (world.Now - awaySince >= AwayMax)
                {
                    throw;
                }
                says = caught.Problem.Why;
            }
            if (world.Now - began >= order.TimeMax)
            {
                throw new ProblemException(RdsProblems.TooSlow(order, name, says));
            }
            await Task.Delay(pause, world.Clock, stop);
        }
        return await TidyAsync(stop);
    }

    // Looks, and begins it where it is not there yet: an answer may have been lost, or a server.
    private async Task<bool> StepAsync(CancellationToken stop)
    {
        if (await FindAsync(stop) is { } seen)
        {
            if (seen.Of != order.Place.Name || seen.Tags.GetValueOrDefault(AwsMarks.Owner) != owner)
            {
                throw new ProblemException(RdsProblems.NotOurs(order, name));
            }
            says = seen.Percent is { } percent
                ? string.Create(CultureInfo.InvariantCulture, $"{seen.Name} is {seen.Status}, {percent} %")
                : $"{seen.Name} is {seen.Status}";
            return seen.Status switch
            {
                "available" => true,
                "failed" => throw new ProblemException(RdsProblems.Failed(order, name)),
                _ => false,
            };
        }
        var call = RdsCalls.Create(order, owner);
        var answer = await aws.AskAsync(call, stop);
        if (Busy.Contains(answer.Code))
        {
            busySince ??= world.Now;
            says = answer.Message;
            return world.Now - busySince < BusyMax
                ? false
                : throw new ProblemException(RdsProblems.NotReady(order, BusyMax, answer.Message));
        }
        if (!answer.IsDone && !Exists.Contains(answer.Code))
        {
            throw new ProblemException(
                Unknown.Contains(answer.Code) ? RdsProblems.NotThere(order)
                : answer.Code.StartsWith("SnapshotQuotaExceeded", StringComparison.Ordinal) ? RdsProblems.Full(order)
                : AwsProblems.Refused(call, answer, $"{order.Place}")
            );
        }
        says = $"{name} begins";
        return false;
    }

    private async Task<RdsSnapshot?> FindAsync(CancellationToken stop)
    {
        var call = RdsCalls.Describe(order);
        var answer = await aws.AskAsync(call, stop);
        if (!answer.IsDone && None.Contains(answer.Code))
        {
            return null;
        }
        var found = AwsAsking.Xml(call, AwsAsking.Done(call, answer, $"{order.Place}"));
        return RdsReading.Snapshots(found, order.Place).FirstOrDefault(one => one.Name == name);
    }

    // What is too much costs money and hurts nobody: no deployment ends because of it.
    private async Task<IReadOnlyList<string>> TidyAsync(CancellationToken stop)
    {
        try
        {
            var (all, marker) = (new List<RdsSnapshot>(), default(string));
            for (var pages = 0; pages < PagesMax; pages++)
            {
                var page = await aws.XmlAsync(RdsCalls.List(order.Place, marker), $"{order.Place}", stop);
                all.AddRange(RdsReading.Snapshots(page, order.Place));
                marker = page.ValueOf("Marker");
                if (string.IsNullOrEmpty(marker))
                {
                    break;
                }
            }
            foreach (var one in RdsReading.Surplus(all, order, RdsCalls.Marks(order, owner)))
            {
                var call = RdsCalls.Delete(order.Place, one.Name);
                var answer = await aws.AskAsync(call, stop);
                if (!None.Contains(answer.Code))
                {
                    AwsAsking.Done(call, answer, one.Name);
                }
            }
            return [];
        }
        catch (ProblemException caught)
        {
            return [$"Old snapshots of {order.Place} are left: {caught.Problem.What} {caught.Problem.Why}"];
        }
    }
}
