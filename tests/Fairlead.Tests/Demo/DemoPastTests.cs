using Fairlead.Demo;
using Fairlead.Drivers.State;
using Fairlead.Drivers.Stores;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Ports;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Demo;

public sealed class DemoPastTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fl-demo-");

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public void The_same_seed_gives_the_same_deliveries() =>
        Assert.Equal(new DemoDeliveries(Now, new Random(7)).All, new DemoDeliveries(Now, new Random(7)).All);

    [Fact]
    public void Each_site_counts_its_releases_from_1_without_a_gap_and_only_goes_back_to_what_was_live()
    {
        foreach (var site in new DemoDeliveries(Now, new Random(7)).All.GroupBy(static one => one.Site))
        {
            var forward = site.Where(static one => !one.IsReturn).Select(static one => one.Release).ToList();
            Assert.Equal(Enumerable.Range(1, forward.Count), forward);
            var good = site.Where(static one => one is { IsGood: true, IsReturn: false })
                .Select(static one => one.Release)
                .ToHashSet();
            Assert.All(site.Where(static one => one.IsReturn), one => Assert.Contains(one.Release, good));
        }
    }

    [Fact]
    public async Task The_past_is_a_whole_journal_in_order_from_which_all_numbers_can_be_reckoned()
    {
        var stop = TestContext.Current.CancellationToken;
        var state = new StateFolder(root.FullName);
        var world = new World(new FakeTimeProvider(Now), new Random(1));
        Directory.CreateDirectory(state.Demo);

        await DemoPast.WriteAsync(state, world, stop);

        using var store = SqliteStore.Open(state.Database, world);
        var journal = await store.ReadJournalAsync(0, filter: null, 10_000, stop);
        Assert.Null(await store.FindBreakAsync(stop));
        Assert.Equal(journal.Select(static one => one.At).Order(), journal.Select(static one => one.At));
        var numbers = DeliveryReport.Of(
            DeliveryEvents.Deployments(journal),
            DeliveryEvents.Incidents(journal),
            Now.AddDays(-84),
            Now
        );
        Assert.All(numbers, static one => Assert.True(one.Value > 0, one.Name));
    }
}
