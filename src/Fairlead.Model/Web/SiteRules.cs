using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Web;

/// <summary>What a site's own files say about how it is served: <c>_redirects</c>, <c>_headers</c> and <c>vercel.json</c>.</summary>
public sealed class SiteRules
{
    public static readonly SiteRules None = new([], [], [], null);

    private const int PlainMax = 2_000;
    private const int PatternsMax = 200;
    private const int HeaderRulesMax = 200;

    private SiteRules(
        IReadOnlyList<RedirectRule> forced,
        IReadOnlyList<RedirectRule> others,
        IReadOnlyList<HeaderRule> headers,
        Vercel? vercel
    )
    {
        (Forced, Others, Headers) = (new(forced), new(others), headers);
        HasCleanUrls = vercel?.HasCleanUrls;
        TrailingSlash = vercel?.HasTrailingSlash is { } has
            ? (has ? Apps.TrailingSlash.Add : Apps.TrailingSlash.Remove)
            : null;
    }

    /// <summary>Bytes of a rule file at most.</summary>
    public const int FileBytesMax = 512 * 1024;

    /// <summary>Hold before files are looked for.</summary>
    public RedirectList Forced { get; }

    /// <summary>Hold where no file is.</summary>
    public RedirectList Others { get; }

    public IReadOnlyList<HeaderRule> Headers { get; }

    public bool? HasCleanUrls { get; }

    public TrailingSlash? TrailingSlash { get; }

    /// <summary>What is wrong in the files, with the line.</summary>
    public IReadOnlyList<Problem> Findings { get; private init; } = [];

    /// <summary>Whether a name at the top of the output is a rule file, which is not shown.</summary>
    public static bool IsRuleFile(string name) => name is RedirectsFile.Name or HeadersFile.Name or VercelFile.Name;

    /// <param name="read">Text of a file at the top of the output; null when there is none.</param>
    public static SiteRules Read(Func<string, string?> read)
    {
        var findings = new List<Problem>();
        IReadOnlyList<RedirectRule> redirects = [];
        IReadOnlyList<HeaderRule> headers = [];
        var vercel = Vercel.None;
        OfFile(RedirectsFile.Name, (text, found) => redirects = RedirectsFile.Read(text, found));
        OfFile(HeadersFile.Name, (text, found) => headers = HeadersFile.Read(text, found));
        OfFile(VercelFile.Name, (text, found) => vercel = VercelFile.Read(text, found));
        List<RedirectRule> all = Bounded([.. vercel.Redirects, .. redirects, .. vercel.Rewrites], findings);
        List<RedirectRule> sound = RedirectLoops.Without(all, findings);
        if (headers.Count + vercel.Headers.Count > HeaderRulesMax)
        {
            findings.Add(
                TooMany(
                    HeadersFile.Name,
                    $"{headers.Count + vercel.Headers.Count} paths have headers, at most {HeaderRulesMax}"
                )
            );
        }
        return new(
            [.. sound.Where(rule => rule.IsForced)],
            [.. sound.Where(rule => !rule.IsForced)],
            [.. headers.Concat(vercel.Headers).Take(HeaderRulesMax)],
            vercel
        )
        {
            Findings = findings,
        };

        void OfFile(string name, Action<string, RuleFindings> parse)
        {
            if (read(name) is { } text)
            {
                var found = new RuleFindings(name);
                parse(text, found);
                findings.AddRange(found.All);
            }
        }
    }

    /// <summary>The headers for a path: those of all rules for it; what is said twice is joined, as Netlify does.</summary>
    public IReadOnlyList<HeaderLine> HeadersOf(string path)
    {
        if (Headers.Count == 0)
        {
            return [];
        }
        var all = new List<HeaderLine>();
        foreach (var line in Headers.Where(rule => rule.On.Matches(path)).SelectMany(rule => rule.Headers))
        {
            var at = all.FindIndex(one => one.Name.Equals(line.Name, StringComparison.OrdinalIgnoreCase));
            if (at < 0 || line.Name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase))
            {
                all.Add(line);
            }
            else
            {
                all[at] = all[at] with { Value = $"{all[at].Value}, {line.Value}" };
            }
        }
        return all;
    }

    private static List<RedirectRule> Bounded(List<RedirectRule> all, List<Problem> findings)
    {
        var (plain, patterns) = (0, 0);
        var kept = all.Where(rule => rule.From.Literal is null ? ++patterns <= PatternsMax : ++plain <= PlainMax)
            .ToList();
        if (kept.Count < all.Count)
        {
            findings.Add(
                TooMany(
                    RedirectsFile.Name,
                    $"{plain} rules with plain paths, at most {PlainMax}; {patterns} with placeholders, at most {PatternsMax}"
                )
            );
        }
        return kept;
    }

    private static Problem TooMany(string file, string why) =>
        new(
            "web.rule",
            $"{file}: there are too many rules; the last ones do not hold.",
            $"{why}.",
            "Join rules with placeholders: /news/*  /blog/:splat"
        )
        {
            Where = file,
            Trouble = Trouble.WrongUse,
        };
}

/// <summary>Redirects in their order, of which the first that matches holds. Plain paths are found at once, only patterns are tried.</summary>
public sealed class RedirectList
{
    private readonly Dictionary<string, List<int>> plain = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<RedirectRule> rules;
    private readonly int[] patterns;

    internal RedirectList(IReadOnlyList<RedirectRule> rules)
    {
        this.rules = rules;
        for (var at = 0; at < rules.Count; at++)
        {
            if (rules[at].From.Literal is { } path)
            {
                (plain.TryGetValue(path, out var list) ? list : plain[path] = []).Add(at);
            }
        }
        patterns = [.. Enumerable.Range(0, rules.Count).Where(at => rules[at].From.Literal is null)];
    }

    public int Count => rules.Count;

    /// <summary>The rule that holds for a request, with what its placeholders stand for.</summary>
    public (RedirectRule Rule, IReadOnlyDictionary<string, string> Found)? Find(IAsked asked)
    {
        var (best, found) = (int.MaxValue, (IReadOnlyDictionary<string, string>?)null);
        var path = asked.Path.Length > 1 && asked.Path.EndsWith('/') ? asked.Path[..^1] : asked.Path;
        foreach (var at in plain.GetValueOrDefault(path, []))
        {
            if (rules[at].Match(asked) is { } match)
            {
                (best, found) = (at, match);
                break;
            }
        }
        foreach (var at in patterns)
        {
            if (at > best)
            {
                break;
            }
            if (rules[at].Match(asked) is { } match)
            {
                (best, found) = (at, match);
                break;
            }
        }
        return found is null ? null : (rules[best], found);
    }
}
