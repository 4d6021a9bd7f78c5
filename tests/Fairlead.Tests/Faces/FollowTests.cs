using System.Text.Json.Nodes;
using Fairlead.Faces.Cli.Following;
using Fairlead.Faces.Cli.Showing;
using Fairlead.Model.Problems;
using Spectre.Console;

namespace Fairlead.Tests.Faces;

public sealed class FollowTests
{
    private const string Urls = """["http://shop.localhost:8080"]""";

    private static readonly Problem Away = new(
        "server.unreachable",
        "The server does not answer.",
        "Gone.",
        "fairlead up"
    )
    {
        Trouble = Trouble.Unreachable,
    };

    internal static string Deployment(string phase, string more = "") =>
        $$"""
            { "id": "d1", "app": "shop", "environment": "production", "release": 42, "replaces": 41, "phase": "{{phase}}",
              "steps": [ { "text": "place api@42 x2", "state": "done" }, { "text": "shift 5% to api@42", "state": "current" },
                         { "text": "promote release 42", "state": "waiting" } ],
              "parts": [ { "part": "api@41", "share": 95, "ready": 2, "wanted": 2, "requests": 9000, "requestsPerSecond": 19.5, "errorPercent": 0.1, "p95Milliseconds": 41.5 },
                         { "part": "api@42", "share": 5, "ready": 1, "wanted": 2, "requests": 0 } ],
              "verdicts": [ { "gate": "p95 < 300ms", "ruling": "Holds", "reason": "41.5 ms, limit 300 ms" } ],
              "waiting": "80 more requests", "newInALaterVersion": 1, {{more}}
              "requestedAt": "2026-03-01T12:00:00+00:00", "deadline": "2026-03-01T13:00:00+00:00" }
            """;

    private static string Page(string deployment, params string[] texts)
    {
        var entries = texts.Select(
            (text, index) =>
                $$"""{ "sequence": {{index + 1}}, "at": "2026-03-01T12:00:01Z", "kind": "step", "text": "{{text}}" }"""
        );
        return $$"""{ "entries": [ {{string.Join(',', entries)}} ], "deployment": {{deployment}} }""";
    }

    private static string Over(string phase, string more = "") =>
        Deployment(
            phase,
            $$"""{{more}} "endedAt": "2026-03-01T12:02:13+00:00", "measured": { "requests": 4182, "failed": 0, "lost": 0, "retried": 2, "cut": 0 }, "urls": {{Urls}},"""
        );

    private static Stage Deploying() => new Stage().Answers($$"""{ "deployment": {{Deployment("queued")}} }""");

    [Fact]
    public async Task A_deployment_is_followed_line_by_line_to_its_address()
    {
        var stage = Deploying()
            .Answers(Page(Deployment("rolling-out"), "place api@42 x2", "shift 5% to api@42"))
            .Answers(Page(Over("promoted"), "promote release 42"));

        Assert.Equal(0, await stage.TypeAsync("deploy"));

        Assert.Equal(["http://shop.localhost:8080"], stage.Out);
        Assert.Equal(
            [
                "place api@42 x2",
                "shift 5% to api@42",
                "promote release 42",
                "shop release 42 is live in production, after 2m 13s.",
                "4,182 requests served, 0 failed, 2 retried, 0 streams cut",
            ],
            stage.Errors
        );
        Assert.Equal(["platform"], stage.Started);
        Assert.Equal("""follow {"deployment":"d1","after":2,"waitMilliseconds":1000}""", stage.Asked[2]);
    }

    [Fact]
    public async Task A_silent_deployment_gives_a_sign_of_life_every_ten_seconds()
    {
        var stage = Deploying();
        for (var second = 0; second < 25; second++)
        {
            stage.Answers(_ =>
            {
                stage.Clock.Advance(TimeSpan.FromSeconds(1));
                return JsonNode.Parse(Page(Deployment("rolling-out")))!;
            });
        }
        stage.Answers(Page(Over("promoted")));

        await stage.TypeAsync("deploy");

        Assert.Equal(
            [
                "still rolling-out after 10s: waits for 80 more requests",
                "still rolling-out after 20s: waits for 80 more requests",
            ],
            stage.Errors.Take(2)
        );
    }

