using Fairlead.Drivers.Stores;
using Fairlead.Engine.Watching.Vitals;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Drivers;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Telemetry;

/// <summary>What users' browsers measure: routes, quantiles, and what is kept.</summary>
public sealed class VitalTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Site Shop = new("shop", "production");

    private readonly Folder folder = new();
    private readonly FakeTimeProvider clock = new(Noon);
    private readonly SqliteVitalStore store;

    public VitalTests() => store = SqliteVitalStore.Open(folder["vitals.db"], new(clock, new Random(1)));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("", "/")]
    [InlineData("/orders/4711/items?page=2#top", "/orders/:id/items")]
    [InlineData("/users/550e8400-e29b-41d4-a716-446655440000", "/users/:id")]
    [InlineData("/posts/2026-11-26-hello", "/posts/:id")]
    [InlineData("/p/red-mug-48211", "/p/:id")]
    [InlineData("/u/ann@example.com/cart/", "/u/:id/cart")]
    [InlineData("/about/team", "/about/team")]
    [InlineData("/blog/how-we-ship", "/blog/how-we-ship")]
    [InlineData("/c/8f14e45fceea167a5a36dedd4bea2543", "/c/:id")]
    [InlineData("/a/b/c/d/e/f/g/h/i/j", "/a/b/c/d/e/f/g/h/…")]
    public void A_route_is_a_path_without_ids(string path, string expected) =>
        Assert.Equal(expected, RouteNames.Of(path));

    [Fact]
    public void Any_quantile_is_right_within_one_percent()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 5000).Select(_ => Math.Exp(random.NextDouble() * 12)).ToList();
        var (left, right) = (Sketch(values.Take(2000)), Sketch(values.Skip(2000)));
        values.Sort();

        foreach (var percentile in new[] { 1, 25, 50, 75, 95, 99, 100 })
        {
            var exact = values[(int)Math.Ceiling(values.Count * percentile / 100.0) - 1];
            Assert.InRange((left + right).Quantile(percentile)!.Value, exact * 0.99, exact * 1.01);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(double.MaxValue, 990_000)]
    public void Numbers_out_of_all_bounds_cost_no_more_than_others(double value, double least) =>
        Assert.InRange(QuantileSketch.Empty.With(value).Quantile(50)!.Value, least, 1_020_000);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void What_is_no_measure_is_left_out(double value) => Assert.Equal(0, QuantileSketch.Empty.With(value).Count);

    [Fact]
    public async Task Views_add_up_by_release_route_and_device()
    {
        for (var i = 1; i <= 100; i++)
        {
            await store.AddAsync([View(42, "/", i * 10), View(43, "/cart", i * 20, Device.Mobile)], Stop);
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        var all = await store.ReadAsync(Shop, release: null, Noon, Stop);
        Assert.Equal(
            ["42 / Desktop 100 750 ms, good", "43 /cart Mobile 100 1500 ms, good"],
            all.OrderBy(one => one.Release)
                .Select(one => $"{one.Release} {one.Route} {one.Device} {one.Views} {Rounded(one)}")
        );
        Assert.Empty(await store.ReadAsync(Shop, 44, Noon, Stop));
        var of43 = await store.ReadAsync(Shop, 43, Noon, Stop);
        Assert.InRange(VitalNumbers.P75(of43, VitalKind.Lcp)!.Value, 1485, 1515);
        Assert.Null(VitalNumbers.P75(of43, VitalKind.Cls));
        await store.SweepAsync(clock.GetUtcNow().AddDays(1), Stop);
        Assert.Empty(await store.ReadAsync(Shop, release: null, Noon, Stop));
    }

    [Fact]
    public async Task An_app_that_makes_up_addresses_has_no_more_routes_than_the_limit()
    {
        var desk = new VitalDesk(store);
        var source = new Source(Shop, "web", new Part("web", 42));
        await desk.TakeAsync(
            source,
            [
                .. Enumerable
                    .Range(0, 500)
                    .Select(i => new BeaconReport(
                        $"/made{(char)('a' + i % 26)}{(char)('a' + i / 26)}",
                        Device.Desktop,
                        new Dictionary<VitalKind, double>(),
                        0
                    )),
            ],
            Stop
        );

        var all = await store.ReadAsync(Shop, 42, Noon, Stop);
        Assert.Equal(VitalDesk.RoutesMax + 1, all.Count);
        Assert.Equal(("(other)", 300L), (all[0].Route, all[0].Views));
    }

    private static string Rounded(VitalSummary one)
    {
        var value = one.Sketches[VitalKind.Lcp].Quantile(75)!.Value;
        return $"{Math.Round(value / 50) * 50} ms, {VitalNumbers.Grade(VitalKind.Lcp, value)}";
    }

    private static PageView View(int release, string route, double lcp, Device device = Device.Desktop) =>
        new(Shop, release, route, device, new Dictionary<VitalKind, double> { [VitalKind.Lcp] = lcp }, 0);

    private static QuantileSketch Sketch(IEnumerable<double> values) =>
        values.Aggregate(QuantileSketch.Empty, (sketch, value) => sketch.With(value));
}
