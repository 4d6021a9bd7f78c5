using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Ports;
using Fairlead.Tests.Deploying.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Responding.Telling;

/// <summary>Whoever hears nothing any more knows that nobody would be told.</summary>
public sealed class HeartTests
{
    private const string File =
        "route: { receiver: x }\nreceivers: [{ name: x }]\nheartbeat: { url: 'https://beat.example.com/x', every: 1m }";

    private readonly SimulatedTime time = new(new Random(1));
    private readonly List<int> beats = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void It_beats_as_often_as_it_says_while_rules_are_evaluated()
    {
        Run(290, File, () => time.GetUtcNow());

        Assert.Equal([0, 60, 120, 180, 240], beats);
    }

    [Fact]
    public void It_falls_silent_when_no_rule_is_evaluated_for_two_minutes()
    {
        var began = time.GetUtcNow();
        Run(290, File, () => began);

        Assert.Equal([0, 60], beats);
    }

    [Fact]
    public void It_beats_on_when_nobody_hears_it_and_not_at_all_where_nobody_listens()
    {
        Run(130, File, () => time.GetUtcNow(), "It does not answer.");
        Assert.Equal([0, 60, 120], beats);
        beats.Clear();
        Run(130, "route: { receiver: x }\nreceivers: [{ name: x }]", () => time.GetUtcNow());
        Assert.Empty(beats);
    }

    private void Run(int seconds, string file, Func<DateTimeOffset> evaluatedAt, string? why = null) =>
        time.Run(
            async () =>
            {
                var world = new World(time, new Random(1));
                var routing = new RoutingBook(
                    (new WritingStore(world), () => new Fence(0)),
                    _ => Task.FromResult<ISeal>(new PlainSeal("key")),
                    PlayedChannel.Kinds,
                    NullLogger.Instance
                );
                await routing.SetAsync("a.yaml", file, "ana", Stop);
                var heart = new Heart(routing, evaluatedAt, Beat, world, NullLogger.Instance);
                using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), time);
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => heart.RunAsync(stop.Token));

                Task<string?> Beat(Uri url, CancellationToken never)
                {
                    Assert.Equal("https://beat.example.com/x", url.ToString());
                    beats.Add((int)time.Elapsed.TotalSeconds);
                    return Task.FromResult(why);
                }
            },
            TimeSpan.FromDays(1)
        );
}
