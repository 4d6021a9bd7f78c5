using System.Globalization;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Responding.Alerts;

/// <summary>Alerts that others raise, and how long they are believed.</summary>
public sealed class ReceivedAlertsTests
{
    private readonly FakeTimeProvider clock = new(Words.Noon);
    private readonly World world;
    private readonly WritingStore store;
    private ReceivedAlerts received;
    private int changes;

    public ReceivedAlertsTests()
    {
        world = new(clock, new Random(1));
        store = new(world);
        received = Started();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_is_not_said_again_is_over_after_a_while_and_forgotten_later()
    {
        Assert.Equal(["0 fires Disk"], await SayAsync(0, Sent("Disk")));
        Assert.Equal(["200 fires Disk"], await SayAsync(200, Sent("Disk")));
        Assert.Equal(["499 fires Disk"], await TurnAsync(499));
        Assert.Equal(["500 over Disk"], await TurnAsync(500));
        Assert.Equal(["799 over Disk"], await TurnAsync(799));
        Assert.Empty(await TurnAsync(800));
        Assert.Equal(["Disk fires: Disk", "Disk is over: Disk"], store.JournalTexts);
        Assert.Empty(await store.ListAsync(ReceivedAlerts.Collection, "", Stop));
        Assert.Equal(2, changes);
    }

    [Fact]
    public async Task One_ends_when_its_sender_says_so_and_begins_anew_afterwards()
    {
        await SayAsync(0, Sent("Disk"));

        Assert.Equal(["60 over Disk"], await SayAsync(60, Sent("Disk") with { EndsAt = Words.At(60) }));
        Assert.Equal(["70 over Disk"], await SayAsync(70, Sent("Disk") with { EndsAt = Words.At(60) }));
        Assert.Equal(["80 fires Disk"], await SayAsync(80, Sent("Disk")));
        Assert.Equal(Words.At(80), received.All![0].StartsAt);
        Assert.Equal(3, changes);
    }

    [Fact]
    public async Task It_fires_since_it_was_first_said_to()
    {
        await SayAsync(100, Sent("Disk") with { StartsAt = Words.At(40) });
        await SayAsync(160, Sent("Disk") with { StartsAt = Words.At(90) });

        Assert.Equal(Words.At(40), Assert.Single(received.All!).StartsAt);
    }

    [Fact]
    public async Task After_a_restart_its_sender_has_time_to_say_it_again()
    {
        await SayAsync(0, Sent("Disk"), Sent("Memory"));
        received = Started();
        Assert.Null(received.All);

        Assert.Equal(["1000 fires Disk", "1000 fires Memory"], await TurnAsync(1_000));
        Assert.Equal(["1200 fires Disk", "1200 fires Memory"], await SayAsync(1_200, Sent("Disk")));
        Assert.Equal(["1300 fires Disk", "1300 over Memory"], await TurnAsync(1_300));
    }

    [Fact]
    public async Task A_flood_is_refused_as_a_whole()
    {
        await SayAsync(0, Sent("Disk"));

        var refused = await Assert.ThrowsAsync<ProblemException>(() =>
            SayAsync(1, [.. Enumerable.Range(0, ReceivedAlerts.CountMax).Select(n => Sent($"Flood{n}"))])
        );

        Assert.Equal("alert.too-many", refused.Problem.Code);
        Assert.Equal(["2 fires Disk"], await TurnAsync(2));
    }

    [Theory]
    [InlineData("{}", "It is no list of at most 2000 alerts.")]
    [InlineData("[1]", "An alert is an object with 'labels'.")]
    [InlineData("""[{"labels":[]}]""", "Labels and annotations are objects of texts.")]
    [InlineData("""[{"labels":{"alertname":1}}]""", "'alertname' is no text.")]
    [InlineData("""[{"labels":{"alertname":"A"},"endsAt":"soon"}]""", "A time is written like 2026-11-28T18:00:00Z.")]
    public void What_is_no_list_of_alerts_is_refused_with_what_is_wrong(string body, string why)
    {
        var refused = Assert.Throws<ProblemException>(() =>
            AlertmanagerAnswers.Read(System.Text.Json.Nodes.JsonNode.Parse(body))
        );

        Assert.Equal(("alert.not-alertmanagers", why), (refused.Problem.Code, refused.Problem.Why));
    }

    private ReceivedAlerts Started() =>
        new((store, static () => new Fence(0)), world, NullLogger.Instance) { Changed = () => changes++ };

    private static SentAlert Sent(string name) =>
        new(Words.LabelsOf($"alertname={name}"), Labels.None, StartsAt: null, EndsAt: null);

    private async Task<IReadOnlyList<string>> SayAsync(double second, params SentAlert[] sent)
    {
        clock.SetUtcNow(Words.At(second));
        await received.TakeAsync(sent, "prometheus", Stop);
        return Shown(second);
    }

    private async Task<IReadOnlyList<string>> TurnAsync(double second)
    {
        clock.SetUtcNow(Words.At(second));
        await received.TurnAsync(Stop);
        return Shown(second);
    }

    private IReadOnlyList<string> Shown(double second) =>
        [
            .. received
                .All!.OrderBy(static one => one.Name, StringComparer.Ordinal)
                .Select(one =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{second} {(one.IsFiring ? "fires" : "over")} {one.Name}"
                    )
                ),
        ];
}
