using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Says which backups there are and which of them are proven.</summary>
public static class ListBackups
{
    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("The database, as in the manifest; all of them when left out.")]
        public string? Database { get; init; }

        [Description("Look into the repository too, for backups that are not known here.")]
        public bool Search { get; init; }
    }

    public sealed record Output(IReadOnlyList<BackupView> Backups);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "backup.list",
            "List backups, and which of them were restored and found whole.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead backup list shop", "fairlead backup list shop --search"],
            Needs = Need.Of(Permission.See),
            AnswerMax = TimeSpan.FromMinutes(5),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var release = await LiveReleases.OfAsync(engine, input.App, input.Environment, release: null, stop);
        var views = new List<BackupView>();
        foreach (
            var database in (release.Databases ?? []).Where(one =>
                one.Backup is not null && (input.Database ?? one.Name) == one.Name
            )
        )
        {
            if (input.Search)
            {
                engine.Demand(Permission.Deploy, release.Site);
                await engine.Server.Backups.FindAsync(release.Site, database, stop);
            }
            var backups = await engine.Server.Backups.Book.ListAsync(release.Site, database.Name, stop);
            views.AddRange(backups.Select(one => BackupView.Of(one, database.Backup, engine.World.Now)));
        }
        return new(views);
    }
}
