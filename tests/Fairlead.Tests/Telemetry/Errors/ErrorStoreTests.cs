using Fairlead.Drivers.Stores;
using Fairlead.Engine.Watching.Errors;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Drivers;

namespace Fairlead.Tests.Telemetry.Errors;

/// <summary>What a store of errors promises.</summary>
public abstract class ErrorStoreContract
{
    protected static readonly Site Shop = new("shop", "production");
    protected static readonly Site Blog = new("blog", "production");
    protected static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Opens the test's own store, once more when asked again.</summary>
    protected abstract IErrorStore Open();

    [Fact]
    public async Task What_was_seen_is_found_by_its_group_after_opening_it_again()
    {
        await AddAsync(Open(), Seen("a", 42), Seen("a", 42, minute: 1), Seen("b", 43));

        var groups = await Open().ListAsync(new(Shop), Stop);

        Assert.Equal(
            ["a 2 42", "b 1 43"],
            groups.Select(group => $"{group.Id} {group.Count} {group.FirstRelease}").Order()
        );
        Assert.Equal(
            new ErrorEvent
            {
                Id = "a-1",
                At = Noon.AddMinutes(1),
                Release = 42,
            }.Id,
            (await Open().EventsAsync("a", 10, Stop))[0].Id
        );
    }

    [Fact]
    public async Task Groups_are_asked_for_by_site_status_and_the_release_that_brought_them()
    {
        var store = Open();
        await AddAsync(store, Seen("a", 42), Seen("b", 43), Seen("c", 43, site: Blog));
        await store.ChangeAsync("a", group => GroupLife.Resolve(group, null, Noon), Stop);

        Assert.Equal(["b"], await IdsAsync(store, new(Shop, GroupStatus.Unresolved)));
        Assert.Equal(["a"], await IdsAsync(store, new(Shop, GroupStatus.Resolved)));
        Assert.Equal(["b", "c"], await IdsAsync(store, new(Site: null, Release: 43)));
        Assert.Equal(["c"], await IdsAsync(store, new(Blog)));
        await AddAsync(store, Seen("a", 44, minute: 5));
        Assert.Equal(["a"], await IdsAsync(store, new(Shop, Release: 44)));
        Assert.Equal(1, (await ReleaseErrors.NewAsync(store, Shop, 44, Stop)).Count);
    }

    [Fact]
    public async Task Of_each_release_the_first_events_and_the_last_are_kept()
    {
        var store = Open();
        for (var i = 0; i < 40; i++)
        {
            await AddAsync(store, Seen("a", 42 + i / 20, minute: i));
        }

        Assert.Equal(
            ["39", "19", "20", "21", "22", "23", "24", "0", "1", "2", "3", "4"],
            (await store.EventsAsync("a", 100, Stop)).Select(one => one.Id[2..])
        );
    }

    [Fact]
    public async Task Events_are_counted_by_hour_and_release()
    {
        var store = Open();
        await AddAsync(
            store,
            Seen("a", 42),
            Seen("a", 42, minute: 59),
            Seen("a", 43, minute: 60),
            Seen("a", null, minute: 61)
        );

        Assert.Equal(
            ["12 42 2", "13 0 1", "13 43 1"],
            (await store.CountsAsync("a", Noon, Stop)).Select(one => $"{one.Hour.Hour} {one.Release} {one.Count}")
        );
    }

    [Fact]
    public async Task Users_are_counted_across_batches()
    {
        for (var i = 0; i < 3; i++)
        {
            await AddAsync(Open(), Seen("a", 42, user: "ann"), Seen("a", 42, user: $"bob{i}"));
        }
        Assert.Equal(4, (await Open().FindAsync("a", Stop))!.Users.Count);
    }

    [Fact]
    public async Task A_group_that_is_not_there_cannot_be_changed()
    {
        Assert.Null(await Open().FindAsync("x", Stop));
        Assert.Null(await Open().ChangeAsync("x", group => group, Stop));
    }

    [Fact]
    public async Task Many_who_write_at_once_lose_nothing()
    {
        var store = Open();
        await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(i => AddAsync(store, Seen($"g{i % 7}", 42, minute: i), Seen("all", 42, minute: i)))
        );

