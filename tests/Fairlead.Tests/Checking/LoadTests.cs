using System.Text;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Checking.Loads;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Checking;

/// <summary>What a load is made of, and how it is judged.</summary>
public sealed class LoadTests
{
    private static readonly LoadReport Report = new(
        new Dictionary<int, long>
        {
            [200] = 95,
            [404] = 2,
            [500] = 1,
        },
        new Dictionary<string, long>(),
        NotConnected: 0,
        ResetOnReuse: 0,
        Broken: 1,
        TimedOut: 1,
        NotSent: 100,
        new([
            (TimeSpan.FromMilliseconds(10), 90),
            (TimeSpan.FromMilliseconds(100), 7),
            (TimeSpan.FromMilliseconds(900), 1),
        ])
    );

    [Theory]
    [InlineData("p50 < 11ms", "10 ms", true)]
    [InlineData("p50 < 10ms", "10 ms", false)]
    [InlineData("p95 < 0.2s", "100 ms", true)]
    [InlineData("p99.9 < 500ms", "900 ms", false)]
    [InlineData("max < 1s", "900 ms", true)]
    [InlineData("mean < 20ms", "25.51 ms", false)]
    // What was dropped would have failed: three failed, and a hundred were dropped, of two hundred that were due.
    [InlineData("errors < 50%", "51.5%", false)]
    [InlineData("dropped < 50%", "50%", false)]
    public void Thresholds_are_judged_over_all_that_was_due(string text, string measured, bool holds) =>
        Assert.Equal((measured, holds), LoadThreshold.TryParse(text)!.Judge(Report));

    [Fact]
    public void Where_nothing_was_answered_no_latency_holds()
    {
        var nothing = Report with { ByStatus = new Dictionary<int, long>(), Latency = LoadLatency.None };
        Assert.Equal(("nothing", false), LoadThreshold.TryParse("p99 < 1h")!.Judge(nothing));
    }

    [Theory]
    [InlineData("")]
    [InlineData("p100 < 1s")]
    [InlineData("p99 > 1s")]
    [InlineData("p99 < 0ms")]
    [InlineData("errors < 1")]
    [InlineData("errors < 101%")]
    [InlineData("q < 1s")]
    public void What_is_no_threshold_is_not_taken_for_one(string text) => Assert.Null(LoadThreshold.TryParse(text));

    [Fact]
    public void Requests_come_as_often_as_their_weights_say_and_evenly_mixed()
    {
        var requests = new LoadRequests(
            new Uri("http://a.example:81/"),
            [
                new() { Path = "/a", Weight = 3 },
                new()
                {
                    Path = "/b",
                    Body = "é",
                    Headers = new Dictionary<string, string> { ["X-A"] = "1" },
                },
            ]
        );
        Assert.Equal(
            "aabaaaba",
            string.Concat(
                Enumerable
                    .Range(0, 8)
                    .Select(number => (char)requests.Of(number).Span[requests.Of(number).Span[0] == 'G' ? 5 : 6])
            )
        );
        Assert.Equal(
            "POST /b HTTP/1.1\r\nHost: a.example:81\r\nX-A: 1\r\nContent-Length: 2\r\n\r\né",
            Encoding.UTF8.GetString(requests.Of(2).Span)
        );
    }

    [Theory]
    [InlineData("/a b", "x")]
    [InlineData("a", "x")]
    [InlineData("/a", "x\r\nEvil: 1")]
    public void A_request_that_would_be_two_is_not_sent(string path, string header) =>
        Assert.Equal(
            "check.request",
            Assert
                .Throws<ProblemException>(() =>
                    new LoadRequests(
                        new Uri("http://a/"),
                        [
                            new()
                            {
                                Path = path,
                                Headers = new Dictionary<string, string> { ["X"] = header },
                            },
                        ]
                    )
                )
                .Problem.Code
        );

    [Theory]
    [InlineData("http://127.0.0.1:80/", true)]
    [InlineData("localhost:8080", true)]
    [InlineData("http://[::1]/", true)]
    [InlineData("https://shop.localhost/", true)]
    [InlineData("https://staging.example.com/", true)]
    [InlineData("https://example.com/", false)]
    [InlineData("http://127.0.0.1.example.com/", false)]
    [InlineData("http://169.254.169.254/", false)]
    [InlineData("ftp://localhost/", false)]
    [InlineData("localhost", true)]
    [InlineData("nonsense", false)]
    [InlineData("", false)]
    [InlineData("http://user:secret@localhost/", false)]
    public void Only_this_machine_is_asked_and_hosts_that_somebody_named(string url, bool may)
    {
        var problem = Record.Exception(() => CheckedUrl.Read(url, ["staging.example.com"]));
        Assert.Equal(may, problem is null);
    }

    [Theory]
    [InlineData("nonsense", "'nonsense' is no address of a service.")]
    [InlineData("8080", "'8080' is no address of a service.")]
    [InlineData("staging:8080", "Nobody said that staging may be asked.")]
    public void A_word_alone_is_no_host_that_somebody_forgot_to_name(string url, string said) =>
        Assert.Equal(said, Assert.Throws<ProblemException>(() => CheckedUrl.Read(url, [])).Problem.What);
}
