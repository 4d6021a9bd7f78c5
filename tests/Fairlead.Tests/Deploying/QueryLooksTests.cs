using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Gates;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Tests.Deploying.Simulation;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Deploying;

public sealed class QueryLooksTests
{
    private static readonly Site Shop = new("shop", "production");
    private readonly FakeTimeProvider time = new();
    private readonly List<string> asked = [];
    private Func<string, double?> answer = _ => 1;

    [Fact]
    public async Task Each_part_is_asked_for_by_name_and_not_more_often_than_every_five_seconds()
    {
        var looks = Looks();
        answer = text => text.Contains("@42", StringComparison.Ordinal) ? 12 : 10;

        var view = Assert.Single(await LookAsync(looks)).Value;
        await LookAsync(looks);
        time.Advance(5.Seconds);
        await LookAsync(looks);

        Assert.Equal(new QueryView(12, 10, Breaches: 1), view);
        string[] twice = ["orders{part=\"api@42\"}", "orders{part=\"api@41\"}"];
        Assert.Equal([.. twice, .. twice], asked);
    }

    [Fact]
    public async Task Breaches_are_counted_while_they_follow_each_other_and_no_data_neither_adds_nor_forgives()
    {
        var looks = Looks();
        var breaches = new List<int>();
        foreach (double? value in new double?[] { 20, 20, null, 20, 1, 20 })
        {
            answer = text => text.Contains("@42", StringComparison.Ordinal) ? value : 10;
            breaches.Add((await LookAsync(looks)).Values.Single().Breaches);
            time.Advance(5.Seconds);
        }

        Assert.Equal([1, 2, 2, 3, 0, 1], breaches);
    }

    [Fact]
    public async Task Metrics_that_cannot_be_asked_are_no_data_and_hold_nothing_up()
    {
        answer = _ => throw new ProblemException(new Problem("metric.down", "Down.", "It is.", "Wait."));

        Assert.Equal(new QueryView(null, null, 0), (await LookAsync(Looks())).Values.Single());
    }

    [Fact]
    public async Task Where_nobody_answers_queries_there_is_no_data() =>
        Assert.Equal(new QueryView(null, null, 0), (await LookAsync(Looks(isWired: false))).Values.Single());

    private static Task<IReadOnlyDictionary<string, QueryView>> LookAsync(QueryLooks looks) =>
        looks.LookAsync(
            WatchingTests.Watching([new Gate.Query("orders{part=\"$part\"}", null, null, new Percent(10))]),
            TestContext.Current.CancellationToken
        );

    private QueryLooks Looks(bool isWired = true)
    {
        var random = new Random(1);
        var world = new World(time, random);
        var outside = new SimulatedWorld(world, random, new Faults(random, world), seed: 1);
        var ports = new EnginePorts(
            world,
            new MemoryStore(world),
            outside,
            outside,
            outside,
            outside,
            "http://127.0.0.1:1"
        );
        return new(
            Shop,
            isWired
                ? ports with
                {
                    Query = (_, text, _) =>
                    {
                        asked.Add(text);
                        return Task.FromResult(answer(text));
                    },
                }
                : ports
        );
    }
}
