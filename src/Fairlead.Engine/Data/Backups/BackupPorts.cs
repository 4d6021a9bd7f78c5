using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Data.Backups;

/// <summary>What takes and tries backups.</summary>
/// <param name="Drivers">One for each kind of data.</param>
/// <param name="SecretAsync">The newest value of a site's secret; null where it has none.</param>
/// <param name="NewFolder">An empty folder of the state folder, and what removes it.</param>
/// <param name="Signer">Signs how drills went; null where nobody signs.</param>
public sealed record BackupPorts(
    IStore Store,
    IReadOnlyList<IBackupDriver> Drivers,
    IBackupRepositories Repositories,
    Func<Site, string, CancellationToken, Task<string?>> SecretAsync,
    Func<(string Path, Action Remove)> NewFolder,
    ISigner? Signer
)
{
    /// <summary>Of the kinds of which any moment can be had.</summary>
    public IReadOnlyList<IPointsInTime> Points { get; init; } = [];

    /// <summary>Where the app is tried on what was restored; null where it cannot be.</summary>
    public ISmokeGround? Smoke { get; init; }

    /// <summary>The values that a start is given; null where nobody keeps any.</summary>
    public Func<
        Site,
        IReadOnlyList<SecretUse>,
        CancellationToken,
        Task<IReadOnlyList<(SecretUse Use, SecretValue Value)>>
    >? SecretsAsync { get; init; }
}
