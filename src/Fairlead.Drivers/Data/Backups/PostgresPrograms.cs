using System.Globalization;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Data.Backups;

/// <summary>Where PostgreSQL's own programs are. Debian keeps each major version in a folder of its own.</summary>
internal static class PostgresPrograms
{
    private const string Debian = "/usr/lib/postgresql";

    /// <summary>The major versions whose servers are here, the newest first, each with the folder of its programs.</summary>
    public static IReadOnlyList<(string Version, string Folder)> All() =>
        Directory.Exists(Debian)
            ?
            [
                .. Directory
                    .GetDirectories(Debian)
                    .Select(static one => (Version: Path.GetFileName(one), Folder: Path.Combine(one, "bin")))
                    .Where(static one => File.Exists(Path.Combine(one.Folder, "postgres")))
                    .OrderByDescending(static one =>
                        int.TryParse(one.Version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                            ? number
                            : 0
                    ),
            ]
            : [];

    /// <summary>The folder of a version's programs; where there are none of Debian's, that of whichever is on the path.</summary>
    /// <param name="version">Null for the newest.</param>
    /// <returns>Null where it is not here.</returns>
    public static string? Find(string? version)
    {
        var all = All();
        if (all.Count == 0)
        {
            return ToolRun.Find("postgres") is { } elsewhere ? Path.GetDirectoryName(elsewhere) : null;
        }
        return version is null
            ? all[0].Folder
            : all.Where(one => one.Version == version).Select(static one => one.Folder).FirstOrDefault();
    }

    /// <summary>Before a program that refuses to run as root; empty where we are not.</summary>
    public static IReadOnlyList<string> As(string user) =>
        Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups"] : [];

    /// <exception cref="ProblemException">There is no server of that version on this machine.</exception>
    public static string Demand(string version) =>
        Find(version)
        ?? throw new ProblemException(
            BackupProblems.NoServer($"PostgreSQL {version}'s server", $"postgresql-{version}")
        );
}
