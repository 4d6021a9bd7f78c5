using Fairlead.Drivers.State;
using Fairlead.Drivers.Stores;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Demo;

/// <summary>
/// Three months that a demo has behind it, written before its server begins: by the same books into the same stores, with a clock that shows those days. The same
/// seed gives the same past, counted back from now.
/// </summary>
internal static class DemoPast
{
    /// <summary>How far back it goes.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromDays(84);

    private const int Seed = 20_261;

    /// <summary>Writes all of it; only where nothing was written yet.</summary>
    /// <exception cref="Model.Problems.ProblemException">The disk is full or read-only.</exception>
    public static async Task WriteAsync(StateFolder state, World world, CancellationToken stop)
    {
        var (now, random) = (world.Now, new Random(Seed));
        var clock = new PastClock(now - Reach);
        var past = new World(clock, random);
        using var store = SqliteStore.Open(state.Database, past);
        var fence = await store.TakeChargeAsync("the past of a demo", stop);
        var told = new DemoTold(store, () => fence, past);
        var deliveries = new DemoDeliveries(now, random);
        var moments = new List<DemoMoment>();
        moments.AddRange(deliveries.Moments(told));
        moments.AddRange(DemoTroubles.Moments(told, deliveries, now, random));
        moments.AddRange(DemoKept.Moments(told, now, random));
        // As it came about: the journal is in the order of time.
        foreach (var one in moments.OrderBy(static one => one.At))
        {
            stop.ThrowIfCancellationRequested();
            clock.To(one.At);
            await one.Happens(stop);
        }
        clock.To(now);
        await told.CountAsync(deliveries.Numbers, stop);
        await DemoKept.MonitorsAsync(told, now, random, stop);
        await DemoKept.InfrastructureAsync(told, now, stop);
        await DemoNumbers.WriteAsync(state, (now, random), deliveries, NullLogger.Instance, stop);
        await DemoRuns.WriteAsync(state, (now, random), stop);
    }
}

/// <summary>Something that happened.</summary>
internal sealed record DemoMoment(DateTimeOffset At, Func<CancellationToken, Task> Happens);

/// <summary>Writes down what happened, as the engine does.</summary>
internal sealed class DemoTold(IStore store, Func<Fence> fence, World past)
{
    public IStore Store => store;

    public Func<Fence> Fence => fence;

    public World World => past;

    public Task LinesAsync(IReadOnlyList<NewEntry> entries, CancellationToken stop) =>
        store.CommitAsync(new Change(fence()) { Entries = entries }, stop);

    public Task KeepAsync(
        string collection,
        string key,
        System.Text.Json.Nodes.JsonNode body,
        CancellationToken stop
    ) => store.CommitAsync(new Change(fence()) { Writes = [new Write(collection, key, body)] }, stop);

    /// <summary>Releases go on with the numbers after these.</summary>
    public Task CountAsync(IReadOnlyDictionary<Model.Apps.Site, int> numbers, CancellationToken stop) =>
        store.CommitAsync(
            new Change(fence())
            {
                Writes =
                [
                    .. numbers.Select(static one => new Write(
                        Records.Counters,
                        one.Key.ToString(),
                        System.Text.Json.Nodes.JsonValue.Create(one.Value)
                    )),
                ],
            },
            stop
        );
}