        Assert.Equal(200, (await store.FindAsync("all", Stop))!.Count);
        Assert.Equal(400, (await store.ListAsync(new(Shop), Stop)).Sum(group => group.Count));
    }

    [Fact]
    public async Task Sessions_add_up_by_release()
    {
        var store = Open();
        await store.AddAsync(
            new()
            {
                Sessions =
                [
                    new(Shop, 42, Noon, 100, 2, 1),
                    new(Shop, 42, Noon.AddHours(1), 100, -1, 1),
                    new(Shop, 43, Noon, 10, 0, 5),
                    new(Blog, 1, Noon, 1, 0, 0),
                ],
            },
            Stop
        );

        Assert.Equal(
            ["43 10 0 5 50", "42 200 1 2 99"],
            (await store.SessionsAsync(Shop, Noon, Stop)).Select(one =>
                FormattableString.Invariant(
                    $"{one.Release} {one.Started} {one.Errored} {one.Crashed} {one.CrashFreePercent}"
                )
            )
        );
    }

    [Fact]
    public async Task A_check_in_remembers_when_all_was_well_last()
    {
        var store = Open();
        var ok = new CheckIn(Shop, "nightly", "ok", Noon, TimeSpan.FromSeconds(3), "0 3 * * *") { LastOk = Noon };
        await store.AddAsync(new() { CheckIns = [ok] }, Stop);
        await store.AddAsync(new() { CheckIns = [new(Shop, "nightly", "error", Noon.AddDays(1), null, null)] }, Stop);

        Assert.Equal(
            [new CheckIn(Shop, "nightly", "error", Noon.AddDays(1), null, "0 3 * * *") { LastOk = Noon }],
            await store.CheckInsAsync(Shop, Stop)
        );
    }

    [Fact]
    public async Task That_a_run_began_is_no_news_once_it_has_ended()
    {
        var store = Open();
        foreach (var (run, status) in new[] { ("r1", "ok"), ("r1", "in_progress") })
        {
            var one = new CheckIn(Shop, "nightly", status, Noon, null, status == "ok" ? null : "0 3 * * *")
            {
                Run = run,
            };
            await store.AddAsync(new() { CheckIns = [one] }, Stop);
        }
        var known = Assert.Single(await store.CheckInsAsync(Shop, Stop));
        Assert.Equal(("ok", "0 3 * * *"), (known.Status, known.Schedule));

        await store.AddAsync(new() { CheckIns = [known with { Run = "r2", Status = "in_progress" }] }, Stop);
        Assert.Equal("in_progress", Assert.Single(await store.CheckInsAsync(Shop, Stop)).Status);
    }

    [Fact]
    public async Task A_source_map_is_found_by_debug_id_or_by_the_end_of_its_path()
    {
        var store = Open();
        await KeepAsync(store, 42, "assets/main.js", null, "one");
        await KeepAsync(store, 42, "admin/assets/main.js", null, "two");
        await KeepAsync(store, 0, "assets/lib.js", null, "three");
        await KeepAsync(store, 43, "assets/main.js", "d-1", "four");
        await KeepAsync(store, 43, "assets/main.js", "d-1", "five");

        Assert.Equal("one", await FindAsync(store, 42, "assets/main.js", null));
        Assert.Equal("two", await FindAsync(store, 42, "v/admin/assets/main.js", null));
        Assert.Equal("three", await FindAsync(store, 42, "x/lib.js", null));
        Assert.Equal("five", await FindAsync(store, 42, "other.js", "d-1"));
        Assert.Null(await FindAsync(store, 41, "assets/main.js", null));
        Assert.Null(await store.FindMapAsync(new(Blog, 42, "assets/main.js", "d-1"), Stop));
    }

    [Fact]
    public async Task Where_errors_are_sent_on_to_can_be_set_and_ended()
    {
        var store = Open();
        foreach (var most in new[] { AddressKind.Public, AddressKind.Inside })
        {
            ErrorForward to = new(new Uri("https://key@sentry.example/7"), most);
            await store.SetForwardAsync(Shop, to, Stop);
            Assert.Equal(to, await Open().ForwardAsync(Shop, Stop));
        }
        Assert.Null(await store.ForwardAsync(Blog, Stop));
        await store.SetForwardAsync(Shop, null, Stop);
        Assert.Null(await store.ForwardAsync(Shop, Stop));
    }

    [Fact]
    public async Task What_is_too_old_goes_and_what_is_too_much_goes_oldest_first()
    {
        var store = Open();
        var text = string.Concat(Enumerable.Range(0, 3000).Select(i => $"{i * 7919 % 100_003} "));
        await AddAsync(
            store,
            [.. Enumerable.Range(0, 1200).Select(i => Seen($"g{i:0000}", 42, minute: i, message: i + text))]
        );

        await store.SweepAsync(Noon.AddMinutes(100), long.MaxValue, Stop);
        Assert.Equal(1100, await CountAsync(store));
        await store.SweepAsync(Noon, 4 << 20, Stop);
        Assert.InRange(await CountAsync(store), 1, 600);
        Assert.Equal("g1199", (await store.ListAsync(new(Shop, Max: 1), Stop))[0].Id);
        Assert.NotEmpty(await store.EventsAsync("g1199", 1, Stop));
    }

    [Fact]
    public async Task Kept_errors_are_rewritten_all_of_them_once_and_a_trial_changes_nothing()
    {
        var store = Open();
        await AddAsync(
            store,
            [
                .. Enumerable
                    .Range(0, 450)
                    .Select(one => Seen($"g{one:000}", 1, message: one % 2 == 0 ? "of anna-77" : "of bert")),
            ]
        );
        var rewrite = new Forgetting("anna-77", []).Rewrite;

        // Each is the first and the last of its release.
        Assert.Equal(450, await store.RewriteAsync(rewrite, isTrial: true, Stop));
        Assert.Equal("of anna-77", (await store.EventsAsync("g448", 1, Stop))[0].Message);
        Assert.Equal(450, await store.RewriteAsync(rewrite, isTrial: false, Stop));
        Assert.Equal(0, await store.RewriteAsync(rewrite, isTrial: false, Stop));
        Assert.Equal("of [erased]", (await Open().EventsAsync("g448", 1, Stop))[0].Message);
        Assert.Equal("of bert", (await Open().EventsAsync("g449", 1, Stop))[0].Message);
    }

    private static async Task<int> CountAsync(IErrorStore store)
    {
        var groups = await store.ListAsync(new(Shop, Max: 1000), Stop);
        return groups.Count == 1000 ? 1100 : groups.Count;
    }

    protected static Task AddAsync(IErrorStore store, params Sighting[] seen) =>
        store.AddAsync(new() { Sightings = seen }, Stop);

    protected static Sighting Seen(
        string group,
        int? release,
        int minute = 0,
        Site? site = null,
        string? user = null,
        string? message = null
    ) =>
        new(
            site ?? Shop,
            group,
            1,
            $"Error {group}",
            "",
            new ErrorEvent
            {
                Id = $"{group}-{minute}",
                At = Noon.AddMinutes(minute),
                Release = release,
                User = user,
                Message = message,
            }
        );

    private static async Task<IEnumerable<string>> IdsAsync(IErrorStore store, GroupFilter filter) =>
        (await store.ListAsync(filter, Stop)).Select(group => group.Id).Order(StringComparer.Ordinal);

    private static Task KeepAsync(IErrorStore store, int release, string name, string? debugId, string text) =>
        store.KeepMapAsync(new(Shop, release, name, debugId, Noon, System.Text.Encoding.UTF8.GetBytes(text)), Stop);

    private static async Task<string?> FindAsync(IErrorStore store, int release, string name, string? debugId) =>
        await store.FindMapAsync(new(Shop, release, name, debugId), Stop) is { } bytes
            ? System.Text.Encoding.UTF8.GetString(bytes.Span)
            : null;
}

