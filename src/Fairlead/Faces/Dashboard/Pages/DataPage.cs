using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;
using Fairlead.Model.Data;
using AppStatus = Fairlead.Engine.Operations.Status;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>What apps keep: whether it is saved, whether that was proven by a restore, and what deployments did to schemas.</summary>
public sealed class DataPage : IPage
{
    private const int SitesMax = 60;
    private const int RowsMax = 24;

    public string Route => "/ui/data";

    public string Section => "Data";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var status = await asking.AskAsync<AppStatus.Output>(AppStatus.Operation, [], stop);
        var all = new List<BackupView>();
        foreach (var site in status.Apps.Where(static one => one.Live is not null).Take(SitesMax))
        {
            var of = new JsonObject { ["app"] = site.App, ["environment"] = site.Environment };
            all.AddRange((await asking.TryAsync<ListBackups.Output>(ListBackups.Operation, of, stop))?.Backups ?? []);
        }
        var databases = all.GroupBy(static one => $"{one.App}/{one.Environment}/{one.Database}", StringComparer.Ordinal)
            .Select(one => Kept.Of(one.Key, [.. one.OrderByDescending(static each => each.At)], asking.Now))
            .OrderByDescending(static one => one.Loss ?? TimeSpan.MaxValue)
            .ToList();
        var blocks = new List<Block> { await DatabasesAsync(asking, databases, stop) };
        if (Drills(all) is { } picture)
        {
            blocks.Add(new Block.Figure(picture, "drills", Keys: SeriesPicture.KeysOf(picture)));
        }
        blocks.Add(Backups(all));
        blocks.Add(Migrations(status.Apps));
        return new Sheet(
            "A backup counts once it was restored somewhere else and what must hold of it held. Until then it is only a file.",
            blocks
        ).As(AnswerOf(databases));
    }

    /// <summary>A database with what its backups are worth.</summary>
    /// <param name="Loss">What would be lost if it were gone now; null when nothing is proven.</param>
    /// <param name="Return">How long the last restore took; null when there was none.</param>
    private sealed record Kept(string Name, BackupView Newest, int Count, TimeSpan? Loss, TimeSpan? Return)
    {
        public static Kept Of(string name, IReadOnlyList<BackupView> backups, DateTimeOffset now)
        {
            var proven = backups.FirstOrDefault(static one => one.State == BackupState.Verified);
            var tried = backups.FirstOrDefault(static one => one.RestoreSeconds is not null);
            return new(
                name,
                backups[0],
                backups.Count,
                proven is null ? null : now - proven.At,
                tried?.RestoreSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null
            );
        }
    }

    private static string AnswerOf(IReadOnlyList<Kept> all) =>
        all.Count == 0 ? "Nothing is saved yet"
        : all.Count(static one => one.Loss is null) is > 0 and var unproven
            ? $"{Texts.Count(unproven, "database has", "databases have")} no proven backup, of {all.Count}"
        : $"All {Texts.Count(all.Count, "database")} can be brought back; at most {Figures.Time(all.Max(static one => one.Loss!.Value))} would be lost";

    private static async Task<Block> DatabasesAsync(Asking asking, IReadOnlyList<Kept> all, CancellationToken stop)
    {
        var rows = new List<Block.Row>();
        foreach (var one in all)
        {
            var names = one.Name.Split('/');
            var input = new Dictionary<string, string>
            {
                ["app"] = names[0],
                ["environment"] = names[1],
                ["database"] = names[2],
            };
            rows.Add(
                new(
                    one.Name,
                    [
                        Cell.Link(one.Name, Links.App(names[0], names[1])),
                        Cell.State(one.Newest.State.ToString().ToLowerInvariant()),
                        one.Loss is { } loss ? Figures.Time(loss) : "all of it",
                        one.Return is { } back ? Figures.Time(back) : "not known",
                        Cell.Time(one.Newest.At),
                        $"{one.Count}",
                        Size(one.Newest.Bytes),
                    ]
                )
                {
                    Acts = await Offered.ToAsync(
                        asking,
                        [
                            new("Save it now", RunBackup.Operation, "Takes a backup besides the regular ones.", input),
                            new(
                                "Prove it now",
                                DrillBackup.Operation,
                                "Restores the newest backup somewhere else and looks at it. What is in use is not touched.",
                                input
                            ),
                        ],
                        stop
                    ),
                }
            );
        }
        return new Block.Table(
            "Databases",
            ["Database", "Newest", "Would be lost now", "Is back in", "~Saved", "~#Backups", "~#Size"],
            rows
        )
        {
            Nothing =
                "No live release says that something is to be saved. Write 'backup:' below a database in fairlead.yaml.",
            Command = "fairlead backup run",
        };
    }

    // One line for each database: when it was tried, and how long it took until it was there again.
    private static Picture? Drills(IReadOnlyList<BackupView> all)
    {
        var tried = all.Where(static one => one.RestoreSeconds is not null).OrderBy(static one => one.At).ToList();
        if (tried.Count < 2)
        {
            return null;
        }
        var failed = tried.Count(static one => one.State == BackupState.Failed);
        return new(
            "Restore drills",
            $"{Texts.Count(tried.Count, "restore")}, {(failed == 0 ? "all of them good" : $"{failed} failed")}; the longest took {SpansPicture.TimeOf(tried.Max(static one => one.RestoreSeconds!.Value))}.",
            new(
                ["Backup of (UTC)", "Database", "Was back in", "Outcome"],
                [
                    .. tried
                        .TakeLast(RowsMax)
                        .Select(static one =>
                            (IReadOnlyList<string>)
                                [
                                    one.At.UtcDateTime.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture),
                                    $"{one.App}/{one.Environment}/{one.Database}",
                                    SpansPicture.TimeOf(one.RestoreSeconds!.Value),
                                    one.State == BackupState.Failed ? "failed" : "good",
                                ]
                        ),
                ]
            ),
            new Drawing.Lines(
                [
                    .. tried
                        .GroupBy(static one => $"{one.App} {one.Environment} {one.Database}", StringComparer.Ordinal)
                        .Take(6)
                        .Select(static one => new Drawing.Line(
                            one.Key,
                            "other",
                            [.. one.Select(static each => new Drawing.Point(each.At, each.RestoreSeconds!.Value))],
                            [],
                            []
                        )),
                ],
                "s",
                null,
                [
                    .. tried
                        .Where(static one => one.State == BackupState.Failed)
                        .TakeLast(3)
                        .Select(static one => new Drawing.Mark(one.At, "failed")),
                ]
            )
        );
    }

    private static Block.Table Backups(IReadOnlyList<BackupView> all) =>
        new(
            "Backups",
            ["Backup", "Of", "State", "Taken", "~#Size", "~#Took", "~What was seen"],
            [
                .. all.OrderByDescending(static one => one.At)
                    .Take(RowsMax)
                    .Select(static one => new Block.Row(
                        one.Backup,
                        [
                            Cell.Code(one.Backup),
                            $"{one.App}/{one.Environment}/{one.Database}",
                            Cell.State(one.State.ToString().ToLowerInvariant()),
                            Cell.Time(one.At),
                            Size(one.Bytes),
                            SpansPicture.TimeOf(one.TookSeconds),
                            one.Told,
                        ]
                    )),
            ]
        )
        {
            Nothing = "There are none.",
            Command = "fairlead backup list",
        };

    private static Block.Table Migrations(IReadOnlyList<AppStatus.AppView> apps) =>
        new(
            "Migrations in the last deployments",
            ["App", "Release", "Step", "State"],
            [
                .. apps.Select(static one => one.Deployment)
                    .OfType<DeploymentView>()
                    .SelectMany(static one =>
                        one.Steps.Where(static step =>
                                step.Text.StartsWith("migrate", StringComparison.Ordinal)
                                || step.Text.StartsWith("save", StringComparison.Ordinal)
                            )
                            .Select((step, index) => (Deployment: one, Step: step, Index: index))
                    )
                    .Take(RowsMax)
                    .Select(static one => new Block.Row(
                        $"{one.Deployment.Id} {one.Index}",
                        [
                            Cell.Link(
                                $"{one.Deployment.App} {one.Deployment.Environment}",
                                Links.App(one.Deployment.App, one.Deployment.Environment)
                            ),
                            Cell.Link($"@{one.Deployment.Release}", Links.Deployment(one.Deployment.Id)),
                            Cell.Code(one.Step.Text),
                            Cell.State(one.Step.State),
                        ]
                    )),
            ]
        )
        {
            Nothing = "None of them changed a schema.",
            Command = "fairlead migration lint",
        };

    internal static string Size(long bytes) => bytes < 1024 ? $"{bytes} B" : $"{Figures.Brief(bytes)}B";
}
