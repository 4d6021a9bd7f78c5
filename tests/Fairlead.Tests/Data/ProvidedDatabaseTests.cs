using Fairlead.Drivers.Secrets;
using Fairlead.Engine.Data.Serving;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Data;

/// <summary>Databases that an app only names: what a manifest makes of them, and what becomes of them.</summary>
public sealed class ProvidedDatabaseTests : IDisposable
{
    private static readonly World World = new(TimeProvider.System, new Random(1));
    private static readonly Site Shop = new("shop", "production");

    private static readonly Database Db = new()
    {
        Name = "db",
        Kind = DatabaseKind.Postgres,
        Url = "DATABASE_URL",
        Provided = new(),
    };

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fairlead-provided-");
    private readonly MemoryStore store = new(World);
    private readonly OneServer server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public void A_database_without_an_address_is_run_by_Fairlead_and_those_who_use_it_are_given_its_address_and_their_part()
    {
        var app = Manifests.Shop.Load(
            """
            app: shop
            databases:
              db: { kind: postgres, connections: 48 }
              cache: { kind: redis, url: REDIS_URL }
            services:
              api: { uses: [db, mails], replicas: 3 }
              mails: { secrets: [DATABASE_URL], env: { CACHE: none } }
              billing: { uses: [cache] }
            """
        );

        Assert.Equal(
            [
                "api: DATABASE_URL; DATABASE_POOL=5; uses mails",
                "billing: REDIS_URL; ; uses ",
                "mails: DATABASE_URL; CACHE=none DATABASE_POOL=5; uses ",
            ],
            app.Services.Select(static one => one.Service)
                .OrderBy(static one => one.Name)
                .Select(static one =>
                    $"{one.Name}: {string.Join(' ', one.Secrets!.Select(static use => use.Secret))}; {string.Join(' ', one.Env.Select(static pair => $"{pair.Key}={pair.Value}"))}; uses {string.Join(' ', one.Uses)}"
                )
        );
        Assert.Equal([48, null], app.Databases!.Select(static one => one.Provided?.ConnectionsMax));
    }

    [Theory]
    [InlineData("db: { kind: postgres }\n  other: { kind: mysql }", "manifest.database-secret")]
    [InlineData("db: { kind: postgres, url: URL, connections: 20 }", "manifest.database-elsewhere")]
    public void What_cannot_be_run_is_found(string databases, string code) =>
        Assert.Equal(
            [code],
            Assert
                .Throws<ProblemException>(() =>
                    Manifests.Shop.Load($"app: shop\ndatabases:\n  {databases}\nservices: {{ api: {{}} }}")
                )
                .Problems.Select(static one => one.Code)
        );

