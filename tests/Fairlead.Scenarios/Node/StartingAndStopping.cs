using Fairlead.Drivers.Shell;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Scenarios.Node;

public sealed class StartingAndStopping : IAsyncLifetime
{
    private readonly NodeFixture fixture = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task A_replica_is_started_answers_and_stops()
    {
        var order = NodeFixture.Order(NodeFixture.Web());
        var seen = await fixture.StartAsync(order);
        using var http = new HttpClient();

        Assert.Equal("hello", await http.GetStringAsync(seen.Endpoint, NodeFixture.Stop));
        Assert.Equal((InstanceState.Ready, 0, null as Problem), (seen.State, seen.Restarts, seen.Problem));
        Assert.True(Proc.TryStat(seen.Pid) is { IsSessionLeader: true });

        await fixture.StopAsync(order.Key);
        Assert.True(Child.HasEnded(seen.Pid));
        Assert.DoesNotContain(Listener.All(), one => one.Port == seen.Endpoint!.Port);
    }

    [Fact]
    public async Task It_inherits_nothing_of_the_node()
    {
        var seen = await fixture.StartAsync(
            NodeFixture.Order(
                NodeFixture.Worker(
                    "python3",
                    "-c",
                    "import os,time,signal\nprint(sorted(os.listdir('/proc/self/fd')), signal.getsignal(signal.SIGTERM), signal.pthread_sigmask(signal.SIG_BLOCK, []), os.getcwd(), flush=True)\ntime.sleep(600)"
                )
            )
        );

        // Python reads its own modules before it says a word, and has those open meanwhile.
        var said = Path.Combine(fixture.State.Root, "instances/shop_staging_api_1_0/out.log");
        await Edge.EdgeUnderTest.UntilAsync(() => Task.FromResult(new FileInfo(said) is { Exists: true, Length: > 0 }));
        var status = await File.ReadAllLinesAsync($"/proc/{seen.Pid}/status", NodeFixture.Stop);
        Assert.Equal(
            "0000000000000000",
            status.Single(line => line.StartsWith("SigBlk", StringComparison.Ordinal))[8..]
        );
        Assert.Equal(
            ["0 /dev/null", "1 out.log", "2 out.log"],
            Directory
                .EnumerateFileSystemEntries($"/proc/{seen.Pid}/fd")
                .Order(StringComparer.Ordinal)
                .Select(entry =>
                    $"{Path.GetFileName(entry)} {new FileInfo(entry).LinkTarget}".Replace(
                        fixture.State.Root + "/instances/shop_staging_api_1_0/",
                        "",
                        StringComparison.Ordinal
                    )
                )
        );
        Assert.Null(seen.Endpoint);
    }

    [Fact]
    public async Task A_program_that_ends_at_start_fails_at_once_with_its_last_words()
    {
        var began = TimeProvider.System.GetTimestamp();
        var seen = await fixture.StartAsync(
            NodeFixture.Order(NodeFixture.Web("sh", "-c", "echo cannot find my database; exit 3")),
            until: one => one.State == InstanceState.Failed
        );

        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(2));
        Assert.Equal(
            ("target.exited-at-start", "It ended with exit code 3.", "cannot find my database"),
            (seen.Problem!.Code, seen.Problem.Why, string.Join('\n', seen.Problem.Evidence))
        );

