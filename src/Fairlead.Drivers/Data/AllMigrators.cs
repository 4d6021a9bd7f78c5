using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Data;

/// <summary>Migrates what an address leads to.</summary>
public sealed class AllMigrators(World world) : IMigrator
{
    // By the scheme of the address, sorted; a path has none.
    private readonly Dictionary<string, IMigrator> entries = new(StringComparer.Ordinal)
    {
        ["file"] = new SqliteMigrator(world),
        ["mariadb"] = new MysqlMigrator(world),
        ["mysql"] = new MysqlMigrator(world),
        ["postgres"] = new PostgresMigrator(world),
        ["postgresql"] = new PostgresMigrator(world),
        ["sqlite"] = new SqliteMigrator(world),
    };

    public Task<IMigrationSession> OpenAsync(string url, MigrationLimits limits, CancellationToken stop) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && entries.TryGetValue(address.Scheme, out var migrator)
            ? migrator.OpenAsync(url, limits, stop)
            : throw new ProblemException(MigrationProblems.WrongAddress());
}
