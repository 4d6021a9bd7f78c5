using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.OnCall;
using Fairlead.Model.Agents;
using Fairlead.Model.Data;
using Fairlead.Model.Releases;
using FaultDrill = Fairlead.Model.Incidents.Drill;

namespace Fairlead.Engine.Agents;

/// <summary>What a page is made of.</summary>
/// <param name="Live">Null before the first release.</param>
/// <param name="Recent">The latest deployments, newest first.</param>
/// <param name="Handoffs">Those that hold.</param>
public sealed record PageFacts(
    SiteRecord Record,
    Release? Live,
    IReadOnlyList<Deployment> Recent,
    IReadOnlyList<Handoff> Handoffs
)
{
    /// <summary>Backups of the app's data, newest first.</summary>
    public IReadOnlyList<Backup> Backups { get; init; } = [];

    /// <summary>Faults that were made on purpose, on this server, newest first.</summary>
    public IReadOnlyList<FaultDrill> Drills { get; init; } = [];

    /// <summary>Who can be woken.</summary>
    public Roster Roster { get; init; } = Roster.Empty;
}

/// <summary>An app's operational page, as it was written after a deployment.</summary>
/// <param name="Deployment">The one after which it was written.</param>
/// <param name="Digest">SHA-256 of the text, in hex.</param>
public sealed record KeptPage(string Deployment, DateTimeOffset At, string Digest, string Text);

/// <summary>
/// Writes what whoever is woken at night has to know of an app: what runs where, how to deploy, roll back and restore it, its goals, what
/// holds, and what went on lately. Pure, and made of what is known alone, so that it cannot be out of date by more than a deployment.
/// </summary>
public static class OperationalPage
{
    private const int RecentMax = 10;
    private const int DrillsMax = 10;

    public static KeptPage Of(PageFacts facts, DateTimeOffset now)
    {
        var text = Text(facts, now);
        return new(
            facts.Recent is [var latest, ..] ? latest.Id : "",
            now,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
            text
        );
    }

    private static string Text(PageFacts facts, DateTimeOffset now)
    {
        var page = new StringBuilder();
        void Add(FormattableString line) => page.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Runs(facts, Add);
        HowTo(facts, Add);
        Promised(facts, Add);
        People(facts, now, Add);
        Holds(facts, Add);
        Tried(facts, Add);
        Lately(facts, Add);
        return page.ToString();
    }

    private static void Runs(PageFacts facts, Action<FormattableString> add)
    {
        var site = facts.Record.Site;
        add($"# {site.App} in {site.Environment}\n");
        add($"## What runs\n");
        if (facts.Live is { } live)
        {
            add(
                $"Release {live.Number} of {live.At:u}{(live.Commit is { } commit ? $", commit {commit}" : "")}, from {live.Source}.\n"
            );
            add($"Reached at: {(live.Hosts.Count == 0 ? "no host" : string.Join(", ", live.Hosts))}\n");
            add($"| service | part | replicas | strategy | when it is well | uses |");
            add($"| --- | --- | --- | --- | --- | --- |");
            foreach (var one in live.Services)
            {
                add(
                    $"| {one.Service.Name} | {one.Part} | {Replicas(one)} | {one.Strategy.Kind} | {Health(one)} | {string.Join(", ", one.Service.Uses)} |"
                );
            }
        }
        else
        {
            add($"Nothing is live.");
        }
    }

    private static void HowTo(PageFacts facts, Action<FormattableString> add)
    {
        var site = facts.Record.Site;
        add($"\n## How to\n");
        add($"- deploy: `fairlead deploy {facts.Live?.Source ?? "FOLDER"} --environment {site.Environment}`");
        add(
            $"- roll back: `fairlead rollback {site.App} --environment {site.Environment}`{(facts.Record.Previous is { } before ? $", which makes release {before} live again" : "; there is no release before this one")}"
        );
        add($"- stop what is under way: `fairlead abort {site.App} --environment {site.Environment}`");
        add(
            $"- see why: `fairlead explain {site.App} --environment {site.Environment}`, `fairlead logs {site.App}`, `fairlead error list {site.App}`"
        );
        add(
            $"- in an incident: `fairlead incident open 'TITLE' --app {site.App} --environment {site.Environment}`, then `fairlead oncall show`"
        );
        add($"- data: a rollback changes none of it; what was written stays written");
    }

