using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Fairlead.Model.Alerting;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Responding.Routing;

/// <summary>What was told of a group of alerts: all that cannot be found out again.</summary>
/// <param name="Key">The route's key and the labels of the group, as Alertmanager writes them.</param>
/// <param name="NextAt">Before then nothing more is told of it.</param>
public sealed record AlertGroup(string Key, string Receiver, DateTimeOffset NextAt)
{
    /// <summary>Fingerprints of what was told as firing and not yet as over.</summary>
    public IReadOnlyList<string> Firing { get; init; } = [];

    /// <summary>When something was told last; null when nothing was.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>How often something was told.</summary>
    public int Number { get; init; }

    /// <summary>What it is kept by.</summary>
    [JsonIgnore]
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Receiver}\n{Key}")))[..24];
}

/// <summary>What is to be done now about telling people.</summary>
/// <param name="Groups">As they are from now on; those that are gone are left out.</param>
/// <param name="Told">What each receiver is told now.</param>
/// <param name="NextAt">When to look again at the latest; null when nothing is due.</param>
public sealed record Dispatched(
    IReadOnlyList<AlertGroup> Groups,
    IReadOnlyList<Notification> Told,
    DateTimeOffset? NextAt
);

/// <summary>Decides who is told of which alerts and when: grouping, waiting, repeating, as Alertmanager does it. Pure.</summary>
public static class Dispatch
{
    /// <summary>More alerts in one notification help nobody; the rest is counted in its notes.</summary>
    private const int AlertsMax = 200;

    /// <param name="alerts">Those that fire and those that ended lately.</param>
    /// <param name="known">Groups as they were.</param>
    /// <param name="how">Why nobody is told of an alert, null when somebody is; and where Fairlead is reached.</param>
    public static Dispatched Decide(
        RoutingPlan plan,
        IReadOnlyCollection<Alert> alerts,
        IReadOnlyCollection<AlertGroup> known,
        (Func<Alert, string?> Muted, string ExternalUrl) how,
        DateTimeOffset now
    )
    {
        var before = known.ToDictionary(static one => (one.Receiver, one.Key));
        var groups = new List<AlertGroup>();
        var told = new List<Notification>();
        foreach (var (route, labels, members) in Grouped(plan, alerts))
        {
            var key = $"{route.Key}:{labels}";
            var group =
                before.GetValueOrDefault((route.Receiver, key))
                ?? new(key, route.Receiver, FirstAt(route, members, now));
            // Whoever was told that it fires is told that it is over, silenced or not: nobody could end it there by hand.
            var heard = members
                .Where(one => how.Muted(one) is null || (!one.IsFiring && group.Firing.Contains(one.Fingerprint)))
                .ToList();
            if (group.NextAt <= now)
            {
                var isMuted = plan.IsMuted(route, now);
                var next = isMuted ? null : Tell(route, group, heard, now);
                if (next is not null)
                {
                    told.Add(Notification(next, labels, heard, (group, how.ExternalUrl), now));
                }
                group = (next ?? group) with { NextAt = now + route.GroupInterval };
            }
            if (group.Firing.Count > 0 || members.Exists(static one => one.IsFiring))
            {
                groups.Add(group);
            }
        }
        // A group without an alert is forgotten, as after a change of routes.
        return new(groups, told, groups.Count == 0 ? null : groups.Min(static one => one.NextAt));
    }

    private static IEnumerable<(Route Route, Labels Labels, List<Alert> Members)> Grouped(
        RoutingPlan plan,
        IReadOnlyCollection<Alert> alerts
    ) =>
        alerts
            .SelectMany(alert => plan.Root.For(alert.Labels).Select(route => (Route: route, Alert: alert)))
            .GroupBy(one => (one.Route.Receiver, one.Route.Key, Labels: one.Route.GroupOf(one.Alert.Labels)))
            .Select(group => (group.First().Route, group.Key.Labels, group.Select(static one => one.Alert).ToList()));

    // What fires for longer than others would be waited for has waited enough.
    private static DateTimeOffset FirstAt(Route route, IReadOnlyList<Alert> members, DateTimeOffset now) =>
        members.Min(static one => one.StartsAt) + route.GroupWait is var due && due < now ? now : due;

    /// <summary>The group once it was told; null when there is nothing to tell.</summary>
    private static AlertGroup? Tell(Route route, AlertGroup group, IReadOnlyList<Alert> heard, DateTimeOffset now)
    {
        var firing = heard.Where(static one => one.IsFiring).Select(static one => one.Fingerprint).ToList();
        var over = heard
            .Where(static one => !one.IsFiring)
            .Select(static one => one.Fingerprint)
            .ToHashSet(StringComparer.Ordinal);
        var isNew = firing.Except(group.Firing, StringComparer.Ordinal).Any();
        var isOver = group.Firing.Any(over.Contains);
        var isRepeat = firing.Count > 0 && group.ToldAt is { } told && now - told >= route.RepeatInterval;
        return isNew || isOver || isRepeat
            ? group with
            {
                // What is muted now was told as firing and still is; its end will be told.
                Firing = [.. firing.Union(group.Firing.Where(one => !over.Contains(one)), StringComparer.Ordinal)],
                ToldAt = now,
                Number = group.Number + 1,
            }
            : null;
    }

    private static Notification Notification(
        AlertGroup next,
        Labels labels,
        IReadOnlyList<Alert> heard,
        (AlertGroup Before, string ExternalUrl) of,
        DateTimeOffset now
    )
    {
        var all = heard
            .Where(one => one.IsFiring || of.Before.Firing.Contains(one.Fingerprint))
            .OrderBy(static one => !one.IsFiring)
            .ThenBy(static one => one.Severity != Alert.Page)
            .ThenBy(static one => one.StartsAt)
            .ThenBy(static one => one.Fingerprint, StringComparer.Ordinal)
            .ToList();
        return new()
        {
            // The same words for the same news: who decides again after a crash says nothing new.
            Id = Convert.ToHexStringLower(
                SHA256.HashData(
                    Encoding.UTF8.GetBytes(
                        $"{next.Receiver}\n{next.Key}\n{all.Min(static one => one.StartsAt):O}\n{next.Number}"
                    )
                )
            )[..32],
            Receiver = next.Receiver,
            GroupKey = next.Key,
            GroupLabels = labels,
            Alerts = [.. all.Take(AlertsMax)],
            At = now,
            ExternalUrl = of.ExternalUrl,
            Notes = all.Count > AlertsMax ? [$"... and {all.Count - AlertsMax} more alerts"] : [],
        };
    }
}