        await fixture.RestartAsync();
        var again = await fixture.SeenAsync(seen.Key);
        Assert.Equal((InstanceState.Failed, "target.exited-at-start"), (again!.State, again.Problem!.Code));
    }

    [Fact]
    public async Task A_missing_program_fails_with_the_way_to_get_it()
    {
        var seen = await fixture.StartAsync(
            NodeFixture.Order(NodeFixture.Web("no-such-program")),
            until: one => one.State == InstanceState.Failed
        );

        Assert.Equal("process.program-missing", seen.Problem!.Code);
    }

    [Fact]
    public async Task A_program_on_the_wrong_port_is_named()
    {
        var free = FreePort();
        var web = NodeFixture.Web("python3", "server.py", $"{free}");
        var seen = await fixture.StartAsync(
            NodeFixture.Order(web with { Health = web.Health with { StartGrace = TimeSpan.FromSeconds(1.5) } }),
            until: one => one.State == InstanceState.Failed
        );

        Assert.Equal("target.not-ready", seen.Problem!.Code);
        Assert.Contains(
            $"got: connection refused. It listens on {free}, not on $PORT (",
            seen.Problem.Why,
            StringComparison.Ordinal
        );
        await NodeFixture.UntilAsync(() => Task.FromResult(Listener.HolderOf(free) is null), () => "still listens");
    }

    [Fact]
    public async Task A_wrong_answer_is_quoted()
    {
        var web = NodeFixture.Web();
        var seen = await fixture.StartAsync(
            NodeFixture.Order(
                web with
                {
                    Health = web.Health with { Http = "/missing", StartGrace = TimeSpan.FromSeconds(1) },
                }
            ),
            until: one => one.State == InstanceState.Failed
        );

        Assert.EndsWith("/missing got: status 404.", seen.Problem!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fixed_port_that_is_taken_names_who_has_it()
    {
        var order = NodeFixture.Order(NodeFixture.Web() with { Port = FreePort() });
        var first = await fixture.StartAsync(order);
        var second = await fixture.StartAsync(
            order with
            {
                Key = order.Key with { Slot = 1 },
            },
            until: one => one.State == InstanceState.Failed
        );

        Assert.Equal(
            ("target.port-taken", $"Process {first.Pid} ({Proc.TryStat(first.Pid)!.Name}) listens there."),
            (second.Problem!.Code, second.Problem.Why)
        );
    }

    [Fact]
    public async Task A_graceful_program_ends_itself()
    {
        var order = NodeFixture.Order(
            NodeFixture.Worker("sh", "-c", "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done")
        );
        await fixture.StartAsync(order);
        await fixture.StopAsync(order.Key);

        var page = await fixture.Node.ReadAsync(new LogQuery(NodeFixture.Shop, null, 10, 10), null, NodeFixture.Stop);
        Assert.Equal(
            [new LogLine("api@1#0", "up"), new LogLine("api@1#0", "bye")],
            page.Lines.Where(line => line.Text is "up" or "bye")
        );
    }

    [Fact]
    public async Task A_stubborn_program_and_the_child_that_fled_its_session_are_killed()
    {
        var order = NodeFixture.Order(
            NodeFixture.Worker("sh", "-c", "trap '' TERM; setsid sleep 600 & echo $!; while :; do sleep 0.1; done") with
            {
                StopGrace = TimeSpan.FromSeconds(0.5),
            }
        );
        var seen = await fixture.StartAsync(order);
        var page = await fixture.Node.ReadAsync(new LogQuery(NodeFixture.Shop, null, 10, 10), null, NodeFixture.Stop);
        var fled = int.Parse(page.Lines[0].Text, System.Globalization.CultureInfo.InvariantCulture);
        Assert.False(Child.HasEnded(fled));

        await fixture.StopAsync(order.Key);
        Assert.True(Child.HasEnded(seen.Pid) && Child.HasEnded(fled));
    }

    [Fact]
    public async Task Ordered_again_while_stopping_it_is_started_anew()
    {
        var order = NodeFixture.Order(NodeFixture.Web());
        var first = await fixture.StartAsync(order);
        await fixture.Node.StopAsync(order.Key, new Fence(1), NodeFixture.Stop);
        await fixture.Node.EnsureAsync(order, new Fence(1), NodeFixture.Stop);

        var second = await fixture.AwaitAsync(
            order.Key,
            one => one.State == InstanceState.Ready && one.Pid != first.Pid
        );
        Assert.Equal(0, second.Restarts);
        Assert.True(Child.HasEnded(first.Pid));
    }

    [Fact]
    public async Task A_health_command_decides_when_it_is_ready()
    {
        var web = NodeFixture.Web("sh", "-c", "sleep 0.5; touch $TMPDIR/ready; exec sleep 600");
        var seen = await fixture.StartAsync(
            NodeFixture.Order(
                web with
                {
                    Health = web.Health with { Http = null, Command = ["sh", "-c", "test -e $TMPDIR/ready"] },
                }
            )
        );

        Assert.Equal((InstanceState.Ready, 0), (seen.State, seen.Restarts));
    }

    [Fact]
    public async Task Static_files_need_no_process()
    {
        var seen = await fixture.StartAsync(
            NodeFixture.Order(NodeFixture.Web() with { Recipe = new Recipe { Stack = "static" } })
        );

        Assert.Equal(
            (InstanceState.Ready, 0, new Uri("file://" + fixture.State.ArtifactFolder("app"))),
            (seen.State, seen.Pid, seen.Endpoint)
        );
    }

    [Fact]
    public async Task Over_its_memory_it_is_killed_and_that_is_said()
    {
        var cgroups = new Cgroups("fairlead-probe");
        var (group, warning) = cgroups.Create("probe", new Limits { Memory = 64 * 1024 * 1024 });
        group.TryRemove();
        group.TryRemoveParents();
        Assert.SkipWhen(warning is not null, $"No memory limit can be set here: {warning}");

        var seen = await fixture.StartAsync(
            NodeFixture.Order(
                NodeFixture.Web("python3", "-c", "x = bytearray(300 * 1024 * 1024); import time; time.sleep(60)") with
                {
                    Limits = new Limits { Memory = 64 * 1024 * 1024 },
                }
            ),
            until: one => one.State == InstanceState.Failed
        );

        Assert.Equal("It was killed by the kernel: over its 64 MiB.", seen.Problem!.Why);
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        socket.Start();
        return ((System.Net.IPEndPoint)socket.LocalEndpoint).Port;
    }
}
