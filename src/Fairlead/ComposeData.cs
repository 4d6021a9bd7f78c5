using Fairlead.Drivers.Data.Backups;
using Fairlead.Drivers.Data.Servers;
using Fairlead.Drivers.Demo;
using Fairlead.Drivers.Nodes;
using Fairlead.Drivers.State;
using Fairlead.Engine.Data.Backups;
using Fairlead.Engine.Data.Serving;
using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Engine.Guarding.Integrity;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Fairlead.Roles;
using Fairlead.Roles.Server;

namespace Fairlead;

internal static partial class Compose
{
    /// <summary>What saves and brings back a state folder. Nothing of it is written there: it may be the one that is to be made.</summary>
    private static PlatformPorts WholePlatform(World world, StateFolder state) =>
        new(
            new PlatformFiles(state),
            new ResticRepositories(
                Path.Combine(Path.GetTempPath(), $"fairlead-restic-{Environment.UserName}"),
                Path.Combine(state.Root, "backup-key"),
                world
            )
        );

    /// <summary>How this Fairlead is saved by itself; null where nobody said so. An address that cannot be read is said when it is used.</summary>
    private static PlatformSchedule? ScheduleOf()
    {
        static string? Said(string name) => Environment.GetEnvironmentVariable($"FAIRLEAD_PLATFORM_BACKUP{name}");
        if (
            Said("") is not { Length: >= Secret.CharsMin } file
            || Said("_PASSPHRASE") is not { Length: > 0 } passphrase
        )
        {
            return null;
        }
        return new(
            // A file has the address and variables of its server; what is none is the address.
            new(File.Exists(file) ? File.ReadAllText(file).Trim() : file),
            async stop =>
                File.Exists(passphrase)
                && Secret.FaultOf((await File.ReadAllTextAsync(passphrase, stop)).Trim()) is null
                    ? new Secret((await File.ReadAllTextAsync(passphrase, stop)).Trim())
                    : null,
            Units.TryParseDuration(Said("_EVERY") ?? "") ?? TimeSpan.FromDays(1)
        );
    }

    /// <summary>The same server, which saves itself where it was told to.</summary>
    private static ServerPlatform SavingItself(RoleContext context, ServerPlatform platform)
    {
        if (ScheduleOf() is not { } schedule)
        {
            return platform;
        }
        var desk = new PlatformDesk(
            (platform.Conductor.Ports.Store, () => platform.Conductor.Fence),
            new(() => WholePlatform(context.World, context.State)),
            schedule,
            context.World,
            context.Logs.CreateLogger<PlatformDesk>()
        );
        return platform with { Background = [desk, .. platform.Background], Measure = platform.Measure + desk.Measure };
    }

    /// <summary>Where the data of databases is that Fairlead runs: in the state folder, but for root, whose folder no other account may enter.</summary>
    internal static string DataOf(StateFolder state) =>
        Environment.GetEnvironmentVariable("FAIRLEAD_DATA") is { Length: > 0 } said ? Path.GetFullPath(said)
        : Environment.IsPrivilegedProcess ? state.Root.TrimEnd('/') + "-data"
        : Path.Combine(state.Root, "databases");

    /// <summary>The same server, which also runs databases, and reads what is kept again and again.</summary>
    private static ServerPlatform Serving(RoleContext context, ServerPlatform platform)
    {
        var server = platform.Engine.Server;
        var desk = new DatabaseDesk(
            new(
                platform.Conductor.Ports.Store,
                () => platform.Conductor.Fence,
                AllDatabaseServers.Entries(DataOf(context.State), context.World),
                LocalDatabases.FreePort,
                LocalDatabases.NewPassword
            ),
            server.Vault,
            context.World,
            context.Logs.CreateLogger<DatabaseDesk>()
        );
        var integrity = new IntegrityDesk(
            platform.Conductor.Ports.Store,
            () => platform.Conductor.Fence,
            (platform.Engine.Scanning.Papers, platform.Engine.Scanning.Signer),
            context.World,
            context.Logs.CreateLogger<IntegrityDesk>()
        );
        return platform with
        {
            Engine = platform.Engine with { Server = server with { Databases = desk } },
            Background = [desk, integrity, .. platform.Background],
            Measure =
                platform.Measure
                + desk.Measure
                + integrity.Measure
                + (page => JobMeter.Measure(platform.Conductor, page)),
        };
    }

    /// <summary>The same server, which also saves what apps keep, and proves that it can be brought back.</summary>
    private static ServerPlatform Saving(RoleContext context, ServerPlatform platform)
    {
        var (server, world, state) = (platform.Engine.Server, context.World, context.State);
        var store = platform.Conductor.Ports.Store;
        var folder = Path.Combine(state.Root, "backups");
        var book = new BackupBook(store, () => platform.Conductor.Fence);
        var scratch = new ScratchFolders(state.Root, Environment.GetEnvironmentVariable("FAIRLEAD_SCRATCH"));
        var ports = new BackupPorts(
            store,
            AllBackupDrivers.Entries(Path.Combine(folder, "work"), world),
            new ResticRepositories(folder, Path.Combine(state.Root, "backup-key"), world),
            server.Vault.NewestAsync,
            scratch.New,
            platform.Engine.Scanning.Signer
        )
        {
            Points = [new PostgresPoints(world)],
            Smoke = new SmokeGround(state, world, context.Logs.CreateLogger<SmokeGround>()),
            SecretsAsync = server.Vault.ForStartAsync,
        };
        if (platform.IsDemo)
        {
            var vault = new DemoVault(world);
            ports = ports with
            {
                Drivers = vault.Drivers,
                Repositories = vault,
                Points = [],
                Smoke = null,
                SecretAsync = static (_, name, _) => Task.FromResult<string?>($"demo://{name}"),
            };
        }
        var work = new BackupWork(ports, book, world);
        var points = new PointDesk(work, book, world, context.Logs.CreateLogger<PointDesk>());
        var desk = new BackupDesk((store, book), work, points, world, context.Logs.CreateLogger<BackupDesk>());
        return platform with
        {
            Engine = platform.Engine with { Server = server with { Backups = desk } },
            Background = [desk, points, .. platform.Background],
            Measure = platform.Measure + desk.Measure,
        };
    }
}
