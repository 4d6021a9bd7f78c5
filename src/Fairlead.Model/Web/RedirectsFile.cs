using System.Globalization;

namespace Fairlead.Model.Web;

/// <summary>
/// Reads <c>_redirects</c> in Netlify's syntax: <c>/store id=:id  /shop/:id  301!</c>. Proxying and conditions on countries,
/// languages and roles are findings. See https://docs.netlify.com/manage/routing/redirects/overview/.
/// </summary>
public static class RedirectsFile
{
    public const string Name = "_redirects";

    private const int LineCharsMax = 4_000;
    private const int Permanent = 301;

    private static readonly HashSet<int> Statuses = [200, 301, 302, 303, 307, 308, 404, 410];

    internal static IReadOnlyList<RedirectRule> Read(string text, RuleFindings findings)
    {
        var rules = new List<RedirectRule>();
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var place = number.ToString(CultureInfo.InvariantCulture);
            if (line.Length > LineCharsMax)
            {
                findings.Add(
                    place,
                    "the line is too long.",
                    $"It has {line.Length} characters, at most {LineCharsMax}.",
                    "Shorten it."
                );
            }
            else if (Words(line) is { Count: > 0 } words && ReadRule(words, place, findings) is { } rule)
            {
                rules.Add(rule);
            }
        }
        return rules;
    }

    // "/a  /b  301   # why" | "https://old.example/*  https://new.example/:splat  301!"
    private static List<string> Words(ReadOnlySpan<char> line)
    {
        var words = new List<string>();
        foreach (var range in line.SplitAny(" \t"))
        {
            var word = line[range];
            if (word.StartsWith('#'))
            {
                break;
            }
            if (!word.IsEmpty)
            {
                words.Add(word.ToString());
            }
        }
        return words;
    }

    private static RedirectRule? ReadRule(List<string> words, string place, RuleFindings findings)
    {
        var (host, path) = SplitHost(words[0]);
        var at = words.FindIndex(1, word => word.StartsWith('/') || word.Contains("://", StringComparison.Ordinal));
        if (path is null || at < 0)
        {
            findings.Add(
                place,
                "the line is no rule.",
                at < 0 ? "It says no target." : $"'{RuleFindings.Shown(words[0])}' is no path.",
                "Write: /old  /new  301"
            );
            return null;
        }
        var (pattern, why) = PathPattern.Parse(path);
        if (pattern is null)
        {
            findings.Add(
                place,
                $"the path '{RuleFindings.Shown(path)}' cannot be matched.",
                why!,
                "Write for example: /news/*  /blog/:splat"
            );
            return null;
        }
        var when = Queries(words[1..at], place, findings);
        if (when is null || ReadStatus(words[(at + 1)..], place, findings) is not var (status, isForced))
        {
            return null;
        }
        var (target, objection) = Target.Parse(
            words[at],
            pattern.Names.Concat(when.Select(one => one.Capture).OfType<string>())
        );
        objection ??=
            target is { IsLocal: false } && status is 200 or 404 or 410
                ? "Only paths of the site itself can be shown at another path; nothing is fetched from elsewhere."
                : null;
        if (objection is not null)
        {
            findings.Add(
                place,
                $"the target '{RuleFindings.Shown(words[at])}' cannot be reached.",
                objection,
                status == 200 && words[at].StartsWith("http", StringComparison.Ordinal)
                    ? "Give the other service a route in fairlead.yaml, for example: routes: [/api]; or lead there with 302."
                    : "Write for example: /old/:id  /new/:id  301"
            );
            return null;
        }
        return new RedirectRule
        {
            Where = $"{Name}:{place}",
            From = pattern,
            To = target!,
            Status = status,
            IsForced = isForced,
            When = host is null ? when : [.. when, new RuleCondition(ConditionKind.Host, "", host)],
        };
    }

    private static (string? Host, string? Path) SplitHost(string from)
    {
        if (from.StartsWith('/'))
        {
            return (null, from);
        }
        var authority = from.IndexOf("://", StringComparison.Ordinal) + 3;
        if (authority < 3 || !from.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            return (null, null);
        }
        var slash = from.IndexOf('/', authority);
        var host = slash < 0 ? from[authority..] : from[authority..slash];
        return (host.ToLowerInvariant(), slash < 0 ? "/" : from[slash..]);
    }

    // id=:id takes any id and names it; id=5 takes that one.
    private static List<RuleCondition>? Queries(List<string> words, string place, RuleFindings findings)
    {
        var all = new List<RuleCondition>();
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || equals == word.Length - 1)
            {
                findings.Add(
                    place,
                    $"'{RuleFindings.Shown(word)}' is no query parameter.",
                    "Between path and target stand parameters that the request must have.",
                    "Write for example: /store id=:id  /shop/:id  301"
                );
                return null;
            }
            var (name, value) = (word[..equals], word[(equals + 1)..]);
            all.Add(
                value.StartsWith(':')
                    ? new(ConditionKind.Query, name, Capture: value[1..])
                    : new(ConditionKind.Query, name, value)
            );
        }
        return all;
    }

    private static (int Status, bool IsForced)? ReadStatus(List<string> words, string place, RuleFindings findings)
    {
        var (status, isForced) = (Permanent, false);
        foreach (var word in words)
        {
            if (int.TryParse(word.TrimEnd('!'), NumberStyles.None, CultureInfo.InvariantCulture, out status))
            {
                isForced = word.EndsWith('!');
                if (Statuses.Contains(status))
                {
                    continue;
                }
            }
            findings.Add(
                place,
                $"'{RuleFindings.Shown(word)}' is not known.",
                word.Contains('=', StringComparison.Ordinal)
                    ? "Conditions (Country, Language, Role, Cookie) are not supported: the edge does not guess who a visitor is."
                    : $"After the target stands a status: {string.Join(", ", Statuses.Order())}, with ! to hold where a file is.",
                "Remove it, or write for example: /old  /new  302"
            );
            return null;
        }
        return (status, isForced);
    }
}
