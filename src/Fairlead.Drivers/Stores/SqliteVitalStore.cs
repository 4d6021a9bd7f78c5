using System.Runtime.InteropServices;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Microsoft.Data.Sqlite;

namespace Fairlead.Drivers.Stores;

/// <summary>What users' browsers measured, in a SQLite file of its own: a sketch for each hour, release, route, device and kind.</summary>
public sealed class SqliteVitalStore : IVitalStore, IDisposable
{
    private const int WaitingMax = 50_000;
    private const int LinesMax = 5_000;

    // Views and their errors lie beside the kinds, as one more.
    private const int ViewsKind = -1;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS vitals (
            site    TEXT NOT NULL,
            hour    INTEGER NOT NULL,
            release INTEGER NOT NULL,
            route   TEXT NOT NULL,
            device  INTEGER NOT NULL,
            kind    INTEGER NOT NULL,
            views   INTEGER NOT NULL,
            errors  INTEGER NOT NULL,
            sketch  BLOB NOT NULL,
            PRIMARY KEY (site, hour, release, route, device, kind)
        ) STRICT, WITHOUT ROWID;
        """;

    private readonly TelemetryFile file;
    private readonly World world;
    private readonly GroupCommit<IReadOnlyList<PageView>> commits;

    private SqliteVitalStore(TelemetryFile file, World world)
    {
        (this.file, this.world) = (file, world);
        commits = new(Write, file.Writing, WaitingMax);
    }

    /// <inheritdoc cref="SqliteErrorStore.Open"/>
    public static SqliteVitalStore Open(string path, World world) => new(TelemetryFile.Open(path, Schema), world);

    public Task AddAsync(IReadOnlyList<PageView> views, CancellationToken stop) =>
        commits.AddAsync(views, Math.Max(1, views.Count), stop);

    public Task<IReadOnlyList<VitalSummary>> ReadAsync(
        Site site,
        int? release,
        DateTimeOffset since,
        CancellationToken stop
    ) => file.ReadAsync<IReadOnlyList<VitalSummary>>(sql => [.. Read(sql, site, release, since)], stop);

    public Task SweepAsync(DateTimeOffset keepSince, CancellationToken stop) =>
        file.WriteAsync(sql => sql.Run("DELETE FROM vitals WHERE hour < $1", HourOf(keepSince)), stop);

    public void Dispose() => file.Dispose();

    private void Write(IReadOnlyList<IReadOnlyList<PageView>> batches)
    {
        var hour = HourOf(world.Now);
        var sums = new Dictionary<Place, Sum>();
        foreach (var view in batches.SelectMany(batch => batch))
        {
            var place = new Place(view.Site.ToString(), view.Release, view.Route, (int)view.Device, ViewsKind);
            sums[place] = sums.GetValueOrDefault(place).With(1, view.Errors, QuantileSketch.Empty);
            foreach (var (kind, value) in view.Values)
            {
                var one = place with { Kind = (int)kind };
                sums[one] = sums.GetValueOrDefault(one).With(0, 0, QuantileSketch.Empty.With(value));
            }
        }
        file.Write(sql =>
        {
            foreach (var (place, sum) in sums)
            {
                Add(sql, hour, place, sum);
            }
            return 0;
        });
    }

    private static void Add(Sql sql, long hour, Place place, Sum sum)
    {
        var before = sql.Rows(
                "SELECT sketch FROM vitals WHERE site = $1 AND hour = $2 AND release = $3 AND route = $4 AND device = $5 AND kind = $6",
                row => Unpacked((byte[])row[0]),
                place.Site,
                hour,
                place.Release,
                place.Route,
                place.Device,
                place.Kind
            )
            .FirstOrDefault();
        sql.Run(
            """
            INSERT INTO vitals (site, hour, release, route, device, kind, views, errors, sketch)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (site, hour, release, route, device, kind) DO UPDATE SET
                views = views + excluded.views, errors = errors + excluded.errors, sketch = excluded.sketch
            """,
            place.Site,
            hour,
            place.Release,
            place.Route,
            place.Device,
            place.Kind,
            sum.Views,
            sum.Errors,
            Packed((before ?? QuantileSketch.Empty) + (sum.Sketch ?? QuantileSketch.Empty))
        );
    }

    private static IEnumerable<VitalSummary> Read(Sql sql, Site site, int? release, DateTimeOffset since) =>
        sql.Rows(
                """
                SELECT release, route, device, kind, views, errors, sketch FROM vitals
                WHERE site = $1 AND hour >= $2 AND ($3 IS NULL OR release = $3)
                """,
                Row,
                site.ToString(),
                HourOf(since),
                release
            )
            .GroupBy(row => (row.Release, row.Route, row.Device))
            .Select(rows => new VitalSummary(
                rows.Key.Release,
                rows.Key.Route,
                (Device)rows.Key.Device,
                rows.Sum(row => row.Sum.Views),
                rows.Sum(row => row.Sum.Errors),
                rows.Where(row => row.Kind != ViewsKind)
                    .GroupBy(row => (VitalKind)row.Kind)
                    .ToDictionary(
                        kind => kind.Key,
                        kind => kind.Select(row => row.Sum.Sketch).Aggregate((left, right) => left + right)
                    )
            ))
            .OrderByDescending(summary => summary.Views)
            .Take(LinesMax);

    private static (int Release, string Route, int Device, int Kind, Sum Sum) Row(SqliteDataReader row) =>
        (
            row.GetInt32(0),
            row.GetString(1),
            row.GetInt32(2),
            row.GetInt32(3),
            new(row.GetInt64(4), row.GetInt64(5), Unpacked((byte[])row[6]))
        );

    private static long HourOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / 3600;

    // Pairs of 16 and 64 bits: a bucket and how many are in it.
    private static byte[] Packed(QuantileSketch sketch)
    {
        using var bytes = new MemoryStream(sketch.Buckets.Count * 10);
        using var writer = new BinaryWriter(bytes);
        foreach (var (index, count) in sketch.Buckets)
        {
            writer.Write((short)index);
            writer.Write(count);
        }
        return bytes.ToArray();
    }

    private static QuantileSketch Unpacked(byte[] bytes)
    {
        var buckets = new KeyValuePair<int, long>[bytes.Length / 10];
        for (var i = 0; i < buckets.Length; i++)
        {
            var one = bytes.AsSpan(i * 10, 10);
            buckets[i] = new(BitConverter.ToInt16(one), BitConverter.ToInt64(one[2..]));
        }
        return new(buckets);
    }

    private sealed record Place(string Site, int Release, string Route, int Device, int Kind);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Sum(long Views, long Errors, QuantileSketch Sketch)
    {
        public Sum With(long views, long errors, QuantileSketch more) =>
            new(Views + views, Errors + errors, (Sketch ?? QuantileSketch.Empty) + more);
    }
}
