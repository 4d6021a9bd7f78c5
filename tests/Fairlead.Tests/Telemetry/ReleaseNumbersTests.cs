using Fairlead.Drivers.Stores;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Watching;
using Fairlead.Engine.Watching.Errors;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Drivers;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Telemetry;

/// <summary>Errors and vitals as numbers that a gate can ask for.</summary>
public sealed class ReleaseNumbersTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Site Shop = new("shop", "production");
    private readonly Folder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_live_release_has_its_numbers_also_when_they_are_none()
    {
        var world = new World(new FakeTimeProvider(Noon), new Random(1));
        var records = new MemoryStore(world);
        using var errors = SqliteErrorStore.Open(folder["errors.db"], GroupLife.After);
        using var vitals = SqliteVitalStore.Open(folder["vitals.db"], world);
        var fence = await records.TakeChargeAsync("me", Stop);
        var write = new Write(Records.Sites, $"{Shop}", Records.Body(new SiteRecord(Shop) { Live = 43 }));
        await records.CommitAsync(new Change(fence) { Writes = [write] }, Stop);
        var numbers = new ReleaseNumbers(records, errors, vitals, world);

        await numbers.LookAsync(Stop);
        Assert.Equal(
            ["fairlead_new_errors{app=\"shop\", environment=\"production\", release=\"43\"} 0"],
            Lines(numbers)
        );

        var one = new ErrorEvent
        {
            Id = "1",
            At = Noon,
            Release = 43,
            Message = "x",
        };
        await errors.AddAsync(
            new() { Sightings = [Grouping.Of(Shop, one)], Sessions = [new(Shop, 43, Noon, 10, 0, 1)] },
            Stop
        );
        var view = new PageView(
            Shop,
            43,
            "/",
            Device.Mobile,
            new Dictionary<VitalKind, double> { [VitalKind.Cls] = 0 },
            0
        );
        await vitals.AddAsync([.. Enumerable.Repeat(view, 20)], Stop);
        await numbers.LookAsync(Stop);
        Assert.Equal(
            [
                "fairlead_new_errors{app=\"shop\", environment=\"production\", release=\"43\"} 1",
                "fairlead_crash_free_sessions_percent{app=\"shop\", environment=\"production\", release=\"43\"} 90",
                "fairlead_vital_p75{app=\"shop\", environment=\"production\", release=\"43\", vital=\"CLS\"} 0",
            ],
            Lines(numbers)
        );
    }

    private static IEnumerable<string> Lines(ReleaseNumbers numbers)
    {
        var page = new MetricPage();
        numbers.Measure(page);
        return page.Samples.Select(sample => FormattableString.Invariant($"{sample.Labels} {sample.Value}"));
    }
}
