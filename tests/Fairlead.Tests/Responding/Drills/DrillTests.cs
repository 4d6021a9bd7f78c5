using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Drills;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Responding.Drills;

/// <summary>Drills as they are kept and shown.</summary>
public sealed class DrillTests
{
    private readonly WritingStore store = new(new World(new FakeTimeProvider(Words.Noon), new Random(1)));
    private readonly DrillBook book;

    public DrillTests() => book = new(store, static () => new Fence(0));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_runs_at_a_time_and_each_has_a_number_of_its_own()
    {
        var first = await book.BeginAsync("bad-deploy", "ana", Words.Noon, Stop);

        var refused = await Assert.ThrowsAsync<ProblemException>(() =>
            book.BeginAsync("lost-node", "ana", Words.Noon, Stop)
        );
        await book.KeepAsync(first with { EndedAt = Words.At(9), State = DrillState.Passed }, "over", Stop);
        var second = await book.BeginAsync("lost-node", "ana", Words.At(10), Stop);

        Assert.Equal(("drill.running", 1, 2), (refused.Problem.Code, first.Number, second.Number));
        Assert.Equal([2, 1], (await book.AllAsync(Stop)).Select(static one => one.Number));
        Assert.Equal(
            ["Drill 1, bad-deploy, begins, by ana", "Drill 1, bad-deploy: over", "Drill 2, lost-node, begins, by ana"],
            store.JournalTexts
        );
    }

    [Fact]
    public async Task The_oldest_are_forgotten()
    {
        for (var i = 0; i < 202; i++)
        {
            var drill = await book.BeginAsync("bad-deploy", "ana", Words.Noon, Stop);
            await book.KeepAsync(drill with { EndedAt = Words.Noon }, "over", Stop);
        }

        var all = await book.AllAsync(Stop);
        Assert.Equal((200, 202, 3), (all.Count, all[0].Number, all[^1].Number));
    }

    [Fact]
    public void Its_record_says_what_was_seen_when_after_the_fault()
    {
        var drill = new Drill
        {
            Number = 3,
            Kind = "bad-deploy",
            By = "ana",
            StartedAt = Words.Noon,
            EndedAt = Words.At(60),
            State = DrillState.Failed,
            FaultAt = Words.At(20),
            Before = new(100, 0),
            After = new(1_100, 42),
            Why = "somebody is told: not within 1 minutes",
            Moments =
            [
                new(Words.At(10), "visitors are served", "release 1"),
                new(Words.At(21.5), "it is noticed", "ServiceErrors: a | b"),
            ],
        };

        Assert.Equal(
            """
            # Drill 3: bad-deploy

            It failed. somebody is told: not within 1 minutes

            | After the fault | Step | Seen |
            | ---: | --- | --- |
            |  | visitors are served | release 1 |
            | 1.5 s | it is noticed | ServiceErrors: a \| b |

            Of 1000 requests of a visitor 42 failed.

            """,
            ShowDrill.Of(drill).Text
        );
    }

    [Fact]
    public void Every_kind_makes_one_fault_and_ends_by_taking_its_app_away()
    {
        foreach (var kind in AllDrills.Entries)
        {
            var steps = DrillSteps.Of(kind);

            Assert.Single([kind.Change is not null, kind.Role is not null, kind.IsOfNeeds], static one => one);
            Assert.Equal(kind.Role is not null, kind.Alert is null);
            Assert.Equal("nothing of it runs", steps[^1].Name);
            Assert.Equal("take the scratch app away", steps[^DrillSteps.ClearingCount].Name);
        }
    }
}
