using Fairlead.Engine.Deploying;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Alerts;

/// <summary>All rules that are to be evaluated: the usual ones, those of live releases' manifests, and files that operators gave.</summary>
public sealed class RuleSources(IStore store, ILogger log)
{
    /// <summary>Files of rules by name, as they were given.</summary>
    public const string Collection = "rules";

    /// <param name="Text">As Prometheus has it.</param>
    public sealed record KeptFile(string Name, string Text, string By, DateTimeOffset At);

    public async Task<IReadOnlyList<WatchedGroup>> FindAsync(CancellationToken stop)
    {
        var live = await LiveAsync(stop);
        var off = live.SelectMany(static one => (one.Watch?.Off ?? []).Select(alert => (alert, one.Site.App)))
            .GroupBy(static one => one.alert, StringComparer.Ordinal)
            .ToDictionary(
                static one => one.Key,
                static one =>
                    (IReadOnlyList<string>)[.. one.Select(static each => each.App).Distinct(StringComparer.Ordinal)],
                StringComparer.Ordinal
            );
        return
        [
            .. DefaultRules.Of(off).Select(static group => new WatchedGroup(group.Name, group)),
            .. live.SelectMany(static release => Of(release.Site, release.Watch)),
            .. await FilesAsync(stop),
        ];
    }

    /// <summary>The rules of an app's manifest in an environment.</summary>
    public static IReadOnlyList<WatchedGroup> Of(Site site, WatchSettings? watch)
    {
        if (watch is null)
        {
            return [];
        }
        var own = new RuleGroup("rules", "fairlead.yaml", Interval: null, [.. watch.Rules.Select(Read)]);
        IReadOnlyList<RuleGroup> groups =
        [
            .. SloRules.Of(site, watch.Slo),
            .. own.Rules.Count > 0 ? [own] : Array.Empty<RuleGroup>(),
        ];
        return [.. groups.Select(group => WatchedGroup.Of(site, group.Name, group))];
    }

    private static Rule Read(WatchedRule rule) =>
        new(rule.Name, rule.Query)
        {
            IsAlerting = rule.IsAlerting,
            For = rule.For,
            KeepFiringFor = rule.KeepFiringFor,
            Labels = [.. rule.Labels.Select(static one => new Label(one.Key, one.Value))],
            Annotations = [.. rule.Annotations.Select(static one => new Label(one.Key, one.Value))],
        };

    private async Task<IReadOnlyList<Release>> LiveAsync(CancellationToken stop)
    {
        var live = new List<Release>();
        foreach (var document in await store.ListAsync(Records.Sites, "", stop))
        {
            var record = Records.Read<SiteRecord>(document);
            if (
                record.Live is { } number
                && await store.ReadAsync(Records.Releases, Memory.ReleaseKey(record.Site, number), stop) is { } release
            )
            {
                live.Add(Records.Read<Release>(release));
            }
        }
        return live;
    }

    private async Task<IReadOnlyList<WatchedGroup>> FilesAsync(CancellationToken stop)
    {
        var groups = new List<WatchedGroup>();
        foreach (var file in (await store.ListAsync(Collection, "", stop)).Select(Records.Read<KeptFile>))
        {
            try
            {
                groups.AddRange(
                    RuleFile
                        .Read(file.Name, file.Text)
                        .Select(group => new WatchedGroup($"file-{file.Name}-{group.Name}", group))
                );
            }
            catch (ProblemException caught)
            {
                // It could be read when it was given.
                Log.RulesNotUsed(log, file.Name, caught.Problem.Code, caught.Problem.Why);
            }
        }
        return groups;
    }
}
