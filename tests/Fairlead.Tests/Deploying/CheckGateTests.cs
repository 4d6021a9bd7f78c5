using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Gates;
using Fairlead.Faces.Cli.Showing;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Deploying;

public sealed class CheckGateTests
{
    private static readonly Site Shop = new("shop", "production");
    private static readonly Part New = new("api", 42);

    [Theory]
    [InlineData(CheckKind.Contract, "http://127.0.0.1:41317/", "check contract --at http://127.0.0.1:41317")]
    [InlineData(CheckKind.Load, "http://10.0.0.7:80/", "check load --at http://10.0.0.7 --host 10.0.0.7")]
    [InlineData(CheckKind.OpenApi, null, "check openapi --base 0123abcd:")]
    [InlineData(CheckKind.Bundle, "file:///state/artifacts/f00", "check bundle /state/artifacts/f00")]
    [InlineData(CheckKind.Bundle, "http://127.0.0.1:41317/", "check bundle")]
    public void A_check_is_this_programs_own_command_on_the_part_that_is_tried(
        CheckKind kind,
        string? endpoint,
        string expected
    )
    {
        var gate = new Gate.Check(kind, 1.Minutes);
        var now = At(endpoint);

        Assert.True(CheckGate.IsReady(gate, New, now));
        var order = CheckGate.Order(new(gate, New, "d1/1/0"), now, ["/usr/bin/fairlead"]);

        Assert.Equal($"/usr/bin/fairlead {expected}", string.Join(' ', order.Words));
        Assert.Equal(
            ("d1/1/0", "/src/shop", 1.Minutes, true),
            (order.Key, order.Folder, order.Timeout, order.KeepsErrorsOnly)
        );
    }

    [Fact]
    public void A_check_that_asks_waits_for_a_replica_that_is_ready_and_is_no_good_news_until_then()
    {
        var gate = new Gate.Check(CheckKind.Dast, 1.Minutes);

        Assert.False(CheckGate.IsReady(gate, New, At(endpoint: null)));
        Assert.Equal(
            new Verdict("check dast", Ruling.Unknown, "it waits for a replica that is ready"),
            GateJudge.Rule(gate, null, null, isFinal: true)
        );
    }

    [Fact]
    public void What_a_check_found_is_the_evidence()
    {
        var gate = new Gate.Check(CheckKind.Contract, 1.Minutes);
        var problem = new Problem("check.failed", "It breaks its promises: 2 findings.", "GET /a: no id.", "Mend it.")
        {
            Evidence = ["GET /b: no total."],
        };

        var verdict = GateJudge.Rule(
            gate,
            null,
            new(1, null, ["asking …", .. ProblemText.Lines([problem], new Paint(IsOn: false))]),
            isFinal: false
        );

        Assert.Equal(
            ("check contract", Ruling.Broken, "It breaks its promises: 2 findings"),
            (verdict.Gate, verdict.Ruling, verdict.Reason)
        );
        Assert.Equal(
            ["why: GET /a: no id.", "GET /b: no total.", "fix: Mend it.", "(check.failed)"],
            verdict.Evidence!
        );
    }

    [Fact]
    public void A_check_that_says_nothing_is_told_by_its_exit_code()
    {
        var gate = new Gate.Check(CheckKind.Load, 1.Minutes);

        Assert.Equal("it exited 134", GateJudge.Rule(gate, null, new(134, null, ["core dumped"]), false).Reason);
        Assert.Equal(
            new Verdict("check load", Ruling.Holds, "it passed"),
            GateJudge.Rule(gate, null, new(0, null, []), isFinal: false)
        );
    }

    private static Situation At(string? endpoint) =>
        new()
        {
            Record = new(Shop) { Active = "d1", Live = 41 },
            Live = Release(41) with { Commit = "0123abcd" },
            Next = Release(42),
            Seen = new(
                endpoint is null
                    ? []
                    :
                    [
                        new Instance
                        {
                            Key = new(Shop, New, 0),
                            State = InstanceState.Ready,
                            Endpoint = new(endpoint),
                        },
                    ],
                new("1", Routing.None(Shop), new Dictionary<string, int>(), [], TrafficCounts.Zero),
                new Dictionary<string, BuildView>(),
                new Dictionary<string, CommandView>()
            ),
            Now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero),
            InternalUrl = "http://127.0.0.1:1",
            Abilities = new(FixedPortsOverlap: false, ServesStaticFiles: true),
        };

    private static Release Release(int number) =>
        new()
        {
            Site = Shop,
            Number = number,
            Services = [],
            Hosts = [],
            Source = "/src/shop",
            At = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero),
        };
}
