using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Gates;
using Fairlead.Engine.Judging;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Deploying;

public sealed class WatchingTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly Site Shop = new("shop", "production");
    private static readonly Part Old = new("api", 41);
    private static readonly Part New = new("api", 42);
    private static readonly Gate Judged = new Gate.Judged(new());
    private static readonly Judgement Harm = new(Ruling.Broken, "p95 is 188ms against 163ms", []);
    private static readonly Judgement Peace = new(Ruling.Holds, "more than +10% is excluded", []) { HasSeen = true };
    private static readonly Judgement Unsure = new(Ruling.Unknown, "too little", []) { HasSeen = true };
    private static readonly Judgement Unseen = new(Ruling.Unknown, "no request came", []);

    [Fact]
    public void Harm_takes_it_back_at_once_with_the_sentence_why()
    {
        var note = Assert.IsType<Decision.Note>(Next(Harm, seconds: 4));

        var deployment = Assert.Single(note.Deployments);
        Assert.Equal(DeploymentPhase.RollingBack, deployment.Phase);
        Assert.Equal(
            ("judge.harm", "api@42 does harm.", "p95 is 188ms against 163ms."),
            (deployment.Reason!.Code, deployment.Reason.What, deployment.Reason.Why)
        );
        Assert.Equal([Ruling.Broken], deployment.Verdicts.Select(one => one.Ruling));
    }

    [Theory]
    [InlineData(19, "waits")]
    [InlineData(20, "goes on")]
    public void Proof_of_no_harm_goes_on_from_a_third_of_the_hold(int seconds, string expected) =>
        Assert.Equal(expected, Text(Next(Peace, seconds)));

    [Theory]
    [InlineData(59, Quiet.Rollback, "waits")]
    [InlineData(60, Quiet.Rollback, "goes on")]
    [InlineData(60, Quiet.Wait, "goes on")]
    public void More_traffic_is_the_answer_to_too_little_while_there_is_another_share(
        int seconds,
        Quiet quiet,
        string expected
    ) => Assert.Equal(expected, Text(Next(Unsure, seconds, quiet)));

    [Theory]
    [InlineData(Quiet.Proceed, "goes on, warned")]
    [InlineData(Quiet.Wait, "waits")]
    [InlineData(Quiet.Rollback, "taken back: gate.inconclusive")]
    public void After_the_last_share_the_manifest_decides(Quiet quiet, string expected) =>
        Assert.Equal(expected, Text(Next(Unsure, 60, quiet, isLast: true)));

    [Theory]
    [InlineData(Quiet.Proceed, "goes on, warned")]
    [InlineData(Quiet.Wait, "waits")]
    [InlineData(Quiet.Rollback, "taken back: gate.inconclusive")]
    public void Where_no_request_came_the_manifest_decides_at_each_share(Quiet quiet, string expected) =>
        Assert.Equal(expected, Text(Next(Unseen, 60, quiet)));

    [Theory]
    [InlineData(60, "waits")]
    [InlineData(119, "waits")]
    [InlineData(120, "goes on, warned")]
    public void A_judge_in_doubt_asks_for_the_hold_once_more(int seconds, string expected) =>
        Assert.Equal(expected, Text(Next(Unsure with { IsInDoubt = true }, seconds, isLast: true)));

    [Fact]
    public void A_block_is_remembered_before_anything_follows_from_it()
    {
        var block = new Block(Start, Start.AddSeconds(1), Tally.None, Tally.None);

        var note = Assert.IsType<Decision.Note>(Next(Harm, seconds: 4, block: block));

        Assert.Equal([block], note.Evidence!.Blocks);
        Assert.Empty(note.Deployments);
    }

    [Fact]
    public void Limits_besides_hold_up_what_the_judge_would_let_go()
    {
        var gates = new[] { Judged, new Gate.ErrorRate(1) };

        Assert.Equal("waits", Text(Next(Peace, 30, gates: gates))); // No request is known to the limit.
        Assert.Equal("goes on, warned", Text(Next(Peace, 60, gates: gates)));
    }

    [Theory]
    [InlineData(4.0, null, 0, "Holds: it is 4")]
    [InlineData(6.0, null, 2, "Holds: it is 6, beyond the limit 2 looks in a row")]
    [InlineData(6.0, null, 3, "Broken: it is 6, beyond the limit 3 looks in a row")]
    [InlineData(null, null, 0, "Unknown: the query gave no data")]
    [InlineData(double.NaN, null, 5, "Unknown: it is NaN, beyond the limit 5 looks in a row")]
    public void A_query_holds_or_breaks_by_its_limit_and_no_data_is_no_news(
        double? value,
        double? before,
        int breaches,
        string expected
    ) => Assert.Equal(expected, Text(QueryGate.Rule(new("q", Below: 5, null, null), new(value, before, breaches))));

    [Theory]
    [InlineData(10.0, 10.0, false)]
    [InlineData(11.0, 10.0, false)]
    [InlineData(11.1, 10.0, true)]
    [InlineData(1.0, 0.0, true)]
    [InlineData(1.0, null, null)]
    [InlineData(null, 10.0, null)]
    [InlineData(1.0, double.NaN, null)]
    public void A_rise_is_reckoned_against_the_part_before(double? value, double? before, bool? isBeyond) =>
        Assert.Equal(isBeyond, QueryGate.IsBeyond(new("q{$release}", null, null, new Percent(10)), value, before));

    private static Decision Next(
        Judgement judgement,
        int seconds,
        Quiet quiet = Quiet.Proceed,
        bool isLast = false,
        Block? block = null,
        IReadOnlyList<Gate>? gates = null
    )
    {
        var situation = Watching(gates ?? [Judged], judgement, seconds, quiet, isLast, block);
        return Engine.Deploying.Watching.Next(situation, (Step.Watch)situation.Deployment!.Current!);
    }

    /// <summary>A site whose deployment watches its canary.</summary>
    internal static Situation Watching(
        IReadOnlyList<Gate> gates,
        Judgement? judgement = null,
        int seconds = 0,
        Quiet quiet = Quiet.Proceed,
        bool isLast = false,
        Block? block = null
    )
    {
        var watch = new Step.Watch(New, gates, 1.Minutes, quiet);
        Step[] steps = isLast
            ? [new Step.Shift(New, 50.Percent), watch, new Step.Shift(New, Share.All)]
            : [new Step.Shift(New, 5.Percent), watch, new Step.Shift(New, 50.Percent), watch];
        var deployment = new Deployment
        {
            Id = "d1",
            Site = Shop,
            Release = 42,
            RequestedAt = Start,
            Phase = DeploymentPhase.RollingOut,
            Deadline = Start.AddHours(1),
            Steps = steps,
            Step = 1,
            StepBegan = Start,
            StepDeadline = Start.AddMinutes(10),
            // As they were told already: only news is remembered.
            Verdicts =
            [
                .. watch.Gates.Select(gate => new Verdict(
                    gate.ToString(),
                    gate is Gate.Judged && judgement is not null ? judgement.Ruling : Ruling.Unknown,
                    ""
                )),
            ],
        };
        return new Situation
        {
            Record = new(Shop) { Active = "d1", Live = 41 },
            Deployment = deployment,
            Live = ReleaseOf(41, Old),
            Next = ReleaseOf(42, New),
            Seen = new(
                [],
                new("1", Routing.None(Shop), new Dictionary<string, int>(), [], TrafficCounts.Zero),
                new Dictionary<string, BuildView>(),
                new Dictionary<string, CommandView>()
            ),
            Now = Start.AddSeconds(seconds),
            InternalUrl = "http://127.0.0.1:1",
            Abilities = new(FixedPortsOverlap: false, ServesStaticFiles: true),
            Trial = judgement is null ? null : new(new(New, Old, Start, []), judgement, block),
        };
    }

    private static Release ReleaseOf(int number, Part part) =>
        new()
        {
            Site = Shop,
            Number = number,
            Hosts = ["shop.localhost"],
            Source = "/src",
            At = Start,
            Services =
            [
                new(
                    new()
                    {
                        Name = "api",
                        Kind = Kind.Api,
                        Path = ".",
                        Recipe = new() { Stack = "custom", Run = ["./api"] },
                        Health = new() { Http = "/healthz" },
                        Replicas = 1,
                        Routes = ["/"],
                    },
                    part,
                    "digest",
                    new("canary", default)
                ),
            ],
        };

    private static string Text(Verdict verdict) => $"{verdict.Ruling}: {verdict.Reason}";

    private static string Text(Decision decision) =>
        decision switch
        {
            Decision.Wait => "waits",
            Decision.Note { Deployments: [{ Phase: DeploymentPhase.RollingBack, Reason: { } reason }] } =>
                $"taken back: {reason.Code}",
            Decision.Note { Deployments: [{ Step: 2, Warnings: [] }] } => "goes on",
            Decision.Note { Deployments: [{ Step: 2 }] } => "goes on, warned",
            _ => decision.ToString()!,
        };
}
