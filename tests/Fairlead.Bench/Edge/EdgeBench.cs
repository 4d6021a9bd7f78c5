using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Fairlead.Drivers.Certificates;
using Fairlead.Model.Ports;

namespace Fairlead.Bench.Edge;

/// <summary>
/// Our edge beside nginx, HAProxy and Caddy, in one run: the same upstream, the proxy alone on one core, load and upstream on the
/// other, rounds taken in turn, medians shown. Single numbers are this machine's; ratios carry over.
/// </summary>
internal static class EdgeBench
{
    private const int Rounds = 3;
    private const int IdleConnections = 9_000;
    private const int HeldSockets = 4_000;

    // A just-in-time compiler needs its time on one core; the others are given the same.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync()
    {
        if (Programs.Find("nginx") is null || Programs.Find("wrk") is null)
        {
            await Console.Error.WriteLineAsync("It needs nginx (the upstream) and wrk: apt-get install nginx wrk");
            return 1;
        }
        if (OperatingSystem.IsLinux() && Environment.ProcessorCount > 1)
        {
            using var self = Process.GetCurrentProcess();
            self.ProcessorAffinity = 0b10;
        }
        var folder = Directory.CreateTempSubdirectory("fl-bench-files-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        Prepare(folder);
        using var upstream = await StartUpstreamAsync(folder);
        var sockets = Peer.FreePort();
        await using var echo = await EchoServer.StartAsync(sockets);
        var ground = new Ground(upstream.Port, sockets, folder, await CertificateAsync(folder));
        var results = new List<(string Peer, string Measure, double Value)>();
        Peer[] peers = [new FairleadPeer(), .. ToolPeer.All()];
        foreach (var missing in peers.Where(one => one.Missing is not null))
        {
            Console.WriteLine($"left out: {missing.Missing}");
        }
        Peer[] here = [.. peers.Where(one => one.Missing is null)];
        try
        {
            foreach (var peer in here)
            {
                await peer.StartAsync(ground);
                await WarmAsync(peer);
            }
            for (var round = 1; round <= Rounds; round++)
            {
                Console.WriteLine($"round {round} of {Rounds}");
                foreach (var peer in here)
                {
                    results.AddRange((await MeasureAsync(peer)).Select(one => (peer.Name, one.Measure, one.Value)));
                }
            }
            foreach (var peer in here)
            {
                results.Add((peer.Name, Measures.Idle, await IdleAsync(peer)));
                var (held, memory) = await HoldAsync(peer);
                results.Add((peer.Name, Measures.Sockets, held));
                results.Add((peer.Name, Measures.SocketMemory, memory));
            }
        }
        finally
        {
            foreach (var peer in here)
            {
                peer.Dispose();
            }
            upstream.Process.Kill(entireProcessTree: true);
            Directory.Delete(folder, recursive: true);
        }
        Console.WriteLine(Table.Of(results));
        return 0;
    }

    private static async Task<IReadOnlyList<(string Measure, double Value)>> MeasureAsync(Peer peer)
    {
        var url = $"http://127.0.0.1:{peer.Port}";
        var small = await Wrk.RunAsync($"{url}/", connections: 32, Time);
        var large = await Wrk.RunAsync($"{url}/100k", connections: 32, Time);
        var many = await Wrk.RunAsync($"{url}/", connections: 256, Time);
        var steady = await OpenLoop.RunAsync(
            new Load
            {
                Target = new IPEndPoint(IPAddress.Loopback, peer.Port),
                Host = "127.0.0.1",
                Path = "/",
                PerSecond = 1_500,
                Duration = Time,
            },
            CancellationToken.None
        );
        var secure = await Wrk.RunAsync(SecureOf(peer), connections: 32, Time);
        var handshakes = await Wrk.RunAsync(SecureOf(peer), connections: 32, Time, "Connection: close");
        List<(string, double)> found =
        [
            (Measures.Small, small.PerSecond),
            (Measures.SmallP99, small.P99),
            (Measures.Many, many.PerSecond),
            (Measures.Large, large.PerSecond),
            (Measures.SteadyP99, steady.Latency.Quantile(99).TotalMilliseconds),
            (Measures.Secure, secure.PerSecond),
            (Measures.Handshakes, handshakes.PerSecond),
            (Measures.Errors, small.Errors + large.Errors + many.Errors + secure.Errors + steady.Lost),
        ];
        if (peer.Name is not "haproxy")
        {
            // HAProxy serves no files.
            found.Add(
                (Measures.Static, (await Wrk.RunAsync($"{url}/static/page.html", connections: 32, Time)).PerSecond)
            );
        }
        return found;
    }

    private static async Task WarmAsync(Peer peer)
    {
        var brief = TimeSpan.FromSeconds(3);
        await Wrk.RunAsync($"http://127.0.0.1:{peer.Port}/", connections: 32, WarmUp);
        await Wrk.RunAsync($"http://127.0.0.1:{peer.Port}/static/page.html", connections: 32, brief);
        await Wrk.RunAsync(SecureOf(peer), connections: 32, brief);
        await Wrk.RunAsync(SecureOf(peer), connections: 32, brief, "Connection: close");
    }

    private static string SecureOf(Peer peer) => $"https://localhost:{peer.SecurePort}/";

    // What a WebSocket costs that was spoken on once and stays: each must still answer after the last was opened.
    private static async Task<(int Held, double KiB)> HoldAsync(Peer peer)
    {
        var before = peer.Memory();
        var open = new List<ClientWebSocket>();
        try
        {
            for (var number = 0; number < HeldSockets; number++)
            {
                var socket = new ClientWebSocket();
                open.Add(socket);
                await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{peer.Port}/socket"), CancellationToken.None);
                await AnswersAsync(socket);
            }
            var held = 0;
            foreach (var socket in open)
            {
                held += await AnswersAsync(socket) ? 1 : 0;
            }
            return (held, (peer.Memory() - before) / 1024d / HeldSockets);
        }
        catch (WebSocketException)
        {
            return (open.Count(one => one.State is WebSocketState.Open), 0);
        }
        finally
        {
            open.ForEach(one => one.Dispose());
        }
    }

    private static async Task<bool> AnswersAsync(ClientWebSocket socket)
    {
        var word = "still there?"u8.ToArray();
        var buffer = new byte[64];
        await socket.SendAsync(word, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var heard = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        return buffer.AsSpan(0, heard.Count).SequenceEqual(word);
    }

    // What a connection costs that asked once and stays.
    private static async Task<double> IdleAsync(Peer peer)
    {
        var before = peer.Memory();
        var open = new List<Socket>();
        var question = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray();
        var answer = new byte[4096];
        try
        {
            for (var number = 0; number < IdleConnections; number++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                open.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, peer.Port);
                await socket.SendAsync(question);
                await socket.ReceiveAsync(answer);
            }
            return (peer.Memory() - before) / 1024d / IdleConnections;
        }
        finally
        {
            open.ForEach(one => one.Dispose());
        }
    }

    private static async Task<IssuedCertificate> CertificateAsync(string folder)
    {
        using var authority = new LocalAuthority(folder, new World(TimeProvider.System, Random.Shared));
        var order = new CertificateOrder(["localhost"], []);
        var issued = await authority.IssueAsync(order, desk: null!, CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(folder, "chain.pem"), issued.ChainPem);
        await File.WriteAllTextAsync(Path.Combine(folder, "key.pem"), issued.KeyPem);
        await File.WriteAllTextAsync(Path.Combine(folder, "tls.pem"), issued.ChainPem + issued.KeyPem);
        return issued;
    }

    private static void Prepare(string folder)
    {
        var files = Directory.CreateDirectory(Path.Combine(folder, "static")).FullName;
        File.WriteAllText(Path.Combine(files, "page.html"), new string('x', 4_000));
        File.WriteAllText(Path.Combine(folder, "100k"), new string('x', 100_000));
    }

    private static async Task<Upstream> StartUpstreamAsync(string folder)
    {
        var port = Peer.FreePort();
        var file = Path.Combine(folder, "upstream.conf");
        await File.WriteAllTextAsync(
            file,
            $$"""
            worker_processes 1; daemon off; pid {{folder}}/upstream.pid; error_log /dev/null;
            events { worker_connections 8192; }
            http {
              access_log off; keepalive_requests 100000000; keepalive_timeout 120s;
              client_body_temp_path {{folder}}/f; proxy_temp_path {{folder}}/g; fastcgi_temp_path {{folder}}/h;
              uwsgi_temp_path {{folder}}/i; scgi_temp_path {{folder}}/j;
              server {
                listen 127.0.0.1:{{port}} backlog=4096;
                location = /100k { root {{folder}}; open_file_cache max=10; }
                location / { return 200 "hello world\n"; }
              }
            }
            """
        );
        var process = Programs.Start(Programs.Pinned(1, Programs.Find("nginx")!, "-c", file));
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        return new Upstream(process, port);
    }

    private sealed record Upstream(Process Process, int Port) : IDisposable
    {
        public void Dispose() => Process.Dispose();
    }
}
