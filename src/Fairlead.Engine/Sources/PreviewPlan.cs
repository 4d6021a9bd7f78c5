using Fairlead.Model.Apps;
using Fairlead.Model.Git;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Sources;

/// <summary>What becomes of previews after a look. Pure.</summary>
public abstract record PreviewMove
{
    private PreviewMove() { }

    /// <summary>Deploys a commit there; the preview is new, or has another one.</summary>
    public sealed record Ship(Preview Preview, string Commit) : PreviewMove;

    /// <summary>It ends.</summary>
    public sealed record End(Preview Preview, string Why) : PreviewMove;

    /// <summary>It was gone already, and nothing has to be remembered of it any more.</summary>
    public sealed record Forget(Preview Preview) : PreviewMove;
}

/// <param name="Heads">Branches and changes as they are in the repository now.</param>
/// <param name="Known">Previews that there are, and those that are remembered.</param>
/// <param name="ClosedChanges">Changes that are open no longer.</param>
public sealed record PreviewView(
    GitSource Source,
    IReadOnlyDictionary<string, GitHead> Heads,
    IReadOnlyList<Preview> Known,
    IReadOnlySet<int> ClosedChanges,
    DateTimeOffset Now
);

/// <summary>Decides which previews come, change and end.</summary>
public static class PreviewPlan
{
    public static IReadOnlyList<PreviewMove> Of(PreviewView now)
    {
        if (now.Source.Previews is not { } rules || now.Source.IsLeaving)
        {
            return [.. now.Known.Select(one => Leave(one, "its source makes no previews any more"))];
        }
        var moves = new List<PreviewMove>();
        var staying = new List<Preview>();
        foreach (var one in now.Known.Where(static one => one is { IsOver: false, Ending: null }))
        {
            if (WhyEnd(one, rules, now) is { } why)
            {
                moves.Add(new PreviewMove.End(one, why));
                continue;
            }
            staying.Add(one);
            if (CommitOf(one, now) is { } commit && commit != one.Commit)
            {
                moves.Add(new PreviewMove.Ship(one with { At = now.Now }, commit));
            }
        }
        moves.AddRange(
            now.Known.Where(one => one.IsOver && !IsRemembered(one, now)).Select(one => new PreviewMove.Forget(one))
        );
        moves.AddRange(Newcomers(rules, staying, now));
        return moves;
    }

    /// <summary>The preview that a branch would have.</summary>
    public static Preview New(GitSource source, PreviewRules rules, string branch, DateTimeOffset now)
    {
        var slug = BranchSlug.Of(branch);
        return new()
        {
            Source = source.Name,
            Site = new Site(source.App, BranchSlug.Environment(branch)),
            Branch = branch,
            Host = rules
                .Host.Replace("{branch}", slug, StringComparison.Ordinal)
                .Replace("{app}", source.App, StringComparison.Ordinal),
            At = now,
        };
    }

    // Those that end still count until they are gone: there are never more than was said.
    private static IEnumerable<PreviewMove> Newcomers(PreviewRules rules, List<Preview> staying, PreviewView now)
    {
        var room = rules.Max - now.Known.Count(static one => !one.IsOver);
        var isMakingRoom = now.Known.Any(static one => one is { IsOver: false, Ending: not null });
        foreach (var (branch, head) in Fresh(rules, now))
        {
            var preview = New(now.Source, rules, branch, now.Now);
            if (now.Known.Any(one => one.Site == preview.Site && !one.IsOver))
            {
                continue; // It has one, or another branch has its name, which is as good as impossible.
            }
            if (room > 0)
            {
                room--;
                yield return new PreviewMove.Ship(preview, head.Commit);
            }
            else if (!isMakingRoom && staying.MinBy(static one => one.At) is { } oldest && oldest.At < head.At)
            {
                isMakingRoom = true;
                yield return new PreviewMove.End(oldest, $"there may be {rules.Max}, and {branch} is newer");
            }
        }
    }

    // Branches that nobody touched for long were not waiting for a preview. Newest first.
    private static IEnumerable<KeyValuePair<string, GitHead>> Fresh(PreviewRules rules, PreviewView now) =>
        now
            .Heads.Where(one =>
                one.Key != now.Source.Branch
                && !one.Key.Contains(':', StringComparison.Ordinal)
                && Patterns.Fit(rules.Branches, one.Key)
                && one.Value.At > now.Now - rules.Ttl
                && !now.Known.Any(known => known.IsOver && known.Branch == one.Key && known.Commit == one.Value.Commit)
            )
            .OrderByDescending(static one => one.Value.At)
            .ThenBy(static one => one.Key, StringComparer.Ordinal);

    private static string? WhyEnd(Preview one, PreviewRules rules, PreviewView now) =>
        one.Change is { } change
            ? now.ClosedChanges.Contains(change)
                ? "its change is closed"
                : now.Now - one.At > rules.Ttl
                    ? Idle(rules)
                    : null
            : !now.Heads.TryGetValue(one.Branch, out var head)
                ? "its branch is gone"
                : !Patterns.Fit(rules.Branches, one.Branch) || one.Branch == now.Source.Branch
                    ? "its branch gets no preview any more"
                    : now.Now - one.At > rules.Ttl && head.Commit == one.Commit
                        ? Idle(rules)
                        : null;

    private static string Idle(PreviewRules rules) => $"it had no commit for {rules.Ttl.TotalHours:0.#} hours";

    // Of a fork nothing is deployed but what somebody looked at.
    private static string? CommitOf(Preview one, PreviewView now) =>
        one.Change is not null ? one.Approved
        : now.Heads.TryGetValue(one.Branch, out var head) ? head.Commit
        : null;

    private static bool IsRemembered(Preview one, PreviewView now) =>
        now.Heads.TryGetValue(one.Branch, out var head) && head.Commit == one.Commit && one.Change is null;

    private static PreviewMove Leave(Preview one, string why) =>
        one.IsOver ? new PreviewMove.Forget(one) : new PreviewMove.End(one, why);
}