    private static void Promised(PageFacts facts, Action<FormattableString> add)
    {
        add($"\n## Goals\n");
        if (facts.Live?.Watch?.Slo is not { } slo)
        {
            add($"None: its manifest says no `slo`.");
            return;
        }
        if (slo.Availability is { } availability)
        {
            add($"- availability: {availability * 100:0.###} % of requests, over 30 days");
        }
        if (slo.Fast is { } fast)
        {
            add(
                $"- latency: {fast * 100:0.###} % of requests within {slo.Within.TotalMilliseconds:0} ms, over 30 days"
            );
        }
        add($"- how they are kept: `fairlead report sla`");
    }

    private static void People(PageFacts facts, DateTimeOffset now, Action<FormattableString> add)
    {
        add($"\n## Who is woken\n");
        if (facts.Roster.Escalations.Count == 0)
        {
            add($"Nobody: no escalation was set, `fairlead routing set`.");
        }
        foreach (var one in facts.Roster.Escalations.Values.OrderBy(static one => one.Name, StringComparer.Ordinal))
        {
            var people = one.Levels is [var first, ..] ? facts.Roster.PeopleOf(first, now) : [];
            add(
                $"- {Cell(one.Name)}: {(people.Count == 0 ? "nobody just now" : Cell(string.Join(", ", people.Select(static each => each.Name))))} as of {now:u}; now: `fairlead oncall show`"
            );
        }
    }

    private static void Tried(PageFacts facts, Action<FormattableString> add)
    {
        add($"\n## What was tried\n");
        foreach (
            var data in facts
                .Backups.GroupBy(static one => one.Database)
                .OrderBy(static one => one.Key, StringComparer.Ordinal)
        )
        {
            var saved = data.FirstOrDefault(static one => one.Digest is not null);
            add($"- {data.Key}: {(saved is null ? "no backup is there" : $"saved last at {saved.At:u}")}");
            if (data.FirstOrDefault(static one => one.Drill is not null) is not { Drill: { } drill } tried)
            {
                add($"- {data.Key}: nobody has restored a backup of it yet");
                continue;
            }
            add(
                $"- {data.Key}: backup {tried.Id} was restored at {drill.At:u} in {drill.Took.TotalSeconds:0.0} s{(drill.Problem is { } problem ? $", and did not hold: {Cell(problem.What)}" : "")}; again: `fairlead backup restore {facts.Record.Site.App} --database {data.Key}`"
            );
        }
        foreach (
            var one in facts.Drills.Where(static one => one.IsOver).DistinctBy(static one => one.Kind).Take(DrillsMax)
        )
        {
            add($"- drill {one.Number}, {one.Kind}, at {one.StartedAt:u}: {one.State.ToString().ToLowerInvariant()}");
        }
        if (facts.Backups.Count == 0 && !facts.Drills.Any(static one => one.IsOver))
        {
            add($"Nothing yet: `fairlead drill run bad-deploy`.");
        }
    }

    private static void Holds(PageFacts facts, Action<FormattableString> add)
    {
        add($"\n## What holds\n");
        foreach (
            var rule in new[] { facts.Record.Protection, facts.Live?.Protection }
                .OfType<Protection>()
                .Where(static one => one.Approvals > 0)
                .Take(1)
        )
        {
            add($"- {rule.Approvals} approvals{(rule.From.Count == 0 ? "" : $" of {string.Join(" or ", rule.From)}")}");
        }
        foreach (var one in facts.Handoffs)
        {
            foreach (var effect in one.Effects)
            {
                add($"- {Cell(effect)} ({one.Kind} {one.Id}, {Cell(one.Owner)})");
            }
        }
    }

    private static void Lately(PageFacts facts, Action<FormattableString> add)
    {
        add($"\n## Lately\n");
        add($"| deployment | release | ended as | asked for by | why |");
        add($"| --- | --- | --- | --- | --- |");
        foreach (var one in facts.Recent.Take(RecentMax))
        {
            add(
                $"| {one.Id} | {one.Release} | {one.Phase} | {Cell(one.RequestedBy?.Name ?? "")} | {Cell(one.Reason?.Why ?? "")} |"
            );
        }
    }

    private static string Replicas(ReleasedService one) =>
        one.Service.Scale is { } scale
            ? string.Create(CultureInfo.InvariantCulture, $"{scale.Min} to {scale.Max}")
            : one.Service.Replicas.ToString(CultureInfo.InvariantCulture);

    private static string Health(ReleasedService one) =>
        one.Service.Health switch
        {
            { Http: { } path } => $"{path} answers",
            { Tcp: true } => "its port answers",
            { Command.Count: > 0 } => "its command says so",
            _ => "it runs",
        };

    // What strangers wrote stays in its cell.
    private static string Cell(string text) =>
        PlainText
            .Of(text, 200)
            .Replace('\n', ' ')
            .Replace("|", "/", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal);
}
