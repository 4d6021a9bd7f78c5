using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Loading;

/// <summary>
/// Sends requests at the times at which they are due, whatever the answers take. It never tries again, so what it reports as lost was
/// lost; and latency counts from the instant at which a request was due, so a service that stalls is seen to stall by all who would
/// have come meanwhile ("coordinated omission").
/// </summary>
public sealed class OpenLoop(World world) : ILoadGenerator
{
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async Task<LoadReport> RunAsync(LoadOrder order, CancellationToken stop)
    {
        var target = await FindAsync(order.Target, stop);
        var run = new Run(order, target, world.Clock);
        await run.SendAllAsync(stop);
        return run.Report();
    }

    /// <summary>The address that takes a connection; of several the first that does.</summary>
    private static async Task<IPEndPoint> FindAsync(Uri url, CancellationToken stop)
    {
        var why = $"{url.IdnHost} has no address.";
        try
        {
            foreach (var address in await System.Net.Dns.GetHostAddressesAsync(url.IdnHost, stop))
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
                limit.CancelAfter(ConnectMax);
                using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await socket.ConnectAsync(address, url.Port, limit.Token);
                    return new(address, url.Port);
                }
                catch (OperationCanceledException) when (!stop.IsCancellationRequested)
                {
                    why = $"{address} did not take a connection within {ConnectMax.TotalSeconds:0} s.";
                }
                catch (SocketException caught)
                {
                    why = caught.Message;
                }
            }
        }
        catch (SocketException caught)
        {
            why = caught.Message;
        }
        throw new ProblemException(
            new Problem(
                "check.unreachable",
                What: $"{url} does not answer.",
                Why: why,
                Fix: $"Start the service first, and look at it yourself: curl -v {url}"
            )
            {
                Trouble = Trouble.Unreachable,
            }
        );
    }

    /// <summary>One load, from its first request to its last answer.</summary>
    private sealed class Run(LoadOrder order, IPEndPoint target, TimeProvider clock)
    {
        private static readonly TimeSpan EarlyMin = TimeSpan.FromMilliseconds(1);

        private readonly Tally all = new();
        private readonly IReadOnlyList<Tally> stages = [.. order.Stages.Select(static _ => new Tally())];
        private readonly ConcurrentStack<LoadConnection> idle = new();
        private readonly ConcurrentDictionary<long, Task> underway = new();
        private readonly long began = clock.GetTimestamp();
        private int open;

        public async Task SendAllAsync(CancellationToken stop)
        {
            var begins = TimeSpan.Zero;
            var first = 0L;
            for (var stage = 0; stage < order.Stages.Count && !stop.IsCancellationRequested; stage++)
            {
                var (rate, duration) = order.Stages[stage];
                var number = 0L;
                for (
                    var within = TimeSpan.Zero;
                    within < duration && !stop.IsCancellationRequested;
                    within = TimeSpan.FromSeconds(++number / rate)
                )
                {
                    await BeginAsync(first + number, begins + within, stage, stop);
                }
                begins += duration;
                first += number;
            }
            await Task.WhenAll(underway.Values);
            foreach (var connection in idle)
            {
                connection.Dispose();
            }
        }

        public LoadReport Report() =>
            all.Report() with
            {
                Stages = stages.Count == 1 ? [] : [.. stages.Select(static one => one.Report())],
            };

        private async Task BeginAsync(long number, TimeSpan due, int stage, CancellationToken stop)
        {
            var early = due - clock.GetElapsedTime(began);
            if (early > EarlyMin)
            {
                try
                {
                    await Task.Delay(early, clock, stop);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
            underway[number] = Task.Run(
                () => SendAsync(number, due, stage, CancellationToken.None),
                CancellationToken.None
            );
        }

        // What was sent is waited for, also when no more is sent.
        private async Task SendAsync(long number, TimeSpan due, int stage, CancellationToken stop)
        {
            if (Interlocked.Increment(ref open) > order.OpenMax)
            {
                all.NotSent();
                stages[stage].NotSent();
            }
            else
            {
                var answer = await AskAsync(number, stop);
                var latency = clock.GetElapsedTime(began) - due;
                all.Add(answer, latency);
                stages[stage].Add(answer, latency);
            }
            _ = Interlocked.Decrement(ref open);
            _ = underway.TryRemove(number, out _);
        }

        private async Task<LoadAnswer> AskAsync(long number, CancellationToken stop)
        {
            using var limit = new CancellationTokenSource(order.AnswerMax, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
            var connection = Kept() ?? new LoadConnection(order.Target.Scheme == "https" ? order.Target.IdnHost : null);
            var answer = await connection.AskAsync(target, order.Request(number), both.Token);
            if (answer.KeepsConnection)
            {
                idle.Push(connection);
            }
            else
            {
                connection.Dispose();
            }
            return answer;
        }

        private LoadConnection? Kept()
        {
            while (idle.TryPop(out var kept))
            {
                if (!kept.IsClosedByPeer)
                {
                    return kept;
                }
                kept.Dispose();
            }
            return null;
        }
    }
}
