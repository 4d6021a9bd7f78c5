using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Stores;

/// <summary>Errors in a SQLite file of their own. A commit, shared by all who write at once, is on the disk when it returns.</summary>
public sealed class SqliteErrorStore : IErrorStore, IDisposable
{
    /// <summary>Of one release, the first events that are kept; besides these the last one is.</summary>
    public const int FirstEventsMax = 5;

    // Beyond the first ones; the last event of a release lies there, over the one before.
    private const int LastSlot = 1_000;

    // Waiting events, in all batches: some 100 MiB of the largest.
    private const int WaitingMax = 20_000;

    private const int SlotsRemembered = 100_000;

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private readonly TelemetryFile file;
    private readonly Func<ErrorGroup?, Sighting, ErrorGroup> after;
    private readonly GroupCommit<ErrorBatch> commits;
    private readonly Dictionary<(string Group, int Release), int> slots = [];

    // Asked for with every request that comes in.
    private readonly ConcurrentDictionary<Site, ErrorForward?> forwards = [];

    private SqliteErrorStore(TelemetryFile file, Func<ErrorGroup?, Sighting, ErrorGroup> after)
    {
        (this.file, this.after) = (file, after);
        commits = new(Write, file.Writing, WaitingMax);
    }

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="after">What an event makes of its group.</param>
    /// <exception cref="Model.Problems.ProblemException">It cannot be opened or is damaged.</exception>
    public static SqliteErrorStore Open(string path, Func<ErrorGroup?, Sighting, ErrorGroup> after) =>
        new(TelemetryFile.Open(path, ErrorTables.Schema), after);

    public Task AddAsync(ErrorBatch batch, CancellationToken stop) =>
        commits.AddAsync(batch, Math.Max(1, batch.Sightings.Count), stop);

    public Task<ErrorGroup?> FindAsync(string id, CancellationToken stop) =>
        file.ReadAsync(sql => ErrorTables.Find(sql, id), stop);

    public Task<IReadOnlyList<ErrorGroup>> ListAsync(GroupFilter filter, CancellationToken stop)
    {
        var max = filter.Max is >= 1 and <= 1_000
            ? filter.Max
            : throw new ArgumentException("Of groups, 1 to 1,000 can be asked for.", nameof(filter));
        return file.ReadAsync<IReadOnlyList<ErrorGroup>>(
            sql => [.. ErrorTables.List(sql, filter with { Max = max })],
            stop
        );
    }

    public Task<ErrorGroup?> ChangeAsync(string id, Func<ErrorGroup, ErrorGroup> change, CancellationToken stop) =>
        file.WriteAsync(
            sql =>
            {
                if (ErrorTables.Find(sql, id) is not { } group)
                {
                    return null;
                }
                var next = change(group);
                ErrorTables.Put(sql, next);
                return next;
            },
            stop
        );

