using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Finds the database that is meant, and a backup of it.</summary>
internal static class BackupDatabases
{
    /// <param name="name">Null where the app has only one.</param>
    /// <exception cref="ProblemException">There is none, or several, or nothing of the app is live.</exception>
    public static async Task<(Site Site, Database Database)> OfAsync(
        EngineContext engine,
        string? app,
        string? environment,
        string? name,
        CancellationToken stop
    )
    {
        var release = await LiveReleases.OfAsync(engine, app, environment, release: null, stop);
        var saved = (release.Databases ?? []).Where(static one => one.Backup is not null).ToList();
        return saved.Where(one => name is null || one.Name == name).ToList() is [var only]
            ? (release.Site, only)
            : throw new ProblemException(NotOne(release, saved, name));
    }

    /// <param name="id">Null for the newest that was not found bad.</param>
    /// <param name="before">Only those of before this time; null for all.</param>
    /// <exception cref="ProblemException">There is none.</exception>
    public static Backup Choose(IReadOnlyList<Backup> backups, string? id, DateTimeOffset? before, Database database)
    {
        var there = backups.Where(static one => one.Digest is not null);
        return (
                id is not null
                    ? there.FirstOrDefault(one => one.Id == id)
                    : there
                        .Where(one => one.Drill is not { Problem: not null })
                        .FirstOrDefault(one => before is null || one.At <= before)
            )
            ?? throw new ProblemException(
                new Problem(
                    "backup.unknown",
                    What: $"There is no such backup of '{database.Name}'.",
                    Why: id is not null ? $"None has the id {id}."
                        : before is { } time ? $"None that may be trusted is from before {time:u}."
                        : "None was taken yet, or none of them may be trusted.",
                    Fix: "fairlead backup list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
    }

    private static Problem NotOne(Release release, List<Database> saved, string? name) =>
        new(
            "backup.no-database",
            What: name is null
                ? $"It is not clear which database of {release.Site.App} is meant."
                : $"{release} saves no database '{name}'.",
            Why: saved.Count == 0
                ? "Its manifest has none with 'backup'."
                : $"It saves: {string.Join(", ", saved.Select(static one => one.Name))}.",
            Fix: saved.Count == 0
                ? "Add to fairlead.yaml: databases: { db: { kind: postgres, url: DATABASE_URL, backup: { every: 15m } } }, then: fairlead deploy"
                : "Name it: --database NAME"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
