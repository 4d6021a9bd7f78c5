using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Certificates;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Guarding;

/// <summary>Certificates over months, with authorities that fail.</summary>
public sealed class CertificateKeeperTests
{
    private static readonly Site Shop = new("shop", "production");

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryStore store;
    private readonly Shelf shelf = new();
    private readonly CertificateKeeper keeper;
    private readonly List<string> orders = [];
    private readonly World world;
    private readonly Lines log = new();
    private Func<string, string, Problem?> refuses = (_, _) => null;
    private Func<Task<RenewalWindow?>> advice = () => Task.FromResult<RenewalWindow?>(null);

    public CertificateKeeperTests()
    {
        world = new World(clock, new Random(1));
        store = new MemoryStore(world);
        keeper = new CertificateKeeper(
            new CertificatePorts(store, shelf, (name, _) => new Authority(this, name), _ => new Desk()),
            world,
            log
        );
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Without_a_word_on_tls_only_local_names_get_certificates()
    {
        var release = ReleaseOf(["shop.localhost", "shop.example.com", "shop.test"], tls: null);
        Assert.Equal(
            ["shop.localhost local", "shop.test local"],
            NeededCertificate.Of(release).Select(one => $"{one.Host} {string.Join('+', one.Authorities)}")
        );
        Assert.Empty(NeededCertificate.Of(release with { Tls = Policy(TlsMode.Off) }));
        Assert.Equal(3, NeededCertificate.Of(release with { Tls = Policy(TlsMode.Local) }).Count);
        Assert.Equal(
            ["local", "letsencrypt+zerossl", "local"],
            NeededCertificate
                .Of(release with { Tls = Policy(TlsMode.Auto) })
                .Select(one => string.Join('+', one.Authorities))
        );
    }

    [Fact]
    public async Task Every_host_gets_its_own_certificate_and_a_year_long_a_new_one_well_before_the_end()
    {
        var hosts = Enumerable.Range(1, 20).Select(number => $"s{number}.example.com").ToArray();
        var fence = await LiveAsync(hosts);
        for (var day = 0; day < 365 * 4; day++)
        {
            await keeper.SettleAsync(fence, Stop);
            Assert.All(shelf.Held.Values, held => Assert.True(held.NotAfter > world.Now.AddDays(25)));
            clock.Advance(TimeSpan.FromHours(6));
        }
        Assert.Equal(20, shelf.Held.Count);
        // 90 days each, renewed after 56 to 60: the first, and six more in a year.
        Assert.Equal(20 * 7, orders.Count);
        // Jitter: not all at once.
        Assert.True(shelf.Held.Values.Select(one => one.NotAfter).Distinct().Count() > 8);
    }

    [Fact]
    public async Task A_host_that_fails_spoils_no_other_and_is_tried_ever_more_slowly_by_one_authority_after_the_other()
    {
        refuses = (_, host) => host == "bad.example.com" ? Refused() : null;
        var fence = await LiveAsync(["bad.example.com", "good.example.com"]);
        var began = world.Now;
        var times = new List<string>();
        for (var minute = 0; minute < 120; minute++)
        {
            var before = orders.Count;
            await keeper.SettleAsync(fence, Stop);
            times.AddRange(
                orders
                    .Skip(before)
                    .Where(one => one.Contains("bad"))
                    .Select(one => $"{(world.Now - began).TotalMinutes} {one}")
            );
            clock.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(
            [
                "0 letsencrypt bad.example.com",
                "2 letsencrypt bad.example.com",
                "6 letsencrypt bad.example.com",
                "14 zerossl bad.example.com",
                "30 zerossl bad.example.com",
                "62 zerossl bad.example.com",
            ],
            times
        );
        Assert.Single(orders, one => one.Contains("good"));
        var view = (await keeper.ViewsAsync(Stop)).Single(one => one.Need.Host == "bad.example.com");
        Assert.Equal(CertificateState.Failing, CertificatePlan.StateOf(view.Held, view.Record, world.Now));
        Assert.Equal("It refused. The name leads elsewhere.", view.Record.Trouble);

        refuses = (_, _) => null;
        await keeper.RenewAsync(view, fence, Stop);
        await keeper.SettleAsync(fence, Stop);
        view = (await keeper.ViewsAsync(Stop)).Single(one => one.Need.Host == "bad.example.com");
        Assert.Equal((0, null), (view.Record.Failures, view.Record.Trouble));
        Assert.Equal(CertificateState.Good, CertificatePlan.StateOf(view.Held, view.Record, world.Now));
    }

    [Fact]
    public async Task Who_says_when_to_come_again_is_not_asked_before()
    {
        refuses = (_, _) => Refused() with { RetryAt = world.Now.AddHours(8) };
        var fence = await LiveAsync(["shop.example.com"]);
        await keeper.SettleAsync(fence, Stop);
        clock.Advance(TimeSpan.FromHours(7.9));
        await keeper.SettleAsync(fence, Stop);
        Assert.Single(orders);
        clock.Advance(TimeSpan.FromHours(0.2));
        await keeper.SettleAsync(fence, Stop);
        Assert.Equal(2, orders.Count);
    }

    [Fact]
    public async Task A_renewal_that_goes_on_failing_is_seen_before_the_end()
    {
        var fence = await LiveAsync(["shop.example.com"]);
        await keeper.SettleAsync(fence, Stop);
        refuses = (_, _) => Refused();
        var states = new List<CertificateState>();
        for (var day = 0; day < 95; day++)
        {
            await keeper.SettleAsync(fence, Stop);
            var view = (await keeper.ViewsAsync(Stop)).Single();
            states.Add(CertificatePlan.StateOf(view.Held, view.Record, world.Now));
            clock.Advance(TimeSpan.FromDays(1));
        }
        Assert.Equal(
            [(CertificateState.Good, 75), (CertificateState.Expiring, 15), (CertificateState.Expired, 5)],
            states.GroupBy(state => state).Select(group => (group.Key, group.Count()))
        );
        // Said aloud once a day, 15 days before the end and after it.
        Assert.Equal(20, log.Errors.Count);
        Assert.Equal(
            "The certificate of shop.example.com ends 2026-04-01 00:00 UTC and is not renewed: It refused. The name leads elsewhere. Once that is mended: fairlead certificate renew shop.example.com",
            log.Errors[0]
        );
        Assert.StartsWith(
            "The certificate of shop.example.com ended 2026-04-01 00:00 UTC, so browsers turn its visitors away: It refused.",
            log.Errors[^1],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_host_that_gets_none_is_warned_of_and_one_on_its_way_is_not()
    {
        var fence = await LiveAsync(["shop.example.com"]);
        Assert.Null(CertificatePlan.WarningOf((await keeper.ViewsAsync(Stop)).Single(), world.Now));
        refuses = (_, _) => Refused();
        await keeper.SettleAsync(fence, Stop);
        Assert.Equal(
            "shop.example.com gets no certificate: It refused. The name leads elsewhere.",
            CertificatePlan.WarningOf((await keeper.ViewsAsync(Stop)).Single(), world.Now)
        );
    }

    [Fact]
    public async Task Another_authority_in_the_manifest_gets_a_new_certificate_at_once()
    {
        var fence = await LiveAsync(["shop.example.com"]);
        await keeper.SettleAsync(fence, Stop);
        fence = await LiveAsync(["shop.example.com"], Policy(TlsMode.Auto) with { Authorities = ["zerossl"] });
        await keeper.SettleAsync(fence, Stop);
        await keeper.SettleAsync(fence, Stop);
        Assert.Equal(["letsencrypt shop.example.com", "zerossl shop.example.com"], orders);
    }

    [Fact]
    public async Task An_authority_that_wants_a_certificate_back_early_is_heeded_within_six_hours()
    {
        var fence = await LiveAsync(["shop.example.com"]);
        await keeper.SettleAsync(fence, Stop);
        await keeper.SettleAsync(fence, Stop);
        var window = new RenewalWindow(world.Now.AddDays(-1), world.Now.AddHours(-1));
        advice = () => Task.FromResult<RenewalWindow?>(window);
        clock.Advance(TimeSpan.FromHours(5.9));
        await keeper.SettleAsync(fence, Stop);
        await keeper.SettleAsync(fence, Stop);
        Assert.Single(orders);
        clock.Advance(TimeSpan.FromHours(0.2));
        await keeper.SettleAsync(fence, Stop);
        advice = () => Task.FromException<RenewalWindow?>(new ProblemException(Refused()));
        await keeper.SettleAsync(fence, Stop);
        await keeper.SettleAsync(fence, Stop);
        Assert.Equal(["letsencrypt shop.example.com", "letsencrypt shop.example.com"], orders);
    }

    [Fact]
    public async Task A_certificate_that_nobody_needs_any_more_is_kept_until_its_end()
    {
        var fence = await LiveAsync(["old.example.com"]);
        await keeper.SettleAsync(fence, Stop);
        fence = await LiveAsync(["new.example.com"]);
        var counts = new List<int>();
        foreach (var days in new[] { 0, 89, 2 })
        {
            clock.Advance(TimeSpan.FromDays(days));
            await keeper.SettleAsync(fence, Stop);
            counts.Add(shelf.Held.Count);
        }
        Assert.Equal([2, 2, 1], counts);
        Assert.Equal("new.example.com", shelf.Held.Keys.Single());
    }

    private async Task<Fence> LiveAsync(IReadOnlyList<string> hosts, TlsPolicy? tls = null)
    {
        var fence = await store.TakeChargeAsync("test", Stop);
        var release = ReleaseOf(hosts, tls ?? Policy(TlsMode.Auto));
        await store.CommitAsync(
            new Change(fence)
            {
                Writes =
                [
                    new Write(Records.Sites, Shop.ToString(), Records.Body(new SiteRecord(Shop) { Live = 1 })),
                    new Write(Records.Releases, $"{Shop}/00000001", Records.Body(release)),
                ],
            },
            Stop
        );
        return fence;
    }

    private static Release ReleaseOf(IReadOnlyList<string> hosts, TlsPolicy? tls) =>
        new()
        {
            Site = Shop,
            Number = 1,
            Services = [],
            Hosts = hosts,
            Tls = tls,
            Source = "/",
            At = DateTimeOffset.UnixEpoch,
        };

    private static TlsPolicy Policy(TlsMode mode) =>
        new()
        {
            Mode = mode,
            Authorities = ["letsencrypt", "zerossl"],
            Https = new HttpsRules(Redirects: true, Hsts: null),
        };

    private static Problem Refused() => new("test", "It refused.", "The name leads elsewhere.", "Mend it.");

    private sealed class Authority(CertificateKeeperTests test, string name) : ICertificateAuthority
    {
        public string Name => name;

        public Task<RenewalWindow?> AdviseAsync(string chainPem, CancellationToken stop) => test.advice();

        public Task<IssuedCertificate> IssueAsync(CertificateOrder order, IChallengeDesk desk, CancellationToken stop)
        {
            test.orders.Add($"{name} {order.Hosts.Single()}");
            return test.refuses(name, order.Hosts[0]) is { } problem
                ? Task.FromException<IssuedCertificate>(new ProblemException(problem))
                : Task.FromResult(
                    new IssuedCertificate(order.Hosts, "", "", test.world.Now, test.world.Now.AddDays(90))
                );
        }
    }

    private sealed class Shelf : ICertificateShelf
    {
        public Dictionary<string, HeldCertificate> Held { get; } = [];

        public Task<IReadOnlyList<HeldCertificate>> ListAsync(CancellationToken stop) =>
            Task.FromResult<IReadOnlyList<HeldCertificate>>([.. Held.Values]);

        public Task PutAsync(IssuedCertificate certificate, Fence fence, CancellationToken stop)
        {
            Held[certificate.Hosts[0]] = new(certificate.Hosts, "", "", certificate.NotBefore, certificate.NotAfter);
            return Task.CompletedTask;
        }

        public Task RemoveAsync(IReadOnlyList<string> hosts, Fence fence, CancellationToken stop)
        {
            Held.Remove(hosts[0]);
            return Task.CompletedTask;
        }
    }

    /// <summary>A log of which only errors count here.</summary>
    private sealed class Lines : ILogger<CertificateKeeper>
    {
        public List<string> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (logLevel is LogLevel.Error)
            {
                Errors.Add(formatter(state, exception));
            }
        }
    }

    private sealed class Desk : IChallengeDesk
    {
        public Task ShowAsync(Challenge challenge, CancellationToken stop) => Task.CompletedTask;

        public Task RemoveAsync(Challenge challenge, CancellationToken stop) => Task.CompletedTask;
    }
}
