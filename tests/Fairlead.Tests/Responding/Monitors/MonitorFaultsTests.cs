using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Monitoring;

namespace Fairlead.Tests.Responding.Monitors;

public sealed class MonitorFaultsTests
{
    [Theory]
    [InlineData("https://shop.example.com/healthz?full=1")]
    [InlineData("tcp://10.0.0.5:22")]
    [InlineData("udp://[2001:db8::1]:53")]
    [InlineData("dns:///example.com?type=MX")]
    [InlineData("dns://1.1.1.1:5353/example.com")]
    [InlineData("icmp://192.168.1.1")]
    [InlineData("tls://mail.example.com:993")]
    [InlineData("wss://shop.example.com/live")]
    [InlineData("grpc://127.0.0.1:9090/shop.Carts")]
    [InlineData("smtp://mail.example.com")]
    [InlineData("postgres://probe:${PGPASSWORD}@db/shop")]
    [InlineData("docker://Shop_web-1")]
    [InlineData("push:")]
    public void An_address_of_every_kind_is_taken(string url) => Assert.Empty(Faults(url));

    [Theory]
    [InlineData("", "Nothing says where to look.")]
    [InlineData("shop.example.com", "It has to begin with one of:")]
    [InlineData("file:///etc/passwd", "It has to begin with one of:")]
    [InlineData("gopher://x", "It has to begin with one of:")]
    [InlineData("http://", "It is no address.")]
    [InlineData("tcp://10.0.0.5", "It needs a port")]
    [InlineData("dns://1.1.1.1", "It has to say which name")]
    [InlineData("dns:///example.com?type=ANY", "A type of records is one of")]
    [InlineData("docker://a/../b", "It has to name a container")]
    [InlineData("push:nightly", "is written 'push:'")]
    [InlineData("/healthz", "It has to begin with one of:")]
    public void What_is_no_address_is_said(string url, string why) =>
        Assert.Contains(why, Assert.Single(Faults(url)).Why, StringComparison.Ordinal);

    [Fact]
    public void In_a_manifest_no_variable_is_filled_in_and_a_path_is_at_the_app()
    {
        Assert.Contains(
            "not in manifests",
            Assert.Single(MonitorFaults.Of(Spec("http://x/${SECRET}"), isOfApp: true)).Why,
            StringComparison.Ordinal
        );
        Assert.Empty(MonitorFaults.Of(Spec("/healthz"), isOfApp: true));
        Assert.Single(MonitorFaults.Of(Spec("//evil.example.com/"), isOfApp: true));
        var header = Spec("/healthz") with
        {
            Request = new() { Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer ${TOKEN}" } },
        };
        Assert.Equal("headers", Assert.Single(MonitorFaults.Of(header, isOfApp: true)).Key);
        Assert.Empty(MonitorFaults.Of(header with { Url = "https://x" }, isOfApp: false));
    }

    [Theory]
    [InlineData("(a+)+b", true)]
    [InlineData("version [0-9]+", true)]
    [InlineData("(?=a)b", false)]
    [InlineData("(a)\\1", false)]
    [InlineData("(", false)]
    public void A_pattern_that_could_take_for_ever_is_refused(string pattern, bool isTaken) =>
        Assert.Equal(
            isTaken,
            MonitorFaults.Of(Spec("http://x") with { Expect = new() { Matches = pattern } }, false).Count == 0
        );

    [Theory]
    [InlineData("icmp://x", "body")]
    [InlineData("tcp://x:1", "status")]
    [InlineData("http://x", "tlsDays")]
    [InlineData("https://x", "answer")]
    [InlineData("push:", "within")]
    public void Nobody_expects_what_a_look_cannot_tell(string url, string key)
    {
        var expect = key switch
        {
            "body" => new MonitorExpect { Body = "x" },
            "status" => new MonitorExpect { Status = [new(200, 200)] },
            "tlsDays" => new MonitorExpect { TlsDays = 7 },
            "answer" => new MonitorExpect { Answer = ["192.0.2.1"] },
            _ => new MonitorExpect { Within = TimeSpan.FromSeconds(1) },
        };
        Assert.Contains(
            $"expects '{key}'",
            Assert.Single(MonitorFaults.Of(Spec(url) with { Expect = expect }, false)).What,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Times_have_limits_and_a_look_ends_before_the_next()
    {
        Assert.Equal("every", Fault(Spec("http://x") with { Every = TimeSpan.FromSeconds(4) }));
        Assert.Equal("every", Fault(Spec("http://x") with { Every = TimeSpan.FromDays(2) }));
        Assert.Equal(
            "timeout",
            Fault(Spec("http://x") with { Every = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromSeconds(10) })
        );
        Assert.Equal("retries", Fault(Spec("http://x") with { Retries = 11 }));
        Assert.Equal(TimeSpan.FromSeconds(4), MonitorFaults.UsualTimeout(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Who_depends_on_itself_over_others_is_found() =>
        Assert.Equal(
            ["a", "b"],
            MonitorFaults
                .Circles([
                    Spec("http://x") with
                    {
                        Name = "a",
                        DependsOn = ["b"],
                    },
                    Spec("http://x") with
                    {
                        Name = "b",
                        DependsOn = ["a"],
                    },
                    Spec("http://x") with
                    {
                        Name = "c",
                        DependsOn = ["a", "elsewhere"],
                    },
                ])
                .Select(one => one.Monitor)
        );

    [Fact]
    public void A_journeys_step_is_one_thing()
    {
        Assert.Null(
            Fault(
                Spec("https://x") with
                {
                    Journey = [new() { Click = "#a" }, new() { Type = "#b", Text = "c" }, new() { See = "d" }],
                }
            )
        );
        Assert.Equal("journey", Fault(Spec("https://x") with { Journey = [new() { Click = "#a", See = "d" }] }));
        Assert.Equal("journey", Fault(Spec("https://x") with { Journey = [new() { Type = "#a" }] }));
        Assert.Equal("journey", Fault(Spec("tcp://x:1") with { Journey = [new() { See = "d" }] }));
    }

    private static MonitorSpec Spec(string url) => new() { Name = "api", Url = url };

    private static IReadOnlyList<MonitorFault> Faults(string url) => MonitorFaults.Of(Spec(url), isOfApp: false);

    private static string? Fault(MonitorSpec spec) =>
        MonitorFaults.Of(spec, isOfApp: false).Select(one => one.Key).SingleOrDefault();
}
