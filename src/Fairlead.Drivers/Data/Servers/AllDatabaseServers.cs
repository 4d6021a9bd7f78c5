using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Data.Servers;

/// <summary>Every kind of database that Fairlead runs itself. To add one: a file in this folder, a line here.</summary>
public static class AllDatabaseServers
{
    /// <param name="root">Where their folders are.</param>
    public static IReadOnlyList<IDatabaseServer> Entries(string root, World world) =>
        [new MysqlServer(root, world), new PostgresServer(root, world), new RedisServer(root, world)];
}
