using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Fairlead.Model.Telemetry;

namespace Fairlead.Bench;

/// <summary>
/// Sends requests at a fixed rate, whatever the answers take, as visitors do. It never tries again, so what it reports as lost
/// was lost. Latency counts from the instant at which a request was due. Loopback only.
/// </summary>
public static class OpenLoop
{
    private const int PerSecondMax = 20_000;
    private static readonly TimeSpan DurationMax = TimeSpan.FromMinutes(10);

    /// <summary>Sends until the duration is over or it is told to stop, then waits for the answers that are still due.</summary>
    public static async Task<LoadReport> RunAsync(Load load, CancellationToken stop)
    {
        if (load.PerSecond > PerSecondMax || load.Duration > DurationMax || !IPAddress.IsLoopback(load.Target.Address))
        {
            throw new ArgumentException(
                $"Only this machine is loaded, with {PerSecondMax} requests a second at most, for {DurationMax} at most.",
                nameof(load)
            );
        }
        var clock = TimeProvider.System;
        var tally = new Tally();
        var idle = new ConcurrentStack<LoadConnection>();
        var underway = new ConcurrentDictionary<long, Task>();
        var began = clock.GetTimestamp();
        var open = 0;
        for (long number = 0; !stop.IsCancellationRequested; number++)
        {
            var due = TimeSpan.FromSeconds((double)number / load.PerSecond);
            if (due >= load.Duration)
            {
                break;
            }
            var early = due - clock.GetElapsedTime(began);
            if (early > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(early, clock, CancellationToken.None);
            }
            var own = number;
            underway[own] = Task.Run(() => SendAsync(own, due), CancellationToken.None);
        }
        await Task.WhenAll(underway.Values);
        foreach (var connection in idle)
        {
            connection.Dispose();
        }
        return tally.Report();

        async Task SendAsync(long number, TimeSpan due)
        {
            if (Interlocked.Increment(ref open) > load.OpenMax)
            {
                tally.NotSent();
            }
            else
            {
                var answer = await AskAsync(load, number, idle);
                tally.Add(answer, clock.GetElapsedTime(began) - due);
            }
            Interlocked.Decrement(ref open);
            underway.TryRemove(number, out _);
        }
    }

    private static async Task<LoadAnswer> AskAsync(Load load, long number, ConcurrentStack<LoadConnection> idle)
    {
        using var limit = new CancellationTokenSource(load.AnswerMax);
        LoadConnection? connection = null;
        while (idle.TryPop(out var kept) && connection is null)
        {
            if (kept.IsClosedByPeer)
            {
                kept.Dispose();
            }
            else
            {
                connection = kept;
            }
        }
        connection ??= new LoadConnection();
        var answer = await connection.AskAsync(load.Target, Request(load, number), limit.Token);
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

    // Every hundred requests hold exactly the asked-for parts of slow ones and posts, spread by a step that is prime to 100.
    private static byte[] Request(Load load, long number)
    {
        var point = number * 37 % 100;
        var path = point < load.SlowPercent ? load.SlowPath : load.Path;
        var body = (point + 50) % 100 < load.PostPercent ? load.PostBytes : -1;
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"{(body < 0 ? "GET" : "POST")} {path} HTTP/1.1\r\nHost: {load.Host}\r\n{(body < 0 ? "" : $"Content-Length: {body}\r\n")}\r\n"
        );
        var bytes = new byte[head.Length + Math.Max(0, body)];
        Encoding.ASCII.GetBytes(head, bytes);
        return bytes;
    }
}

/// <summary>What to send.</summary>
public sealed record Load
{
    public required IPEndPoint Target { get; init; }

    /// <summary>The host header.</summary>
    public required string Host { get; init; }

    public string Path { get; init; } = "/";

    public int PerSecond { get; init; } = 200;

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests under way at most; what is due beyond that is reported as not sent.</summary>
    public int OpenMax { get; init; } = 1_000;

    public TimeSpan AnswerMax { get; init; } = TimeSpan.FromSeconds(30);

    public int PostPercent { get; init; }

    public int PostBytes { get; init; } = 64 * 1024;

    public int SlowPercent { get; init; }

    public string SlowPath { get; init; } = "/slow";
}

/// <summary>What came back.</summary>
/// <param name="ByStatus">Whole answers by status.</param>
/// <param name="ByRelease">Whole answers by the header Fairlead-Release; "" without it.</param>
/// <param name="NotConnected">Nobody took the connection.</param>
/// <param name="ResetOnReuse">A kept connection was closed before the answer's first byte: the race that HTTP/1.1 allows.</param>
/// <param name="Broken">The connection broke otherwise.</param>
/// <param name="NotSent">Too many were under way.</param>
/// <param name="Latency">Of whole answers, from when the request was due.</param>
public sealed record LoadReport(
    IReadOnlyDictionary<int, long> ByStatus,
    IReadOnlyDictionary<string, long> ByRelease,
    long NotConnected,
    long ResetOnReuse,
    long Broken,
    long TimedOut,
    long NotSent,
    LatencyHistogram Latency
)
{
    public long Sent => ByStatus.Values.Sum() + NotConnected + ResetOnReuse + Broken + TimedOut;

    /// <summary>Answers below 500.</summary>
    public long Served => ByStatus.Where(one => one.Key < 500).Sum(one => one.Value);

    public long Lost => Sent - Served;

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Lost} lost of {Sent}: status [{Text(ByStatus)}], release [{(ByRelease.Count > 10 ? $"{ByRelease.Count} of them" : Text(ByRelease))}], {NotConnected} not connected, {ResetOnReuse} reset on reuse, {Broken} broken, {TimedOut} timed out, {NotSent} not sent; p50 {Latency.Quantile(50).TotalMilliseconds:0.0} ms, p99 {Latency.Quantile(99).TotalMilliseconds:0.0} ms"
        );

    private static string Text<T>(IReadOnlyDictionary<T, long> counts)
        where T : notnull => string.Join(", ", counts.OrderBy(one => one.Key).Select(one => $"{one.Key} x{one.Value}"));
}
