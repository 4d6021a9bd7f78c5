using System.Net;
using System.Net.Sockets;
using Fairlead.Model.Ports;
using Fairlead.Roles.Edge.Steering;

namespace Fairlead.Roles.Edge;

/// <summary>Asks every replica in the table whether it is alive: those that answer rarely, those that do not often.</summary>
internal sealed class HealthWatch(Switchboard board, HttpMessageInvoker client, World world, ILogger log)
{
    private static readonly TimeSpan WhenUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WhenDown = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);

    private readonly OutlierSweep outliers = new(world, log);

    public async Task RunAsync(CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(WhenDown, world.Clock);
        try
        {
            while (await ticks.WaitForNextTickAsync(stop))
            {
                var table = board.Table;
                Look(table, stop);
                outliers.Sweep(table);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The edge stops.
        }
    }

    // One question to a replica at a time, so there are never more of them than replicas.
    private void Look(RouteTable table, CancellationToken stop)
    {
        var now = world.Clock.GetTimestamp();
        foreach (var replica in table.Replicas)
        {
            if (!replica.IsFiles && !replica.IsBeingProbed && now >= replica.NextProbe)
            {
                replica.IsBeingProbed = true;
                _ = ProbeAsync(replica, table.HealthPaths.GetValueOrDefault(replica), stop);
            }
        }
    }

    private async Task ProbeAsync(Replica replica, string? path, CancellationToken stop)
    {
        try
        {
            var isAlive = await IsAliveAsync(replica, path, stop);
            if (isAlive)
            {
                replica.LastAlive = world.Clock.GetTimestamp();
            }
            switch (replica.Probed(isAlive), isAlive)
            {
                case (true, true):
                    log.ReplicaUp(replica.Key);
                    break;
                case (true, false):
                    log.ReplicaDown(replica.Key);
                    break;
            }
        }
        finally
        {
            var pause = replica.IsUp ? WhenUp : WhenDown;
            replica.NextProbe =
                world.Clock.GetTimestamp() + (long)(pause.TotalSeconds * world.Clock.TimestampFrequency);
            replica.IsBeingProbed = false;
        }
    }

    private async Task<bool> IsAliveAsync(Replica replica, string? path, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(AnswerMax, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            if (path is null)
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(replica.Endpoint.DnsSafeHost, replica.Endpoint.Port, both.Token);
                return true;
            }
            using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(replica.Endpoint, path));
            using var answer = await client.SendAsync(question, both.Token);
            return answer.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.BadRequest;
        }
        catch (Exception caught)
            when (caught is HttpRequestException or SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }
}
