using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Detecting;
using Fairlead.Engine.Guarding.Identity;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Guarding.Detecting;

public sealed class DetectionTests
{
    private readonly FakeTimeProvider clock = new(new(2026, 11, 27, 6, 0, 0, TimeSpan.Zero));
    private readonly MemoryStore store;
    private readonly World world;
    private readonly Perimeter perimeter = new();
    private readonly FindingBook findings;
    private readonly BlockBook blocks;

    public DetectionTests()
    {
        world = new(clock, new Random(1));
        store = new(world);
        findings = new(store, () => store.Highest, world);
        blocks = new(store, perimeter, () => store.Highest, world);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_scans_is_kept_out_longer_each_time_and_let_in_when_the_time_is_over()
    {
        perimeter.Suspects = [Scanner("8.8.4.4/32", paths: 9, all: 10)];
        await LookAsync(new PathScans(blocks, blocks: true, world));

        var block = Assert.Single(perimeter.List.Blocks);
        Assert.Equal(("8.8.4.4/32", TimeSpan.FromHours(1)), (block.Network, block.Until - block.From));
        var found = Assert.Single(await findings.AllAsync(Stop));
        Assert.Equal(("path-scan", 9), (found.Kind, found.Evidence.Count));
        Assert.Equal(["block", "finding"], store.Journal.Select(entry => entry.Kind));

        clock.Advance(TimeSpan.FromHours(1));
        await LookAsync(new PathScans(blocks, blocks: true, world));
        Assert.Empty(perimeter.List.Blocks);

        perimeter.Suspects =
        [
            Scanner("8.8.4.4/32", paths: 9, all: 10) with
            {
                Last = world.Now + TimeSpan.FromSeconds(1),
            },
        ];
        await LookAsync(new PathScans(blocks, blocks: true, world));
        Assert.Equal(
            TimeSpan.FromHours(2),
            Assert.Single(perimeter.List.Blocks) is var again ? again.Until - again.From : default
        );
    }

    [Theory]
    [InlineData("8.8.4.4/32", 9, 40, true)] // Many people behind one address.
    [InlineData("10.0.0.7/32", 9, 9, true)] // Our own scanner, or a proxy.
    [InlineData("8.8.4.4/32", 7, 7, true)]
    [InlineData("8.8.4.4/32", 9, 9, false)]
    public async Task Nobody_is_kept_out_who_may_be_harmless_or_where_that_is_switched_off(
        string network,
        int paths,
        int all,
        bool isOn
    )
    {
        perimeter.Suspects = [Scanner(network, paths, all)];
        await LookAsync(new PathScans(blocks, isOn, world));
        Assert.Empty(perimeter.List.Blocks);
        Assert.Equal(Gravity.Medium, Assert.Single(await findings.AllAsync(Stop)).Gravity);
    }

    [Theory]
    [InlineData("198.51.100.7", "198.51.100.7/32")]
    [InlineData("198.51.100.0/24", "198.51.100.0/24")]
    [InlineData("2001:db8:1:2::/64", "2001:db8:1:2::/64")]
    [InlineData("0.0.0.0/0", null)]
    [InlineData("::/0", null)]
    [InlineData("198.51.100.7/24", "198.51.100.0/24")]
    [InlineData("fe80::1%2", null)]
    [InlineData("::ffff:1.2.3.4", null)]
    [InlineData("../../etc", null)]
    [InlineData("", null)]
    public void A_network_is_read_strictly(string text, string? expected)
    {
        if (expected is null)
        {
            Assert.Equal("block.network", Assert.Throws<ProblemException>(() => BlockBook.Read(text)).Problem.Code);
            return;
        }
        Assert.Equal(expected, BlockBook.Read(text));
    }

    [Fact]
    public async Task Many_refusals_of_one_caller_and_many_sign_ins_from_one_address_are_found_with_their_lines()
    {
        var acts = new JournalActs(store, world);
        await RefuseAsync("agent", before: 0);
        await LookAsync(acts);
        Assert.Empty(await findings.AllAsync(Stop));

        await RefuseAsync("agent", before: 25);
        for (var tries = 0; tries < 10; tries++)
        {
            await WriteAsync(People.Site, "identity", new() { ["refused"] = "8.8.4.4", ["count"] = 1L });
        }
        await WriteAsync(new("shop", "production"), "break-glass", []);
        await LookAsync(acts);
        await LookAsync(acts);

        Assert.Equal(
            ["break-glass High 1", "refusals High 2", "sign-in-abuse Medium 10"],
            (await findings.AllAsync(Stop)).Select(one => $"{one.Kind} {one.Gravity} {one.Evidence.Count}").Order()
        );
        clock.Advance(TimeSpan.FromMinutes(11));
        await LookAsync(new JournalActs(store, world));
        Assert.Equal(3, store.Journal.Count(entry => entry.Kind == "finding"));
    }

    [Fact]
    public async Task A_finding_that_was_closed_opens_again_by_evidence_that_is_new_and_not_by_the_same()
    {
        var found = FindingBook.New("open-port", "shop:4444", Gravity.Medium, "shop listens", "Look.") with
        {
            Evidence = ["one"],
        };
        await findings.RaiseAsync(found, Stop);
        await findings.CloseAsync(found.Id, (Principal.Owner, "ours"), Stop);
        await findings.RaiseAsync(found, Stop);
        Assert.NotNull(Assert.Single(await findings.AllAsync(Stop)).ClosedAt);
        await findings.RaiseAsync(found with { Evidence = ["two\r\n\u001b[31m" + new string('x', 1_000)] }, Stop);
        var open = Assert.Single(await findings.AllAsync(Stop));
        Assert.Null(open.ClosedAt);
        Assert.Equal(["one", "(opened again)"], open.Evidence.Take(2));
        Assert.All(open.Evidence, line => Assert.True(line.Length <= 303 && !line.Any(char.IsControl), line));
        var unknown = await Assert.ThrowsAsync<ProblemException>(() =>
            findings.CloseAsync("nope", (Principal.Owner, "x"), Stop)
        );
        Assert.Equal("finding.unknown", unknown.Problem.Code);
    }

    [Fact]
    public async Task Evidence_that_comes_within_the_same_minute_is_kept_and_what_is_said_again_opens_nothing()
    {
        var found = FindingBook.New("path-scan", "a", Gravity.Medium, "a scans", "Look.") with
        {
            Evidence = [.. Enumerable.Range(0, 20).Select(one => $"/{one}")],
        };
        await findings.RaiseAsync(found, Stop);
        await findings.RaiseAsync(found with { Evidence = ["/late"] }, Stop);
        Assert.Equal("/late", Assert.Single(await findings.AllAsync(Stop)).Evidence[^1]);
        await findings.CloseAsync(found.Id, (Principal.Owner, "ours"), Stop);
        await findings.RaiseAsync(found with { Evidence = [.. found.Evidence.Skip(1), "/new"] }, Stop);
        await findings.CloseAsync(found.Id, (Principal.Owner, "ours"), Stop);
        await findings.RaiseAsync(found, Stop);
        await findings.RaiseAsync(found with { Evidence = [.. found.Evidence.Skip(1), "/new"] }, Stop);
        Assert.NotNull(Assert.Single(await findings.AllAsync(Stop)).ClosedAt);
    }

    [Fact]
    public async Task A_new_owner_is_found_again_when_the_finding_was_lost_by_a_crash()
    {
        NewOwners Look() => new(store, new TokenDesk(store, world), () => store.Highest);
        await LookAsync(Look());
        var token = new AccessToken
        {
            Id = "0a1b2c3d4e5f",
            Name = "back door",
            Kind = PrincipalKind.Service,
            Hash = "",
            Grants = [new Grant("owner")],
            Maker = Principal.Owner,
            CreatedAt = world.Now,
            ExpiresAt = world.Now + TimeSpan.FromDays(1),
        };
        await store.CommitAsync(
            new Change(store.Highest)
            {
                Writes = [new Write(AccessBook.Tokens, token.Id, Fairlead.Engine.Deploying.Records.Body(token))],
            },
            Stop
        );
        Assert.Single(await Look().LookAsync(Stop)); // Killed before it was written down.
        await LookAsync(Look());
        Assert.Equal("new-owner", Assert.Single(await findings.AllAsync(Stop)).Kind);
        Assert.Empty(await Look().LookAsync(Stop));
    }

    [Fact]
    public void What_a_replica_should_not_do_is_found_and_what_it_may_do_is_not()
    {
        Assert.Empty(ReplicaActs.Of(Seen("127.0.0.1:5000", "127.0.0.1:9229")));
        Assert.Equal(["past-edge Low"], Kinds(Seen("0.0.0.0:5000")));
        Assert.Equal(["open-port Medium"], Kinds(Seen("127.0.0.1:5000", "[::]:4444")));
        Assert.Equal(["tool High"], Kinds(Seen() with { Programs = ["node", "xmrig"] }));
        Assert.Equal(["metadata High"], Kinds(Seen() with { Peers = ["169.254.169.254:80", "93.184.216.34:443"] }));
    }

    [Fact]
    public async Task A_network_that_a_service_never_called_in_its_first_day_is_found()
    {
        var sights = new Sights { Seen = [Seen() with { Peers = ["93.184.216.34:443"] }] };
        var acts = new ReplicaActs(sights, store, () => store.Highest, world);
        await LookAsync(acts);
        clock.Advance(TimeSpan.FromDays(2));
        sights.Seen = [Seen() with { Peers = ["93.184.216.99:443", "[2606:4700::1]:443"] }];
        await LookAsync(acts);
        var found = Assert.Single(await findings.AllAsync(Stop));
        Assert.Equal(("new-egress", "2606:4700::/48"), (found.Kind, Assert.Single(found.Evidence)));
    }

    [Fact]
    public async Task One_detector_that_cannot_see_holds_up_no_other()
    {
        var seeing = new Sights { Seen = [Seen("0.0.0.0:4444")] };
        IDetector[] detectors =
        [
            new ReplicaActs(new Sights { Seen = null }, store, () => store.Highest, world),
            new ReplicaActs(seeing, store, () => store.Highest, world),
        ];
        await new Watchman(detectors, findings, world, NullLogger.Instance).LookAsync(Stop);
        Assert.Equal("open-port", Assert.Single(await findings.AllAsync(Stop)).Kind);
    }

    private async Task LookAsync(IDetector detector) =>
        await new Watchman([detector], findings, world, NullLogger.Instance).LookAsync(Stop);

    private Task RefuseAsync(string name, int before) =>
        WriteAsync(
            AccessBook.Platform,
            "refused",
            new()
            {
                ["by"] = new JsonObject { ["kind"] = "agent", ["name"] = name },
                ["before"] = before,
            }
        );

    private async Task WriteAsync(Site site, string kind, JsonObject body) =>
        await store.CommitAsync(
            new Change(store.Highest) { Entries = [new NewEntry(site, Deployment: null, kind, "said", body)] },
            Stop
        );

    private Suspect Scanner(string network, int paths, int all) =>
        new(network, paths, all, [.. Enumerable.Range(0, paths).Select(one => $"/.env{one}")], world.Now, world.Now);

    private static ReplicaSight Seen(params string[] listens) =>
        new(new(new("shop", "production"), new Part("api", 3), 0), 5000, ["node"], listens, []);

    private static IEnumerable<string> Kinds(ReplicaSight seen) =>
        ReplicaActs.Of(seen).Select(one => $"{one.Kind} {one.Gravity}");

    private sealed class Perimeter : IPerimeter
    {
        public IReadOnlyList<Suspect> Suspects { get; set; } = [];

        public BlockList List { get; private set; } = new([]);

        public Task<PerimeterView> LookAsync(CancellationToken stop) =>
            Task.FromResult(new PerimeterView(List.Digest, Suspects));

        public Task ApplyAsync(BlockList list, Fence fence, CancellationToken stop)
        {
            List = list;
            return Task.CompletedTask;
        }
    }

    private sealed class Sights : IReplicaSights
    {
        public IReadOnlyList<ReplicaSight>? Seen { get; set; }

        public Task<IReadOnlyList<ReplicaSight>> LookAsync(CancellationToken stop) =>
            Seen is { } seen
                ? Task.FromResult(seen)
                : throw new ProblemException(new Problem("node.away", "It is away.", "It is.", "Wait."));
    }
}
