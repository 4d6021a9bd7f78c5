using System.Globalization;
using System.Net;
using System.Text;
using Fairlead.Model.Ports;

namespace Fairlead.Bench;

/// <summary>The product's own load generator, with requests as benchmarks and scenarios mix them. Loopback only.</summary>
public static class OpenLoop
{
    private const int PerSecondMax = 20_000;
    private static readonly TimeSpan DurationMax = TimeSpan.FromMinutes(10);

    /// <summary>Sends until the duration is over or it is told to stop, then waits for the answers that are still due.</summary>
    public static Task<LoadReport> RunAsync(Load load, CancellationToken stop)
    {
        if (load.PerSecond > PerSecondMax || load.Duration > DurationMax || !IPAddress.IsLoopback(load.Target.Address))
        {
            throw new ArgumentException(
                $"Only this machine is loaded, with {PerSecondMax} requests a second at most, for {DurationMax} at most.",
                nameof(load)
            );
        }
        return new Drivers.Loading.OpenLoop(new World(TimeProvider.System, Random.Shared)).RunAsync(
            new LoadOrder
            {
                Target = new Uri($"http://{load.Target}/"),
                Stages = [new(load.PerSecond, load.Duration)],
                Request = number => Request(load, number),
                OpenMax = load.OpenMax,
                AnswerMax = load.AnswerMax,
            },
            stop
        );
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
