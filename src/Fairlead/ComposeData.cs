using Fairlead.Drivers.Data.Backups;
using Fairlead.Drivers.Demo;
using Fairlead.Drivers.State;
using Fairlead.Engine.Data.Backups;
using Fairlead.Model.Ports;
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
        );
        if (platform.IsDemo)
        {
            var vault = new DemoVault(world);
            ports = ports with
            {
                Drivers = vault.Drivers,
                Repositories = vault,
                SecretAsync = static (_, name, _) => Task.FromResult<string?>($"demo://{name}"),
            };
        }
        var desk = new BackupDesk(
            store,
            book,
            new BackupWork(ports, book, world),
            world,
            context.Logs.CreateLogger<BackupDesk>()
        );
        return platform with
        {
            Engine = platform.Engine with { Server = server with { Backups = desk } },
            Background = [desk, .. platform.Background],
            Measure = platform.Measure + desk.Measure,
        };
    }
}