    [Fact]
    public void A_database_among_the_services_is_told_where_it_belongs() =>
        Assert.Contains(
            "databases: { db: { kind: postgres } }",
            Manifests.Shop.Answer("app: shop\nservices: { api: { uses: [db] }, db: { kind: postgres } }"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task It_is_made_once_and_its_address_is_a_secret_from_then_on()
    {
        var (desk, vault) = Desk();
        await desk.EnsureAsync(Shop, [Db], Stop);
        await desk.EnsureAsync(Shop, [Db with { Provided = new() { ConnectionsMax = 20 } }], Stop);

        Assert.Equal(["make shop/production/db 4711 100", "keep shop/production/db 4711 20"], server.Calls);
        Assert.Equal(
            "postgres://app:s3cretpassword@127.0.0.1:4711/app",
            await vault.NewestAsync(Shop, "DATABASE_URL", Stop)
        );
        Assert.Equal(
            [(20, ServerState.Ready)],
            (await desk.ListAsync(Shop, Stop)).Select(static one => (one.Database.ConnectionsMax, one.State))
        );
        Assert.DoesNotContain(store.Journal, static one => one.Text.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Killed_before_it_was_made_it_goes_on_with_the_same_address()
    {
        var (desk, vault) = Desk();
        server.Fails = true;
        await Assert.ThrowsAsync<ProblemException>(() => desk.EnsureAsync(Shop, [Db], Stop));
        var first = await vault.NewestAsync(Shop, "DATABASE_URL", Stop);
        server.Fails = false;
        await Desk().Desk.EnsureAsync(Shop, [Db], Stop);

        Assert.Equal(first, await vault.NewestAsync(Shop, "DATABASE_URL", Stop));
        Assert.Equal(["make shop/production/db 4711 100", "make shop/production/db 4711 100"], server.Calls);
    }

    [Fact]
    public async Task An_address_that_somebody_set_is_never_taken_for_ours()
    {
        var (desk, vault) = Desk();
        await vault.AddAsync(
            (Shop, "DATABASE_URL"),
            new Secret("postgres://app:theirs@db.example.com/app"),
            ("anna", "set"),
            change: null,
            Stop
        );
        Assert.Equal("database.secret-taken", await CodeAsync(desk.EnsureAsync(Shop, [Db], Stop)));
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task What_would_be_another_database_is_refused()
    {
        var (desk, _) = Desk();
        await desk.EnsureAsync(Shop, [Db], Stop);
        foreach (
            var other in (Database[])
                [
                    Db with
                    {
                        Kind = DatabaseKind.Mysql,
                    },
                    Db with
                    {
                        Url = "OTHER_URL",
                    },
                    Db with
                    {
                        Provided = new() { Port = 5 },
                    },
                ]
        )
        {
            Assert.Equal("database.other", await CodeAsync(desk.EnsureAsync(Shop, [other], Stop)));
        }
    }

    [Fact]
    public async Task One_that_is_removed_stands_still_for_a_week_and_can_be_had_back()
    {
        var (desk, _) = Desk();
        await desk.EnsureAsync(Shop, [Db], Stop);
        var gone = await desk.RemoveAsync(Shop, "db", "anna", Stop);
        Assert.False(DatabaseLife.IsOver(gone, World.Now + TimeSpan.FromDays(6.9)));
        Assert.True(DatabaseLife.IsOver(gone, World.Now + TimeSpan.FromDays(7.1)));
        Assert.Equal(ServerState.Removed, Assert.Single(await desk.ListAsync(Shop, Stop)).State);
        await desk.KeepAgainAsync(Shop, "db", "anna", Stop);
        await desk.EnsureAsync(Shop, [Db], Stop);

        Assert.Equal(
            ["make shop/production/db 4711 100", "stop shop/production/db", "keep shop/production/db 4711 100"],
            server.Calls
        );
        Assert.Equal("database.unknown", await CodeAsync(desk.RemoveAsync(Shop, "nothing", "anna", Stop)));
    }

    [Fact]
    public async Task Lost_data_is_made_anew_only_when_somebody_says_so_and_a_preview_takes_all_of_its_own_along()
    {
        var (desk, vault) = Desk();
        await desk.EnsureAsync(Shop, [Db], Stop);
        Assert.Equal("database.not-gone", await CodeAsync(desk.RemakeAsync(Shop, "db", "anna", Stop)));
        server.IsGone = true;
        Assert.Equal("database.data-gone", await CodeAsync(desk.EnsureAsync(Shop, [Db], Stop)));
        var address = await vault.NewestAsync(Shop, "DATABASE_URL", Stop);
        server.Calls.Clear();
        await desk.RemakeAsync(Shop, "db", "anna", Stop);
        Assert.Equal(["keep shop/production/db 4711 100", "make shop/production/db 4711 100"], server.Calls);
        Assert.Equal(address, await vault.NewestAsync(Shop, "DATABASE_URL", Stop));

        await desk.ForgetAsync(Shop, Stop);
        Assert.Equal("remove shop/production/db", server.Calls[^1]);
        Assert.Empty(await desk.ListAsync(Shop, Stop));
    }

    [Fact]
    public async Task A_failover_that_is_cut_off_is_gone_on_with_and_the_old_one_is_never_started_again()
    {
        var (desk, _) = Desk();
        await desk.EnsureAsync(Shop, [Db], Stop);
        Assert.Equal("database.no-standby", await CodeAsync(desk.FailOverAsync(Shop, "db", "anna", Stop)));
        var followed = Db with { Provided = new() { HasStandby = true } };
        await desk.EnsureAsync(Shop, [followed], Stop);
        server.Fails = true;
        await Assert.ThrowsAsync<ProblemException>(() => desk.FailOverAsync(Shop, "db", "anna", Stop));

        // Another server process: neither a deployment nor its loop starts what was being put aside.
        server.Fails = false;
        var (next, _) = Desk();
        server.Calls.Clear();
        await next.EnsureAsync(Shop, [followed], Stop);
        Assert.Empty(server.Calls);
        await next.FailOverAsync(Shop, "db", "anna", Stop);
        await next.EnsureAsync(Shop, [followed], Stop);
        Assert.Equal(["fail over shop/production/db 4711", "keep shop/production/db 4711 100"], server.Calls);
        Assert.Equal(
            ["anna lets the standby of db take its place", "db: its standby answers in its place"],
            store
                .Journal.Where(static one => one.Kind == "database-failover")
                .Select(static one => one.Text.Split(" after")[0])
        );
    }

    private static async Task<string> CodeAsync(Task doing) =>
        (await Assert.ThrowsAsync<ProblemException>(() => doing)).Problem.Code;

    private (DatabaseDesk Desk, Vault Vault) Desk()
    {
        var fence = store.TakeChargeAsync("test", Stop).GetAwaiter().GetResult();
        var seals = new Envelope([new FileKeys(root.FullName, World)]);
        var vault = new Vault(new(store, seals, () => fence, World, new LiveMask()));
        return (
            new(
                new(store, () => fence, [server], static () => 4711, static () => "s3cretpassword"),
                vault,
                World,
                NullLogger<DatabaseDesk>.Instance
            ),
            vault
        );
    }

    /// <summary>A kind whose servers only note what is asked of them.</summary>
    private sealed class OneServer : IDatabaseServer, IStandbyServer
    {
        public DatabaseKind Kind => DatabaseKind.Postgres;

        public List<string> Calls { get; } = [];

        public bool Fails { get; set; }

        public bool IsGone { get; set; }

        public string AddressOf(int port, string password) => $"postgres://app:{password}@127.0.0.1:{port}/app";

        public Task<ServerSight> EnsureAsync(ServerOrder order, CancellationToken stop)
        {
            Calls.Add($"{(order.Password is null ? "keep" : "make")} {order.Path} {order.Port} {order.ConnectionsMax}");
            if (IsGone && order.Password is null)
            {
                throw new ProblemException(
                    new Problem("database.data-gone", "It is lost.", "Nothing is there.", "Remake it.")
                );
            }
            IsGone = false;
            return Fails
                ? throw new ProblemException(
                    new Problem("database.no-start", "It did not start.", "No room.", "Mend it.")
                )
                : Task.FromResult(new ServerSight("15", WasStarted: order.Password is not null));
        }

        public bool HasStandby(ServerOrder order) => true;

        public Task EndStandbyAsync(ServerOrder order, CancellationToken stop) => Task.CompletedTask;

        public Task EnsureStandbyAsync(ServerOrder order, int port, CancellationToken stop) => Task.CompletedTask;

        public Task FailOverAsync(ServerOrder order, int port, CancellationToken stop)
        {
            Calls.Add($"fail over {order.Path} {port}");
            return Fails
                ? throw new ProblemException(new Problem("database.no-start", "It did not start.", "No room.", "Mend."))
                : Task.CompletedTask;
        }

        public Task StopAsync(ServerOrder order, CancellationToken stop)
        {
            Calls.Add($"stop {order.Path}");
            return Task.CompletedTask;
        }

        public Task RemoveAsync(ServerOrder order, CancellationToken stop)
        {
            Calls.Add($"remove {order.Path}");
            return Task.CompletedTask;
        }
    }
}
