using Fairlead.Model.Ports;

namespace Fairlead.Engine.Aws.Ecs;

/// <summary>Asks CloudWatch what a load balancer counted.</summary>
internal static class BalancerCounts
{
    // CloudWatch's last minute is not over.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <summary>Requests to a target group since a time, and how many of them its tasks failed or did not take.</summary>
    public static async Task<(long Requests, long Failed)> CountAsync(
        this IAws aws,
        AwsSpot spot,
        (BalancerFront Front, string Group) of,
        (DateTimeOffset Since, DateTimeOffset Now) time,
        CancellationToken stop
    )
    {
        var requests = await SumAsync("RequestCount");
        return requests == 0
            ? (0, 0)
            : (requests, await SumAsync("HTTPCode_Target_5XX_Count") + await SumAsync("TargetConnectionErrorCount"));

        async Task<long> SumAsync(string metric)
        {
            var call = BalancerCalls.Count((of.Front.Balancer, of.Group), metric, time.Since, time.Now + Ahead);
            return AwsMetrics.Sum(await aws.XmlAsync(spot.In(call), $"{spot}", stop));
        }
    }
}
