using System.Text.Json.Nodes;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Tests.Deploying.Simulation;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Responding.Monitors;

public sealed class KeptUpdatesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_is_told_is_read_and_what_is_no_update_tells_nothing()
    {
        var store = new MemoryStore(new World(new SimulatedTime(new Random(1)), new Random(1)));
        (string Key, string Body)[] kept =
        [
            (
                "one",
                """
                {"updates":[
                  {"title":"Slow","impact":"minor","state":"investigating","text":"We look.","at":"2026-03-01T12:00:00Z","components":["web"]},
                  {"title":"Slow","impact":"minor","state":"resolved","text":"Mended.","at":"2026-03-01T13:00:00Z","components":["web"]},
                  {"title":"Old","impact":"major","state":"resolved","text":"Long ago.","at":"2025-03-01T13:00:00Z","components":[]}
                ]}
                """
            ),
            ("two", """{"updates":"none"}"""),
            ("three", """{"updates":[{"title":"x","impact":"huge"}]}"""),
            ("four", "[1,2]"),
        ];
        await store.CommitAsync(
            new Change(store.Highest)
            {
                Writes = [.. kept.Select(one => new Write("incidents", one.Key, JsonNode.Parse(one.Body)))],
            },
            TestContext.Current.CancellationToken
        );
        var read = await new KeptUpdates(store).UpdatesAsync(Noon, TestContext.Current.CancellationToken);
        Assert.Equal(
            ["Slow Minor Resolved web", "Slow Minor Investigating web"],
            read.Select(one => $"{one.Title} {one.Impact} {one.State} {string.Join(' ', one.Components)}")
        );
    }

    [Fact]
    public void Maintenance_covers_what_bears_its_labels()
    {
        var all = new Maintenance("m", Noon, Noon.AddHours(1), "New disks.");
        var site = all with { Site = new("shop", "production") };
        var service = site with { Services = ["api"] };
        var monitor = all with { Monitors = ["gateway"] };
        Assert.Equal(
            "True False, True True False, True True False False, True False",
            string.Join(
                ", ",
                $"{all.IsOn(Noon)} {all.IsOn(Noon.AddHours(1))}",
                $"{all.Covers("", "", "", "gateway")} {site.Covers("shop", "production", "web", "")} {site.Covers("shop", "staging", "web", "")}",
                $"{service.Covers("shop", "production", "api", "")} {service.Covers("shop", "production", "", "shop/production/api")} {service.Covers("shop", "production", "web", "")} {service.Covers("blog", "production", "api", "")}",
                $"{monitor.Covers("", "", "", "gateway")} {monitor.Covers("shop", "production", "api", "shop/production/api")}"
            )
        );
    }
}
