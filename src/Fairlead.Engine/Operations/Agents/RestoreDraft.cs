using System.Globalization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Agents;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Drafts a plan that brings data back. What is in use is not touched, so it can be looked at before anything depends on it.</summary>
internal static class RestoreDraft
{
    public static async Task<PlanDraft> OfAsync(PlanChange.Input input, EngineContext engine, CancellationToken stop)
    {
        var (site, database) = await BackupDatabases.OfAsync(
            engine,
            input.App,
            input.Environment,
            input.Database,
            stop
        );
        engine.Demand(Permission.Deploy, site);
        var moment = input.To is { } text ? RestoreBackup.TimeOf("to", text) : (DateTimeOffset?)null;
        var backups = await engine.Server.Backups.Book.ListAsync(site, database.Name, stop);
        // Named in the plan: a newer one that comes before somebody says yes is not what was shown.
        var backup = BackupDatabases.Choose(backups, input.Backup, moment, database);
        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"{database.Name} of {site} as of {moment ?? backup.At:u}, from backup {backup.Id}"
        );
        return new(
            site,
            new()
            {
                Database = database.Name,
                Backup = backup.Id,
                To = input.To,
                Switch = input.Switch,
            },
            PlanDrafts.Hash($"restore {site} {database.Name} {backup.Id} {backup.Digest} {input.To} {input.Switch}"),
            what,
            new()
            {
                Diff =
                [
                    $"{database.Name}: a copy beside the one in use, {backup.Id} of {backup.At:u}",
                    .. input.Switch
                        ? [$"{site} uses the copy; what was written since is only in the old one"]
                        : Array.Empty<string>(),
                ],
                Steps =
                [
                    $"bring back {what}, into a new place",
                    .. input.Switch ? [$"lead {site} there by a deployment"] : Array.Empty<string>(),
                ],
                Risk = input.Switch ? PlanRisk.High : PlanRisk.Low,
                RiskReasons =
                [
                    input.Switch
                        ? "what was written since is missing from what the app sees"
                        : "nothing in use is touched",
                    backup.Drill is { Problem: null }
                        ? "it was brought back before, by a drill"
                        : "nobody has brought it back yet",
                ],
                Blast = new([database.Name], Replicas: 0, HasTraffic: input.Switch),
                IsReversible = true,
                Undo = input.Switch
                    ? "The old one is kept: lead the app back to it by its secret."
                    : "Drop the copy; nothing uses it.",
                Cost = "Room for a second copy of the data.",
            }
        );
    }
}
