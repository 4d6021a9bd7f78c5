using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Data.Backups;

/// <summary>Every kind of data that can be saved. To add one: a file in this folder, a line here, its contract test.</summary>
public static class AllBackupDrivers
{
    /// <param name="work">A folder for what is only there for a moment.</param>
    public static IReadOnlyList<IBackupDriver> Entries(string work, World world) =>
        [
            new FileBackups(),
            new MysqlBackups(work, world),
            new PostgresBackups(world),
            new RedisBackups(work),
            new SqliteBackups(work),
        ];
}
