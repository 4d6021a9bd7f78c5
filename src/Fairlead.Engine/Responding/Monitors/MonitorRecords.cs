using System.Text.Json.Serialization;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>A monitor that somebody added by hand.</summary>
public sealed record SavedMonitor(MonitorSpec Spec, string By, DateTimeOffset At)
{
    /// <summary>The store's collection of them, each under its name.</summary>
    public const string Collection = "monitors";
}

/// <summary>That a monitor rests.</summary>
public sealed record MonitorPause(string By, DateTimeOffset At)
{
    /// <summary>The store's collection of them, each under its monitor's key.</summary>
    public const string Collection = "monitor-pauses";
}

/// <summary>What is kept of a monitor: written when its state changes, and not with each look.</summary>
/// <param name="State">By its looks alone.</param>
/// <param name="Shown">With pauses and maintenance over it: how the time after the book is to be counted.</param>
public sealed record KeptMonitor(
    MonitorState State,
    DateTimeOffset Since,
    string Why,
    MonitorState Shown,
    UptimeBook Book
)
{
    /// <summary>The store's collection of them, each under its monitor's key.</summary>
    public const string Collection = "monitor-states";

    /// <summary>When the last sign of life came; null where it is not kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? PingAt { get; init; }
}

/// <summary>Monitors as the store keeps them.</summary>
/// <param name="fence">Under which it is written.</param>
public sealed class MonitorRecords(IStore store, Func<Fence> fence)
{
    private const string Desk = "monitor-desk";
    private const string Alive = "alive";

    /// <summary>A monitor that nobody has any more is forgotten after this.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(UptimeBook.DaysMax);

    public async Task<IReadOnlyList<(SavedMonitor Monitor, int Version)>> SavedAsync(CancellationToken stop) =>
        [
            .. (await store.ListAsync(SavedMonitor.Collection, "", stop)).Select(one =>
                (Records.Read<SavedMonitor>(one), one.Version)
            ),
        ];

    public async Task<IReadOnlySet<string>> PausedAsync(CancellationToken stop) =>
        (await store.ListAsync(MonitorPause.Collection, "", stop))
            .Select(one => one.Key)
            .ToHashSet(StringComparer.Ordinal);

    public async Task<IReadOnlyList<Maintenance>> MaintenanceAsync(CancellationToken stop) =>
        [.. (await store.ListAsync(Maintenance.Collection, "", stop)).Select(Records.Read<Maintenance>)];

    public async Task<IReadOnlyDictionary<string, KeptMonitor>> AllAsync(CancellationToken stop) =>
        (await store.ListAsync(KeptMonitor.Collection, "", stop)).ToDictionary(
            one => one.Key,
            Records.Read<KeptMonitor>,
            StringComparer.Ordinal
        );

    public async Task<KeptMonitor?> FindAsync(string key, CancellationToken stop) =>
        await store.ReadAsync(KeptMonitor.Collection, key, stop) is { } document
            ? Records.Read<KeptMonitor>(document)
            : null;

    /// <summary>Until when monitors were looked at before this server began; null when they never were.</summary>
    public async Task<DateTimeOffset?> AliveAsync(CancellationToken stop) =>
        await store.ReadAsync(Desk, Alive, stop) is { } document ? Records.Read<DateTimeOffset>(document) : null;

    /// <summary>Writes what changed, in one transaction.</summary>
    /// <param name="changed">Null forgets one.</param>
    /// <param name="alive">That monitors are looked at until now; null to say nothing of it.</param>
    public Task KeepAsync(
        IReadOnlyList<(string Key, KeptMonitor? Kept)> changed,
        DateTimeOffset? alive,
        CancellationToken stop
    )
    {
        List<Write> writes =
        [
            .. changed.Select(one => new Write(
                KeptMonitor.Collection,
                one.Key,
                one.Kept is null ? null : Records.Body(one.Kept)
            )),
        ];
        if (alive is { } at)
        {
            writes.Add(new(Desk, Alive, Records.Body(at)));
        }
        return store.CommitAsync(new Change(fence()) { Writes = writes }, stop);
    }

    /// <summary>Monitors that are gone for so long that nobody asks for their past, of those that are kept.</summary>
    public static IEnumerable<string> Forgotten(
        IReadOnlyDictionary<string, KeptMonitor> kept,
        IReadOnlySet<string> known,
        DateTimeOffset now
    ) =>
        kept.Where(one => one.Value.Shown is MonitorState.Paused && now - one.Value.Book.Until > KeptFor)
            .Select(one => one.Key)
            .Where(one => !known.Contains(one));
}
