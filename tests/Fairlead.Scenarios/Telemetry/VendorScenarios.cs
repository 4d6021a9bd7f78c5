using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;
using Fairlead.Scenarios.Edge;

namespace Fairlead.Scenarios.Telemetry;

/// <summary>What vendors' own libraries send is found by query: grouped, stamped, cleaned.</summary>
public sealed class VendorScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sentrys_library_for_Node_needs_a_DSN_and_nothing_else()
    {
        NpmPeers.Need("@sentry/node");
        await using var errors = await ErrorsUnderTest.StartAsync(Stop);

        await NpmPeers.NodeAsync(
            """
            const Sentry = require('@sentry/node');
            Sentry.init({ tracesSampleRate: 1, enableLogs: true });
            class PaymentError extends Error { constructor(message, more) { super(message, more); this.name = 'PaymentError'; } }
            const charge = () => { try { JSON.parse('{x'); } catch (cause) { throw new PaymentError('Card 4711 refused', { cause }); } };
            (async () => {
                Sentry.setUser({ id: 'u1', email: 'ann@example.com', ip_address: '203.0.113.9' });
                for (let i = 0; i < 3; i++) { try { charge(); } catch (error) { Sentry.captureException(error); } }
                Sentry.captureMessage('Stock low: 3 of 10', 'warning');
                Sentry.captureMessage('Stock low: 4 of 12', 'warning');
                Sentry.withScope(scope => { scope.setFingerprint(['mine']); Sentry.captureException(new Error('grouped by me')); });
                Sentry.logger.info('a log line');
                Sentry.startSpan({ name: 'work' }, () => {});
                const checkInId = Sentry.captureCheckIn({ monitorSlug: 'nightly', status: 'in_progress' }, { schedule: { type: 'crontab', value: '0 3 * * *' } });
                Sentry.captureCheckIn({ checkInId, monitorSlug: 'nightly', status: 'ok', duration: 1.5 });
                Sentry.startSession(); Sentry.captureSession(); Sentry.endSession();
                await Sentry.flush(10000);
            })();
            """,
            new Dictionary<string, string>
            {
                ["SENTRY_DSN"] = errors.Dsn(errors.ApiKey),
                ["SENTRY_RELEASE"] = "shop@7",
                ["SENTRY_ENVIRONMENT"] = "production",
            },
            Stop
        );

        Assert.Equal(
            ["Error: grouped by me 1 42", "PaymentError: Card 4711 refused 1 42", "Stock low: 3 of 10 2 42"],
            // The library sends its two warnings side by side, so either may come first and give the group its title.
            (await errors.GroupsAsync(Stop)).Select(group =>
                $"{group.Title.Replace("4 of 12", "3 of 10", StringComparison.Ordinal)} {group.Count} {group.FirstRelease}"
            )
        );
        var one = await errors.EventAsync("PaymentError: Card 4711 refused", Stop);
        Assert.Equal(["PaymentError", "SyntaxError"], one.Exceptions.Select(thrown => thrown.Type));
        Assert.Contains("charge", one.Exceptions[0].Frames[0].Function, StringComparison.Ordinal);
        Assert.Equal(("api", "production"), (one.Service, one.Environment));
        Assert.Matches("^[0-9a-f]{16}$", one.User);
        var checkIn = Assert.Single(await errors.Store.CheckInsAsync(ErrorsUnderTest.Shop, Stop));
        Assert.Equal(("nightly", "ok", "0 3 * * *"), (checkIn.Slug, checkIn.Status, checkIn.Schedule));
        Assert.InRange(
            (await errors.Store.SessionsAsync(ErrorsUnderTest.Shop, DateTimeOffset.UnixEpoch, Stop)).Sum(count =>
                count.Started
            ),
            1,
            5
        );
        Assert.Equal(
            ["log", "span"],
            errors.Desk.Counts.Passed.Keys.Where(kind => kind is "log" or "span").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Sentrys_library_in_a_browser_is_understood_through_source_maps_whatever_the_build_was()
    {
        NpmPeers.Need("@sentry/browser", "esbuild");
        await using var errors = await ErrorsUnderTest.StartAsync(Stop);
        await using var chromium = await Chromium.StartAsync(Stop);
        foreach (var release in (int[])[42, 43])
        {
            var assets = await NpmPeers.BundleAsync(
                Path.Combine(errors.Folder, $"build{release}"),
                $$"""
                import * as Sentry from '@sentry/browser';
                Sentry.init({ dsn: '{{errors.Dsn(
                    errors.PageKey
                )}}', release: 'shop@{{release}}', environment: 'production' });
                function priceOf(item) { if (item.price === undefined) throw new TypeError(`no price for ${item.name}`); return item.price; }
                function totalOf(items) { let sum = {{release}}; for (const item of items) sum += priceOf(item); return sum; }
                export function checkout() { return totalOf([{ name: 'cap', price: {{release}} }, { name: 'mug' + Math.random() }]); }
                window.shopCheckout = () => { try { checkout(); } catch (error) { Sentry.captureException(error); } return Sentry.flush(10000).then(String); };
                """,
                Stop
            );
            foreach (var file in Directory.EnumerateFiles(assets))
            {
                var name = Path.GetFileName(file);
                if (name.EndsWith(".map", StringComparison.Ordinal))
                {
                    await errors.Store.KeepMapAsync(
                        new(
                            ErrorsUnderTest.Shop,
                            release,
                            $"assets/{name[..^4]}",
                            null,
                            DateTimeOffset.UtcNow,
                            await File.ReadAllBytesAsync(file, Stop)
                        ),
                        Stop
                    );
                    continue;
                }
                errors.Page($"/assets/{name}", await File.ReadAllTextAsync(file, Stop));
                errors.Page($"/{release}", $"<!doctype html><script src='/assets/{name}'></script>");
            }
            await chromium.OpenAsync(new Uri(errors.Url, $"/{release}").ToString(), Stop);
            Assert.Equal("true", await chromium.RunAsync("shopCheckout()", Stop));
        }

        var group = Assert.Single(await errors.GroupsAsync(Stop));
        Assert.Equal((2L, 42, 43), (group.Count, group.FirstRelease, group.LastRelease));
        var frames = (await errors.Store.EventsAsync(group.Id, 1, Stop))[0].Exceptions[0].Frames;
        Assert.Equal("priceOf", frames[0].Function);
        Assert.Equal("totalOf", frames[1].Function);
        Assert.Contains("throw new TypeError", frames[0].Code, StringComparison.Ordinal);
        Assert.EndsWith("shop.js", frames[0].File, StringComparison.Ordinal);
        var sessions = await errors.Store.SessionsAsync(ErrorsUnderTest.Shop, DateTimeOffset.UnixEpoch, Stop);
        Assert.All(sessions, count => Assert.True(count.Started > 0));
    }

    [Fact]
    public async Task Rollbars_library_is_understood_in_Node_and_in_a_browser()
    {
        NpmPeers.Need("rollbar");
        await using var errors = await ErrorsUnderTest.StartAsync(Stop);
        await NpmPeers.NodeAsync(
            """
            const Rollbar = require('rollbar');
            const rollbar = new Rollbar({ accessToken: process.env.KEY, endpoint: process.env.URL + 'api/1/item/', environment: 'production', payload: { code_version: '42' } });
            const deep = () => { throw new RangeError('Index 17 out of bounds'); };
            const outer = () => { try { deep(); } catch (cause) { throw new Error('Order 99 failed', { cause }); } };
            try { outer(); } catch (error) { rollbar.error(error, () => rollbar.warning('Just a message 5', () => process.exit(0))); }
            """,
            new Dictionary<string, string> { ["KEY"] = errors.ApiKey, ["URL"] = errors.Url.ToString() },
            Stop
        );

        Assert.Equal(
            ["Error: Order 99 failed 42", "Just a message 5 42"],
            (await errors.GroupsAsync(Stop)).Select(group => $"{group.Title} {group.FirstRelease}")
        );
        var one = await errors.EventAsync("Error: Order 99 failed", Stop);
        Assert.Equal(["Error", "RangeError"], one.Exceptions.Select(thrown => thrown.Type));
        Assert.Contains("rollbar", one.Sdk, StringComparison.Ordinal);

        errors.Page(
            "/rollbar.js",
            await File.ReadAllTextAsync(Path.Combine(NpmPeers.Modules, "rollbar/dist/rollbar.umd.min.js"), Stop)
        );
        errors.Page("/page", "<!doctype html><script src='/rollbar.js'></script>");
        await using var chromium = await Chromium.StartAsync(Stop);
        await chromium.OpenAsync(new Uri(errors.Url, "/page").ToString(), Stop);
        var answer = await chromium.RunAsync(
            $$"""
            new Promise(done => {
                const bar = new rollbar({ accessToken: '{{errors.PageKey}}', endpoint: '{{errors.Url}}api/1/item/', environment: 'production', payload: { client: { javascript: { code_version: '43' } } } });
                function press() { throw new TypeError('button is gone'); }
                try { press(); } catch (error) { bar.error(error, problem => done(String(problem ?? null))); }
            })
            """,
            Stop
        );

        Assert.Equal("null", answer);
        Assert.Equal(
            43,
            (await errors.GroupsAsync(Stop)).Single(group => group.Title == "TypeError: button is gone").FirstRelease
        );
    }

    [Fact]
    public async Task BugSnags_library_is_understood_in_Node_and_in_a_browser()
    {
        NpmPeers.Need("@bugsnag/js", "@bugsnag/browser");
        await using var errors = await ErrorsUnderTest.StartAsync(Stop);
        await NpmPeers.NodeAsync(
            """
            const Bugsnag = require('@bugsnag/js');
            Bugsnag.start({ apiKey: process.env.KEY, appVersion: '42', logger: null, endpoints: { notify: process.env.URL + 'notify', sessions: process.env.URL + 'sessions' } });
            const ship = () => { throw new SyntaxError('Bad parcel 12'); };
            Bugsnag.setUser('u1', 'ann@example.com', 'Ann');
            Bugsnag.startSession();
            try { ship(); } catch (cause) { Bugsnag.notify(new Error('outer', { cause }), event => { event.severity = 'warning'; }, () => process.exit(0)); }
            """,
            new Dictionary<string, string> { ["KEY"] = errors.ApiKey, ["URL"] = errors.Url.ToString() },
            Stop
        );

        var one = await errors.EventAsync("Error: outer", Stop);
        Assert.Equal(["Error", "SyntaxError"], one.Exceptions.Select(thrown => thrown.Type));
        Assert.Equal((Severity.Warning, 42, true), (one.Level, one.Release, one.IsHandled));

        errors.Page(
            "/bugsnag.js",
            await File.ReadAllTextAsync(Path.Combine(NpmPeers.Modules, "@bugsnag/browser/dist/bugsnag.min.js"), Stop)
        );
        errors.Page("/page", "<!doctype html><script src='/bugsnag.js'></script>");
        await using var chromium = await Chromium.StartAsync(Stop);
        await chromium.OpenAsync(new Uri(errors.Url, "/page").ToString(), Stop);
        var answer = await chromium.RunAsync(
            $$"""
            new Promise(done => {
                Bugsnag.start({ apiKey: '{{errors.PageKey}}', appVersion: '43', endpoints: { notify: '{{errors.Url}}notify', sessions: '{{errors.Url}}sessions' } });
                function press() { throw new TypeError('button is gone'); }
                try { press(); } catch (error) { Bugsnag.notify(error, null, problem => done(String(problem))); }
            })
            """,
            Stop
        );

        Assert.Equal("null", answer);
        Assert.Equal(
            43,
            (await errors.GroupsAsync(Stop)).Single(group => group.Title == "TypeError: button is gone").FirstRelease
        );
        await EdgeUnderTest.UntilAsync(async () =>
            (await errors.Store.SessionsAsync(ErrorsUnderTest.Shop, DateTimeOffset.UnixEpoch, Stop)).Any(count =>
                count is { Release: 43, Started: > 0 }
            )
        );
    }

    [Fact]
    public async Task What_came_in_is_sent_on_byte_by_byte_with_the_vendors_key()
    {
        NpmPeers.Need("@sentry/node");
        // The vendor is another Fairlead: it must understand what it is sent.
        await using var vendor = await ErrorsUnderTest.StartAsync(Stop);
        await using var errors = await ErrorsUnderTest.StartAsync(Stop);
        await errors.Store.SetForwardAsync(
            ErrorsUnderTest.Shop,
            new(new Uri(vendor.Dsn(vendor.PageKey)), AddressKind.Inside),
            Stop
        );

        await NpmPeers.NodeAsync(
            "const Sentry = require('@sentry/node'); Sentry.init(); Sentry.captureException(new Error('to both')); Sentry.flush(10000);",
            new Dictionary<string, string>
            {
                ["SENTRY_DSN"] = errors.Dsn(errors.ApiKey),
                ["SENTRY_RELEASE"] = "shop@41",
            },
            Stop
        );

        await EdgeUnderTest.UntilAsync(async () => (await vendor.GroupsAsync(Stop)).Count == 1);
        var (here, there) = (
            await errors.EventAsync("Error: to both", Stop),
            await vendor.EventAsync("Error: to both", Stop)
        );
        Assert.Equal((here.Id, 42, 41), (there.Id, here.Release, there.Release));
    }

    [Fact]
    public async Task A_kill_loses_nothing_that_was_answered()
    {
        await using var errors = await ErrorsUnderTest.StartAsync(Stop);
        using var http = new HttpClient { BaseAddress = errors.Url };
        var answered = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 400),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Stop },
            async (i, stop) =>
            {
                var body =
                    $"{{}}\n{{\"type\":\"event\"}}\n{{\"message\":\"one of many\",\"logger\":\"l{(char)('a' + i % 5)}\"}}";
                using var answer = await http.PostAsync(
                    $"/api/1/envelope/?sentry_key={errors.ApiKey}",
                    new StringContent(body),
                    stop
                );
                Interlocked.Add(ref answered, answer.IsSuccessStatusCode ? 1 : 0);
            }
        );
        // As a kill leaves it: the files as they are now, without any closing.
        var copy = Directory.CreateDirectory(Path.Combine(errors.Folder, "copy")).FullName;
        foreach (var file in Directory.EnumerateFiles(errors.Folder, "errors.db*"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }
        using var store = Fairlead.Drivers.Stores.SqliteErrorStore.Open(
            Path.Combine(copy, "errors.db"),
            Fairlead.Engine.Watching.Errors.GroupLife.After
        );

        Assert.Equal(400, answered);
        Assert.Equal(
            [80, 80, 80, 80, 80],
            (await store.ListAsync(new(ErrorsUnderTest.Shop), Stop)).Select(group => (int)group.Count)
        );
    }
}
