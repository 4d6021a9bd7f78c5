using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Drivers.Loading;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Checking;

/// <summary>The load generator against servers that misbehave.</summary>
public sealed class OpenLoopTests
{
    private static readonly OpenLoop Generator = new(new World(TimeProvider.System, new Random(1)));

    [Fact]
    public async Task A_server_that_stalls_is_seen_to_stall_by_all_who_would_have_come_meanwhile()
    {
        var gate = new TaskCompletionSource();
        await using var server = new RawServer(
            async (number, stop) =>
            {
                if (number == 10)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, stop);
                    gate.SetResult();
                }
                else if (number > 10)
                {
                    // One thread serves them all, as in so many programs: nobody is answered while it stalls.
                    await gate.Task.WaitAsync(stop);
                }
                return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
            }
        );
        var report = await Generator.RunAsync(
            Order(server.Port, 100, TimeSpan.FromSeconds(2)),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(200, report.Sent);
        Assert.Equal(0, report.Lost);
        // A hundred were due within the stall, and waited half of it on average. A generator that waits for each answer would tell of one.
        var waited = report
            .Latency.Counts.Where(static one => one.Latency > TimeSpan.FromMilliseconds(100))
            .Sum(static one => one.Count);
        Assert.InRange(waited, 70, 200);
    }

    [Fact]
    public async Task What_is_due_while_too_many_wait_is_dropped_and_counted()
    {
        await using var server = new RawServer(
            async (_, stop) =>
            {
                await Task.Delay(Timeout.Infinite, stop);
                return "";
            }
        );
        var order = Order(server.Port, 100, TimeSpan.FromSeconds(1)) with
        {
            OpenMax = 5,
            AnswerMax = TimeSpan.FromSeconds(2),
        };
        var report = await Generator.RunAsync(order, TestContext.Current.CancellationToken);
        Assert.Equal((5, 95, 5), (report.Sent, report.NotSent, report.TimedOut));
    }

    [Theory]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    public async Task What_is_no_HTTP_counts_as_broken(string answer)
    {
        await using var server = new RawServer((_, _) => Task.FromResult(answer));
        var report = await Generator.RunAsync(
            Order(server.Port, 10, TimeSpan.FromSeconds(0.5)),
            TestContext.Current.CancellationToken
        );
        Assert.Equal((5, 5, 5), (report.Sent, report.Lost, report.Broken));
    }

    [Fact]
    public async Task Stages_are_told_apart_and_answers_of_every_kind_are_read()
    {
        string[] answers =
        [
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "HTTP/1.0 200 OK\r\n\r\nuntil the end",
        ];
        await using var server = new RawServer((number, _) => Task.FromResult(answers[number % 4]));
        var order = Order(server.Port, 20, TimeSpan.FromSeconds(0.4)) with
        {
            Stages = [new(20, TimeSpan.FromSeconds(0.4)), new(40, TimeSpan.FromSeconds(0.4))],
        };
        var report = await Generator.RunAsync(order, TestContext.Current.CancellationToken);
        Assert.Equal([8L, 16L], report.Stages.Select(static one => one.Sent));
        Assert.Equal(
            [(200, 12L), (204, 6L), (503, 6L)],
            report.ByStatus.OrderBy(static one => one.Key).Select(static one => (one.Key, one.Value))
        );
    }

    [Fact]
    public async Task Nobody_at_the_address_is_told_before_anything_is_sent()
    {
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // Bound, and listening to nobody.
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            Generator.RunAsync(Order(port, 10, TimeSpan.FromSeconds(1)), TestContext.Current.CancellationToken)
        );
        Assert.Equal("check.unreachable", caught.Problem.Code);
    }

    private static LoadOrder Order(int port, double rate, TimeSpan time) =>
        new()
        {
            Target = new Uri($"http://127.0.0.1:{port}/"),
            Stages = [new(rate, time)],
            Request = static _ => "GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(),
        };

    /// <summary>Answers each request, in the order of their coming, with bytes as they are.</summary>
    private sealed class RawServer : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource closing = new();
        private readonly Func<int, CancellationToken, Task<string>> answer;
        private readonly Task accepting;
        private int count = -1;

        public RawServer(Func<int, CancellationToken, Task<string>> answer)
        {
            this.answer = answer;
            listener.Start();
            accepting = AcceptAsync();
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            await closing.CancelAsync();
            listener.Stop();
            await accepting;
            closing.Dispose();
        }

        private async Task AcceptAsync()
        {
            var all = new List<Task>();
            try
            {
                while (true)
                {
                    all.Add(ServeAsync(await listener.AcceptTcpClientAsync(closing.Token)));
                }
            }
            catch (Exception caught)
                when (caught is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                await Task.WhenAll(all);
            }
        }

        private async Task ServeAsync(TcpClient client)
        {
            using var _ = client;
            var buffer = new byte[4096];
            try
            {
                while (await client.GetStream().ReadAsync(buffer, closing.Token) > 0)
                {
                    var text = await answer(Interlocked.Increment(ref count), closing.Token);
                    await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text), closing.Token);
                    if (
                        !text.Contains("Content-Length: 2", StringComparison.Ordinal)
                        && !text.Contains("chunked", StringComparison.Ordinal)
                        && !text.Contains("204", StringComparison.Ordinal)
                    )
                    {
                        return;
                    }
                }
            }
            catch (Exception caught) when (caught is OperationCanceledException or IOException) { }
        }
    }
}
