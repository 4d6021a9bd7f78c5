using Fairlead.Model.Problems;

namespace Fairlead.Model.Web;

/// <summary>Finds redirects that lead back to themselves: a browser would give up after twenty turns.</summary>
internal static class RedirectLoops
{
    private const int TurnsMax = 20;

    /// <summary>The rules without those that begin a circle, which become findings.</summary>
    public static List<RedirectRule> Without(List<RedirectRule> rules, List<Problem> findings)
    {
        var turning = rules.Where(rule => rule.When.Count == 0 && Circle(rule, rules) is not null).ToHashSet();
        findings.AddRange(turning.Select(rule => Turning(rule, Circle(rule, rules)!)));
        return [.. rules.Where(rule => !turning.Contains(rule))];
    }

    // Only what follows without a request's own words can be known here: fixed targets on this site.
    private static List<string>? Circle(RedirectRule rule, List<RedirectRule> rules)
    {
        if (!IsFollowed(rule) || rule.From.Literal is not { } start)
        {
            return null;
        }
        var list = new RedirectList(rules);
        var path = new List<string> { start };
        for (var (at, turn) = (rule, 0); turn < TurnsMax; turn++)
        {
            var next = Trimmed(at.To.ExpandPath(NoNames));
            path.Add(next);
            if (next == start)
            {
                return path;
            }
            if (list.Find(new Bare(next)) is not var (following, _) || !IsFollowed(following))
            {
                return null;
            }
            at = following;
        }
        return null;
    }

    private static bool IsFollowed(RedirectRule rule) =>
        rule is { IsRedirect: true, To: { IsLocal: true, IsFixed: true, HasQuery: false } };

    private static string Trimmed(string path) => path.Length > 1 ? path.TrimEnd('/') : path;

    private static readonly Dictionary<string, string> NoNames = new(StringComparer.Ordinal);

    private static Problem Turning(RedirectRule rule, List<string> path) =>
        new(
            "web.rule",
            What: $"{rule.Where}: the redirect leads back to where it begins.",
            Why: $"It goes {string.Join(" -> ", path.Select(RuleFindings.Shown))}, and a browser gives up.",
            Fix: "Remove one of these rules. To choose between /path and /path/, set in fairlead.yaml: web: { trailingSlash: remove }"
        )
        {
            Where = rule.Where,
            Trouble = Trouble.WrongUse,
        };

    /// <summary>A request that has nothing but its path.</summary>
    private sealed record Bare(string Path) : IAsked
    {
        public string Host => "";

        public string? Header(string name) => null;

        public string? Cookie(string name) => null;

        public string? Query(string name) => null;
    }
}