    [Fact]
    public async Task A_restart_of_the_server_is_waited_out()
    {
        var stage = Deploying().Answers(Page(Deployment("rolling-out")));
        for (var miss = 0; miss < 30; miss++)
        {
            stage.Refuses(Away);
        }
        stage.Answers(Page(Over("promoted")));

        Assert.Equal(0, await stage.TypeAsync("deploy"));

        Assert.Equal("the server does not answer; trying again for up to 60 s", stage.Errors[0]);
        Assert.Equal("still no answer from the server; deployment d1 was last seen rolling-out", stage.Errors[1]);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_given_up_after_a_minute()
    {
        var stage = Deploying().Answers(Page(Deployment("rolling-out")));
        for (var miss = 0; miss < 200; miss++)
        {
            stage.Refuses(Away);
        }

        Assert.Equal(10, await stage.TypeAsync("deploy"));

        Assert.InRange(stage.Asked.Count, 120, 125);
    }

    [Theory]
    [InlineData("deploy", "promoted", "", 0)]
    [InlineData("deploy", "rolled-back", "", 6)]
    [InlineData(
        "deploy",
        "rolled-back",
        """ "reason": { "code": "g", "what": "w", "why": "y", "fix": "f", "trouble": 1 }, """,
        6
    )]
    [InlineData(
        "deploy",
        "rolled-back",
        """ "reason": { "code": "g", "what": "w", "why": "y", "fix": "f", "trouble": 7 }, """,
        7
    )]
    [InlineData(
        "deploy",
        "rolled-back",
        """ "reason": { "code": "g", "what": "w", "why": "y", "fix": "f", "trouble": 8 }, """,
        8
    )]
    [InlineData(
        "deploy",
        "failed",
        """ "reason": { "code": "g", "what": "w", "why": "y", "fix": "f", "trouble": 4 }, """,
        4
    )]
    [InlineData("deploy", "failed", "", 1)]
    [InlineData("deploy", "aborted", "", 1)]
    [InlineData("deploy", "superseded", "", 5)]
    [InlineData("abort", "aborted", "", 0)]
    [InlineData("abort", "promoted", "", 5)]
    public async Task The_exit_code_follows_from_how_it_ended(string verb, string phase, string reason, int expected)
    {
        var stage = Deploying().Answers(Page(Over(phase, reason)));

        Assert.Equal(expected, await stage.TypeAsync(verb));
    }

    [Fact]
    public async Task A_rollback_is_told_with_its_reason_and_fix()
    {
        const string Reason =
            """ "reason": { "code": "gate.broken", "what": "p95 < 300ms broke.", "why": "310 ms.", "fix": "fairlead explain d1", "trouble": 6 }, """;
        var stage = Deploying().Answers(Page(Over("rolled-back", Reason)));

        await stage.TypeAsync("deploy");

        Assert.Equal(
            [
                "shop release 42 was rolled back: release 41 has all traffic, after 2m 13s.",
                "4,182 requests served, 0 failed, 2 retried, 0 streams cut",
                "error: p95 < 300ms broke.",
                "  why: 310 ms.",
                "  fix: fairlead explain d1",
                "  (gate.broken)",
            ],
            stage.Errors
        );
    }

    [Fact]
    public async Task Ctrl_C_detaches_and_says_how_to_watch_and_how_to_stop()
    {
        using var stop = new CancellationTokenSource();
        var stage = Deploying()
            .Answers(_ =>
            {
                stop.Cancel();
                return JsonNode.Parse(Page(Deployment("rolling-out")))!;
            });

        Assert.Equal(130, await stage.TypeUntilAsync(["deploy"], stop.Token));

        Assert.Equal(
            "Detached; deployment d1 goes on. Watch: fairlead follow d1. Stop it: fairlead abort --app shop",
            stage.Errors[^1]
        );
    }

    [Fact]
    public async Task Json_is_a_line_for_each_entry_and_the_envelope_last()
    {
        var stage = Deploying().Answers(Page(Over("promoted"), "promote release 42"));

        Assert.Equal(0, await stage.TypeAsync("deploy", "--json"));

        Assert.Equal(
            """{"version":1,"kind":"deploy.entry","data":{"sequence":1,"at":"2026-03-01T12:00:01Z","kind":"step","text":"promote release 42"}}""",
            stage.Out[0]
        );
        var envelope = JsonNode.Parse(stage.Out[1])!;
        Assert.Equal("true promoted", $"{envelope["ok"]} {envelope["data"]!["deployment"]!["phase"]}");
    }

    [Fact]
    public async Task Detach_comes_back_at_once()
    {
        var stage = Deploying();

        Assert.Equal(0, await stage.TypeAsync("deploy", "--detach"));

        Assert.Equal("shop/production release 42 (deployment d1): queued", stage.Out[0]);
    }

    [Fact]
    public async Task Follow_watches_by_id()
    {
        var stage = new Stage().Answers(Page(Over("promoted")));

        Assert.Equal(0, await stage.TypeAsync("follow", "d1"));

        Assert.Equal(["http://shop.localhost:8080"], stage.Out);
    }

    [Fact]
    public async Task Logs_are_followed_from_the_cursor_until_Ctrl_C()
    {
        using var stop = new CancellationTokenSource();
        var stage = new Stage()
            .Answers("""{ "lines": [ { "replica": "api@1#0", "text": "one" } ], "cursor": "c1" }""")
            .Answers(_ =>
            {
                stop.Cancel();
                return JsonNode.Parse("""{ "lines": [ { "replica": "api@1#0", "text": "two" } ], "cursor": "c2" }""")!;
            });

        Assert.Equal(130, await stage.TypeUntilAsync(["logs", "--app", "shop", "-f"], stop.Token));

        Assert.Equal(["api@1#0 | one", "api@1#0 | two"], stage.Out);
        Assert.Equal("""logs {"app":"shop","cursor":"c1","waitMilliseconds":10000}""", stage.Asked[1]);
    }

    [Fact]
    public void On_a_terminal_shares_are_bars()
    {
        var deployment = JsonNode.Parse(Deployment("rolling-out"))!;
        var page = new FollowPage([], Payload.DeploymentOf(deployment)!, deployment, IsAnswered: true);
        using var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(text),
            }
        );
        console.Profile.Width = 100;

        console.Write(LiveProgress.Picture(page, new DateTimeOffset(2026, 3, 1, 12, 1, 5, TimeSpan.Zero)));

        Assert.Equal(
            """
            shop/production release 42 (deployment d1): rolling-out
              ✓ place api@42 x2
              ▸ shift 5% to api@42
              · promote release 42
                     share                    ready req/s errors % p95 ms
              api@41 ███████████████████░ 95% 2/2   19.5  0.1      41.5
              api@42 █░░░░░░░░░░░░░░░░░░░ 5%  1/2
              p95 < 300ms: holds. 41.5 ms, limit 300 ms
              1m 5s, waits for 80 more requests
            """,
            string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd())).TrimEnd()
        );
    }
}
