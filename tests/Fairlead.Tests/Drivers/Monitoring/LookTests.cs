using System.Net;
using Fairlead.Drivers.Dns.Messages;
using Fairlead.Drivers.Monitoring;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Tests.Fuzzing;

namespace Fairlead.Tests.Drivers.Monitoring;

/// <summary>What probes read and decide, without a network.</summary>
public sealed class LookTests
{
    private static readonly SeenHttp Seen = new(
        200,
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = "application/json" },
        """{"status":"ok","checks":[{"name":"db","ms":3}],"ready":true}""",
        58
    );

    [Fact]
    public void Every_way_that_an_address_may_begin_with_has_its_probe()
    {
        using var probes = new AllMonitorProbes(_ => null, new World(TimeProvider.System, new Random(1)));
        Assert.Equal(
            MonitorWays.All.Where(way => way != "push").Append("browser").Order(StringComparer.Ordinal),
            probes.Entries.SelectMany(one => one.Ways).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void An_answer_is_good_when_all_that_is_expected_is_there() =>
        Assert.Null(
            Fault(
                new()
                {
                    Body = "db",
                    Lacks = "error",
                    Matches = "\"ms\":[0-9]+",
                    Json = new Dictionary<string, string>
                    {
                        ["status"] = "ok",
                        ["$.checks[0].name"] = "db",
                        ["checks[0].ms"] = "3",
                        ["ready"] = "true",
                    },
                    Headers = new Dictionary<string, string> { ["content-type"] = "JSON" },
                }
            )
        );

    [Fact]
    public void What_is_wrong_is_said_in_a_sentence() =>
        Assert.Equal(
            [
                "It answered 200, not 201, 300-399.",
                "It does not say 'welcome'.",
                "It says 'status'.",
                "Nothing in it fits /^x/.",
                "Its JSON says 'ok' at status, not 'fine'.",
                "Its JSON has nothing at checks[1].name.",
                "Its header content-type says 'application/json', not 'html'.",
                "It has no header x-release.",
            ],
            (
                (MonitorExpect[])
                    [
                        new() { Status = [new(201, 201), new(300, 399)] },
                        new() { Body = "welcome" },
                        new() { Lacks = "status" },
                        new() { Matches = "^x" },
                        new() { Json = new Dictionary<string, string> { ["status"] = "fine" } },
                        new() { Json = new Dictionary<string, string> { ["checks[1].name"] = "db" } },
                        new() { Headers = new Dictionary<string, string> { ["content-type"] = "html" } },
                        new() { Headers = new Dictionary<string, string> { ["x-release"] = "42" } },
                    ]
            ).Select(Fault)
        );

    [Fact]
    public void Values_of_DNS_are_written_as_in_zone_files() =>
        Assert.Equal(
            [
                "192.0.2.1",
                "2001:db8::1",
                "10 mail.example.com",
                "1 2 80 www.example.com",
                "hello",
                "0 issue \"letsencrypt.org\"",
                "example.com me.example.com 7",
            ],
            OutsideReaders
                .DnsAnswers()
                .SelectMany(bytes =>
                {
                    var message = DnsReader.Read(bytes);
                    return DnsValues.Of(bytes, message, message.Questions[0].Type);
                })
        );

    [Theory]
    [InlineData("dns:///shop.example.com", "shop.example.com", DnsType.A)]
    [InlineData("dns://1.1.1.1/example.com.?type=mx", "example.com", DnsType.Mx)]
    [InlineData("dns://127.0.0.1:5353/_sip._tcp.example.com?type=SRV", "_sip._tcp.example.com", DnsType.Srv)]
    internal void What_is_asked_for_is_in_the_address(string url, string name, DnsType type) =>
        Assert.Equal((name, type), DnsMonitor.QuestionOf(new Uri(url)));

    [Fact]
    public void An_echo_reply_is_known_by_its_mark_with_and_without_the_head_of_its_packet()
    {
        var reply = Pinger.Request(is6: false, 42);
        reply[0] = 0;
        byte[] raw = [0x45, .. new byte[19], .. reply];
        Assert.Equal(
            (true, false, true, false),
            (
                Pinger.IsReply(reply, is6: false, 42),
                Pinger.IsReply(reply, is6: false, 43),
                Pinger.IsReply(raw, is6: false, 42),
                Pinger.IsReply(Pinger.Request(is6: false, 42), is6: false, 42)
            )
        );
        Assert.Equal(0, Pinger.Checksum(Pinger.Request(is6: false, 42)));
    }

    [Fact]
    public void The_system_says_who_its_gateway_and_its_name_servers_are()
    {
        Assert.Equal(
            [IPAddress.Parse("192.168.2.1")],
            SystemNetwork.GatewaysIn([
                "Iface\tDestination\tGateway \tFlags",
                "eth0\t00000000\t0102A8C0\t0003",
                "eth0\t0002A8C0\t00000000\t0001",
            ])
        );
        Assert.Equal(
            [new IPEndPoint(IPAddress.Parse("127.0.0.53"), 53)],
            SystemNetwork.NameServersIn(["# by hand", "search example.com", "nameserver 127.0.0.53"])
        );
    }

    [Fact]
    public void References_are_read_by_their_ports()
    {
        Assert.Equal(
            ["1.1.1.1:53", "192.168.1.1:0"],
            NetworkReference.Read("1.1.1.1:53, 192.168.1.1").Select(one => one.ToString())
        );
        Assert.Equal(
            "monitor.wrong-references",
            Assert.Throws<ProblemException>(() => NetworkReference.Read("gateway.example.com")).Problem.Code
        );
    }

    [Theory]
    [InlineData("running", "healthy", LookVerdict.Up)]
    [InlineData("running", null, LookVerdict.Up)]
    [InlineData("running", "unhealthy", LookVerdict.Down)]
    [InlineData("exited", null, LookVerdict.Down)]
    public void A_container_is_up_when_it_runs_and_does_not_say_otherwise(
        string state,
        string? health,
        LookVerdict verdict
    ) =>
        Assert.Equal(
            verdict,
            DockerMonitor
                .Judge(
                    new(new World(TimeProvider.System, new Random(1)), new() { Name = "a", Url = "docker://a" }),
                    state,
                    health
                )
                .Verdict
        );

    [Theory]
    [InlineData("200", 200, 200)]
    [InlineData("2xx", 200, 299)]
    [InlineData("200-399", 200, 399)]
    public void Codes_are_read(string text, int from, int to) =>
        Assert.Equal(new CodeRange(from, to), CodeRange.TryParse(text));

    [Theory]
    [InlineData("")]
    [InlineData("20")]
    [InlineData("6xx")]
    [InlineData("399-200")]
    [InlineData("200-")]
    [InlineData("-200")]
    public void What_is_no_code_is_none(string text) => Assert.Null(CodeRange.TryParse(text));

    private static string? Fault(MonitorExpect expect) =>
        HttpJudge.FaultOf(
            new()
            {
                Name = "api",
                Url = "http://x",
                Expect = expect,
            },
            Seen
        );
}
