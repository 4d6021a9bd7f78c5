using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Responding.Incidents;

/// <summary>Ranks what changed before an incident began. Pure.</summary>
public static class Suspects
{
    /// <summary>What is older is suspected no more.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(2);

    private const int Most = 10;

    // Kinds of the journal that change how an app behaves, and how often each is the cause.
    private static readonly Dictionary<string, (int Weight, string Word)> Kinds = new(StringComparer.Ordinal)
    {
        ["secret"] = (45, "a secret was changed"),
        ["infrastructure"] = (45, "infrastructure was changed"),
        ["scaled"] = (25, "the number of replicas was changed"),
        ["certificate"] = (25, "a certificate was changed"),
        ["access"] = (10, "rights were changed"),
    };

    /// <param name="deployments">Of the site.</param>
    /// <param name="changed">Services that a release brought a new version of.</param>
    /// <param name="journal">Lines of the site or of the platform.</param>
    /// <param name="services">Those that are hurt.</param>
    public static IReadOnlyList<Suspect> Of(
        IReadOnlyList<Deployment> deployments,
        Func<int, IReadOnlyList<string>> changed,
        IReadOnlyList<JournalEntry> journal,
        IReadOnlyList<string> services,
        DateTimeOffset startedAt
    ) =>
        [
            .. deployments
                .Where(one => one.Phase is DeploymentPhase.Promoted && IsNear(one.EndedAt, startedAt))
                .Select(one => Of(one, changed(one.Release), services, startedAt))
                .Concat(
                    journal.Where(one => IsNear(one.At, startedAt)).Select(one => Of(one, startedAt)).OfType<Suspect>()
                )
                .OrderByDescending(static one => one.Score)
                .ThenByDescending(static one => one.At)
                .Take(Most),
        ];

    // A little after as well: the first symptom is only seen at the next measurement.
    private static bool IsNear(DateTimeOffset? at, DateTimeOffset startedAt) =>
        at is { } known && known <= startedAt + TimeSpan.FromSeconds(30) && startedAt - known <= Window;

    private static Suspect Of(
        Deployment deployment,
        IReadOnlyList<string> changed,
        IReadOnlyList<string> services,
        DateTimeOffset startedAt
    )
    {
        var ended = deployment.EndedAt!.Value; // Those that are promoted have one.
        var hit = changed.Intersect(services, StringComparer.Ordinal).ToList();
        var score = 60 + (hit.Count > 0 ? 25 : 0) + Freshness(ended, startedAt, 15);
        var word = deployment.IsRollback ? "a rollback to" : "release";
        return new(
            ended,
            $"{word} {deployment.Release} went live",
            hit.Count > 0
                ? $"It brought a new version of {string.Join(", ", hit)}, {Ago(ended, startedAt)}."
                : $"It went live {Ago(ended, startedAt)}.",
            score
        )
        {
            Deployment = deployment.Id,
            Release = deployment.Release,
        };
    }

    private static Suspect? Of(JournalEntry entry, DateTimeOffset startedAt) =>
        Kinds.TryGetValue(entry.Kind, out var kind)
            ? new(
                entry.At,
                entry.Text,
                $"{char.ToUpperInvariant(kind.Word[0])}{kind.Word[1..]} {Ago(entry.At, startedAt)}.",
                kind.Weight + Freshness(entry.At, startedAt, 15)
            )
            : null;

    private static int Freshness(DateTimeOffset at, DateTimeOffset startedAt, int most) =>
        (int)(most * (1 - Math.Clamp((startedAt - at) / Window, 0, 1)));

    private static string Ago(DateTimeOffset at, DateTimeOffset startedAt)
    {
        var passed = startedAt - at;
        return passed <= TimeSpan.Zero ? "at the same time"
            : passed < TimeSpan.FromMinutes(2) ? $"{passed.TotalSeconds:0} s before it began"
            : $"{passed.TotalMinutes:0} min before it began";
    }
}