    public Task<IReadOnlyList<ErrorEvent>> EventsAsync(string id, int max, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, 100);
        return file.ReadAsync<IReadOnlyList<ErrorEvent>>(sql => [.. ErrorTables.Events(sql, id, max)], stop);
    }

    public Task<IReadOnlyList<HourCount>> CountsAsync(string id, DateTimeOffset since, CancellationToken stop) =>
        file.ReadAsync<IReadOnlyList<HourCount>>(sql => [.. ErrorTables.Counts(sql, id, since)], stop);

    public Task<IReadOnlyList<SessionCount>> SessionsAsync(Site site, DateTimeOffset since, CancellationToken stop) =>
        file.ReadAsync<IReadOnlyList<SessionCount>>(sql => [.. ErrorTables.Sessions(sql, site, since)], stop);

    public Task<IReadOnlyList<CheckIn>> CheckInsAsync(Site site, CancellationToken stop) =>
        file.ReadAsync<IReadOnlyList<CheckIn>>(sql => [.. ErrorTables.CheckIns(sql, site)], stop);

    public Task KeepMapAsync(SourceMapFile map, CancellationToken stop) =>
        file.WriteAsync(sql => ErrorMaps.Keep(sql, map), stop);

    public Task<ReadOnlyMemory<byte>?> FindMapAsync(SourceMapQuery query, CancellationToken stop) =>
        file.ReadAsync(sql => ErrorMaps.Find(sql, query), stop);

    public async Task<ErrorForward?> ForwardAsync(Site site, CancellationToken stop)
    {
        if (forwards.TryGetValue(site, out var known))
        {
            return known;
        }
        var found = await file.ReadAsync(
            sql =>
                sql.Rows(
                        "SELECT target FROM forwards WHERE site = $1",
                        row => ErrorTables.Forward(row.GetString(0)),
                        $"{site}"
                    )
                    .FirstOrDefault(),
            stop
        );
        return forwards.GetOrAdd(site, found);
    }

    public async Task SetForwardAsync(Site site, ErrorForward? to, CancellationToken stop)
    {
        await file.WriteAsync(
            sql =>
                to is null
                    ? sql.Run("DELETE FROM forwards WHERE site = $1", $"{site}")
                    : sql.Run(
                        "INSERT OR REPLACE INTO forwards (site, target) VALUES ($1, $2)",
                        $"{site}",
                        ErrorTables.Text(to)
                    ),
            stop
        );
        forwards[site] = to;
    }

    public async Task<int> RewriteAsync(ErrorRewrite rewrite, bool isTrial, CancellationToken stop)
    {
        var (changed, after) = (0, default(ErrorPlace?));
        do
        {
            var from = after;
            var page = await file.WriteAsync(sql => ErrorTables.RewriteEvents(sql, rewrite.Event, from, isTrial), stop);
            (changed, after) = (changed + page.Changed, page.Last);
        } while (after is not null);
        var last = (string?)"";
        do
        {
            var from = last;
            var page = await file.WriteAsync(sql => ErrorTables.RewriteGroups(sql, rewrite.Group, from, isTrial), stop);
            (changed, last) = (changed + page.Changed, page.Last);
        } while (last is not null);
        if (!isTrial)
        {
            await file.CleanAsync(stop);
        }
        return changed;
    }

    public Task SweepAsync(DateTimeOffset keepSince, long bytesMax, CancellationToken stop) =>
        file.WriteAsync(
            sql =>
            {
                slots.Clear();
                return ErrorTables.Sweep(sql, keepSince, bytesMax);
            },
            stop
        );

    public void Dispose() => file.Dispose();

    // For who holds the right to write: so the slots are its own as well.
    private void Write(IReadOnlyList<ErrorBatch> batches)
    {
        try
        {
            file.Write(sql =>
            {
                WriteSightings(sql, [.. batches.SelectMany(batch => batch.Sightings)]);
                foreach (var count in batches.SelectMany(batch => batch.Sessions))
                {
                    ErrorTables.Add(sql, count);
                }
                foreach (var checkIn in batches.SelectMany(batch => batch.CheckIns))
                {
                    ErrorTables.Note(sql, checkIn);
                }
                return 0;
            });
        }
        catch
        {
            slots.Clear(); // They may say that events lie on the disk which do not.
            throw;
        }
    }

    private void WriteSightings(Sql sql, IReadOnlyList<Sighting> seen)
    {
        var groups = new Dictionary<string, ErrorGroup>(StringComparer.Ordinal);
        var hours = new Dictionary<(string Group, int Release, long Hour), int>();
        var last = new Dictionary<(string Group, int Release), ErrorEvent>();
        foreach (var one in seen)
        {
            var release = one.Event.Release ?? 0;
            groups[one.Group] = after(groups.GetValueOrDefault(one.Group) ?? ErrorTables.Find(sql, one.Group), one);
            var hour = one.Event.At.ToUnixTimeSeconds() / 3600;
            hours[(one.Group, release, hour)] = hours.GetValueOrDefault((one.Group, release, hour)) + 1;
            last[(one.Group, release)] = one.Event;
            KeepFirst(sql, one, release);
        }
        foreach (var group in groups.Values)
        {
            ErrorTables.Put(sql, group);
        }
        foreach (var ((group, release, hour), count) in hours)
        {
            ErrorTables.AddHour(sql, group, release, hour, count);
        }
        foreach (var ((group, release), one) in last)
        {
            ErrorTables.PutEvent(sql, group, release, LastSlot, one);
        }
    }

    private void KeepFirst(Sql sql, Sighting one, int release)
    {
        if (!slots.TryGetValue((one.Group, release), out var taken))
        {
            if (slots.Count >= SlotsRemembered)
            {
                slots.Clear();
            }
            taken = (int)(
                sql.Number(
                    "SELECT count(*) FROM events WHERE grp = $1 AND release = $2 AND slot < $3",
                    one.Group,
                    release,
                    LastSlot
                ) ?? 0
            );
        }
        if (taken < FirstEventsMax)
        {
            ErrorTables.PutEvent(sql, one.Group, release, taken++, one.Event);
        }
        slots[(one.Group, release)] = taken;
    }
}
