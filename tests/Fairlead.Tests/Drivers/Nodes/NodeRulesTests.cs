using Fairlead.Drivers.Nodes;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Nodes;

public sealed class NodeRulesTests
{
    private static readonly InstanceOrder Order = new()
    {
        Key = new InstanceKey(new Site("shop", "staging"), new Part("api", 42), 1),
        Artifact = "abc",
        Service = new Service
        {
            Name = "api",
            Kind = Kind.Api,
            Path = ".",
            Recipe = new Recipe { Stack = "custom", Run = ["serve", "--port={port}"] },
            Health = new Health { Http = "/healthz" },
            Replicas = 2,
        },
        Env = new Dictionary<string, string> { ["GREETING"] = "hello", ["PORT"] = "1" },
    };

    [Fact]
    public void Pauses_double_up_to_half_a_minute() =>
        Assert.Equal(
            [0.5, 1, 2, 4, 8, 16, 30, 30, 30],
            Enumerable.Range(1, 8).Append(1000).Select(crashes => Backoff.Pause(crashes).TotalSeconds)
        );

    [Fact]
    public void A_minute_up_forgives_earlier_crashes() =>
        Assert.Equal([6, 1], [Backoff.Crashes(5, 59.Seconds), Backoff.Crashes(5, 60.Seconds)]);

    [Fact]
    public void The_port_is_put_into_the_words() =>
        Assert.Equal(["serve", "--port=20017"], Launch.Words(Order.Service.Recipe.Run, 20017));

    [Fact]
    public void The_environment_is_a_minimum_the_orders_own_and_what_must_be_true()
    {
        var own = new Dictionary<string, string>
        {
            ["PATH"] = "/bin",
            ["HOME"] = "/home/me",
            ["LANG"] = "de_DE.UTF-8",
            ["AWS_SECRET_ACCESS_KEY"] = "of the node",
            ["DOTNET_ROOT"] = "/opt/dotnet",
        };

        Assert.Equal(
            [
                "ASPNETCORE_URLS=http://127.0.0.1:20017",
                "FAIRLEAD_APP=shop",
                "FAIRLEAD_ENVIRONMENT=staging",
                "FAIRLEAD_INSTANCE=shop_staging_api_42_1",
                "FAIRLEAD_RELEASE=42",
                "FAIRLEAD_SERVICE=api",
                "FAIRLEAD_SLOT=1",
                "FAIRLEAD_STATE_ID=id",
                "GREETING=hello",
                "HOME=/home/me",
                "HOST=127.0.0.1",
                "LANG=de_DE.UTF-8",
                "PATH=/bin",
                "PORT=20017",
                "TMPDIR=/t",
                $"USER={Environment.UserName}",
            ],
            Launch
                .Environment(Order, own, 20017, "/t", "id")
                .Select(pair => $"{pair.Key}={pair.Value}")
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void No_port_is_given_twice_and_a_replica_keeps_its_own()
    {
        var ports = new PortRange(new World(new FakeTimeProvider(), new Random(7)));
        var nobody = new HashSet<int>();
        var first = ports.Take(0, nobody);
        ports.Release(first);
        var second = ports.Take(0, nobody);

        Assert.NotEqual(first, second);
        Assert.Equal(second, ports.Take(second, nobody));
        Assert.NotEqual(second, ports.Take(second, new HashSet<int> { second }));
        Assert.InRange(first, 20_000, 29_999);
    }

    [Fact]
    public void A_program_on_another_port_is_told_so() =>
        Assert.Equal(
            """
            api@42#1 of shop/staging was not ready within 60 s.
              why: GET http://127.0.0.1:20017/healthz got: connection refused. It listens on 3000, not on $PORT (20017).
              fix: Make the program listen on 127.0.0.1 and the port in the environment variable PORT, or put {port} in 'run' in fairlead.yaml.
              (target.not-ready)
            """,
            NodeProblems
                .NotReady(
                    Order,
                    new Answer(IsHealthy: false, "GET http://127.0.0.1:20017/healthz", "connection refused"),
                    ProcessProgram.Elsewhere([new Listener(System.Net.IPAddress.Any, 3000, 1)], 20017)
                )
                .ToString()
        );

    [Fact]
    public void A_program_in_a_container_is_told_that_its_loopback_is_not_ours()
    {
        Listener[] all = [new(System.Net.IPAddress.Loopback, 8080, 1), new(System.Net.IPAddress.Any, 9000, 2)];

        Assert.StartsWith(
            "Inside its container it listens on 127.0.0.1:8080, which no",
            ContainerProgram.Elsewhere(all, 8080)?.Why,
            StringComparison.Ordinal
        );
        Assert.EndsWith("not on $PORT (80).", ContainerProgram.Elsewhere(all, 80)?.Why, StringComparison.Ordinal);
        Assert.Null(ContainerProgram.Elsewhere(all, 9000));
        Assert.Null(ContainerProgram.Elsewhere([], 8080));
    }

    [Theory]
    [InlineData(0, false, "It ended with exit code 1.")]
    [InlineData(128, true, "It was killed by the kernel: over its 128 MiB.")]
    [InlineData(0, true, "It was killed by the kernel: the machine had no memory left.")]
    public void An_end_has_a_reason(int mebibytes, bool isOutOfMemory, string words) =>
        Assert.Equal(
            words,
            NodeProblems.Reason(new Ending(1, null), isOutOfMemory, mebibytes > 0 ? mebibytes * 1024L * 1024 : null)
        );

    [Fact]
    public void A_log_cursor_is_read_back_and_a_broken_one_begins_anew()
    {
        var places = new Dictionary<string, long> { ["api@42#0"] = 12345, ["web@41#1"] = 6 };

        Assert.Equal("api@42#0:12345,web@41#1:6", LogPager.Text(places));
        Assert.Equal(places, LogPager.Parse("api@42#0:12345,web@41#1:6"));
        Assert.Empty(LogPager.Parse("nonsense,api@42#0:-3"));
    }
}