public sealed class SqliteErrorStoreTests : ErrorStoreContract, IDisposable
{
    private readonly Folder folder = new();
    private readonly List<SqliteErrorStore> opened = [];

    public void Dispose()
    {
        opened.ForEach(store => store.Dispose());
        folder.Dispose();
    }

    [Fact]
    public async Task A_title_that_was_rewritten_is_in_no_file_any_more()
    {
        var store = Open();
        await AddAsync(store, Seen("a", 42) with { Title = "no cart of anna-77" });
        Assert.Contains(Files(), text => text.Contains("anna-77", StringComparison.Ordinal));

        await store.RewriteAsync(new Forgetting("anna-77", []).Rewrite, isTrial: false, Stop);
        Assert.DoesNotContain(Files(), text => text.Contains("anna-77", StringComparison.Ordinal));
    }

    private IEnumerable<string> Files() =>
        Directory
            .EnumerateFiles(folder["errors"])
            .Select(file =>
            {
                using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var reader = new StreamReader(open, System.Text.Encoding.Latin1);
                return reader.ReadToEnd();
            });

    [Fact]
    public async Task Only_its_owner_can_read_the_file()
    {
        await AddAsync(Open(), Seen("a", 42));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["errors/errors.db"]));
    }

    protected override IErrorStore Open()
    {
        var store = SqliteErrorStore.Open(folder["errors/errors.db"], GroupLife.After);
        opened.Add(store);
        return store;
    }
}
