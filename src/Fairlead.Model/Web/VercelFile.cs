using System.Buffers;
using System.Text.Json;

namespace Fairlead.Model.Web;

/// <summary>
/// Reads what is understood of <c>vercel.json</c>: headers, redirects, rewrites, cleanUrls and trailingSlash. Of path-to-regexp it knows
/// <c>:name</c>, <c>:path*</c> and <c>(.*)</c> at the end. See https://vercel.com/docs/project-configuration.
/// </summary>
public static class VercelFile
{
    public const string Name = "vercel.json";

    private const int RulesMax = 2_000;
    private const int DepthMax = 20;
    private const string Regex =
        "Of patterns, :name, and :path* or (.*) at the end, are known; other expressions are not.";

    private const string Unnamed = "_1";

    private static readonly SearchValues<char> Signs = SearchValues.Create("()*+?{}\\");

    private static readonly JsonDocumentOptions Reading = new()
    {
        MaxDepth = DepthMax,
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    // Said to Vercel's builder and its dashboard: they change nothing about how files are served.
    private static readonly HashSet<string> Elsewhere = new(StringComparer.Ordinal)
    {
        "$schema",
        "buildCommand",
        "devCommand",
        "framework",
        "git",
        "github",
        "ignoreCommand",
        "installCommand",
        "name",
        "outputDirectory",
        "public",
        "regions",
        "version",
    };

    internal static Vercel Read(string text, RuleFindings findings)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Reading);
            return ReadRoot(document.RootElement, findings);
        }
        catch (JsonException caught)
        {
            findings.Add(
                $"{caught.LineNumber + 1}",
                "the file is no JSON.",
                caught.Message,
                "Mend it; its rules do not hold until then."
            );
            return Vercel.None;
        }
        catch (InvalidOperationException caught)
        {
            // Half of a letter, which JSON allows and no text has.
            findings.Add(
                "1",
                "a text in the file is broken.",
                caught.Message,
                "Mend it; its rules do not hold until then."
            );
            return Vercel.None;
        }
    }

    private static Vercel ReadRoot(JsonElement root, RuleFindings findings)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            findings.Add(
                "1",
                "the file is no JSON object.",
                $"It is a {root.ValueKind}.",
                "Write: { \"cleanUrls\": true }"
            );
            return Vercel.None;
        }
        var read = Vercel.None;
        foreach (var property in root.EnumerateObject())
        {
            read = property.Name switch
            {
                "cleanUrls" => read with { HasCleanUrls = Flag(property, findings) },
                "trailingSlash" => read with { HasTrailingSlash = Flag(property, findings) },
                "headers" => read with { Headers = Rules(property, findings, ReadHeaders) },
                "redirects" => read with { Redirects = Rules(property, findings, ReadRedirect) },
                "rewrites" => read with { Rewrites = Rules(property, findings, ReadRewrite) },
                _ => read,
            };
            if (
                property.Name is not ("cleanUrls" or "trailingSlash" or "headers" or "redirects" or "rewrites")
                && !Elsewhere.Contains(property.Name)
            )
            {
                findings.Add(
                    RuleFindings.Shown(property.Name),
                    $"'{RuleFindings.Shown(property.Name)}' is not supported.",
                    "Known are headers, redirects, rewrites, cleanUrls and trailingSlash.",
                    "Say it in fairlead.yaml where there is a key for it, else remove it."
                );
            }
        }
        return read;
    }

    private static bool? Flag(JsonProperty property, RuleFindings findings)
    {
        if (property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return property.Value.GetBoolean();
        }
        findings.Add(
            property.Name,
            $"'{property.Name}' is neither true nor false.",
            $"It is a {property.Value.ValueKind}.",
            $"Write: \"{property.Name}\": true"
        );
        return null;
    }

    private static List<T> Rules<T>(JsonProperty list, RuleFindings findings, Func<VercelRule, RuleFindings, T?> read)
        where T : class
    {
        var rules = new List<T>();
        if (list.Value.ValueKind != JsonValueKind.Array || list.Value.GetArrayLength() > RulesMax)
        {
            findings.Add(
                list.Name,
                $"'{list.Name}' is no list of at most {RulesMax}.",
                $"It is a {list.Value.ValueKind}.",
                "Write: [{ \"source\": \"/old\" }]"
            );
            return rules;
        }
        var index = 0;
        foreach (var item in list.Value.EnumerateArray())
        {
            var rule = new VercelRule($"{list.Name}[{index++}]", item);
            if (item.ValueKind != JsonValueKind.Object || rule.Text("source") is null)
            {
                findings.Add(
                    rule.Place,
                    "the rule has no source.",
                    "Each rule says which paths it is for.",
                    "Write: \"source\": \"/old/:path*\""
                );
            }
            else if (read(rule, findings) is { } done)
            {
                rules.Add(done);
            }
        }
        return rules;
    }

    private static HeaderRule? ReadHeaders(VercelRule rule, RuleFindings findings)
    {
        var source = rule.Text("source")!;
        var (glob, why) = Path(source) is { } path ? PathGlob.Parse(path) : (null, Regex);
        why ??= rule.Has("has") || rule.Has("missing") ? "Headers with conditions are not supported." : null;
        if (glob is null || why is not null)
        {
            findings.Add(
                rule.Place,
                $"headers for '{RuleFindings.Shown(source)}' are not set.",
                why!,
                "Write for example: \"source\": \"/assets/(.*)\""
            );
            return null;
        }
        var lines = new List<HeaderLine>();
        foreach (var (name, value) in rule.Pairs("headers", "key", "value"))
        {
            if (HeaderLine.Objection(name, value) is { } objection)
            {
                findings.Add(rule.Place, $"'{RuleFindings.Shown(name)}' is not set.", objection, "Remove it.");
            }
            else
            {
                lines.Add(new(name, value));
            }
        }
        return lines.Count == 0 ? null : new HeaderRule($"{Name}:{rule.Place}", glob, lines);
    }

    private static RedirectRule? ReadRedirect(VercelRule rule, RuleFindings findings)
    {
        var status = rule.Number("statusCode") ?? (rule.Flag("permanent") is false ? 307 : 308);
        if (status is not (301 or 302 or 303 or 307 or 308))
        {
            findings.Add(
                rule.Place,
                $"the status {status} leads nowhere.",
                "A redirect has 301, 302, 303, 307 or 308.",
                "Write: \"permanent\": true"
            );
            return null;
        }
        // Vercel redirects before it looks at files.
        return ReadRule(rule, status, findings) is { } read ? read with { IsForced = true } : null;
    }

    private static RedirectRule? ReadRewrite(VercelRule rule, RuleFindings findings)
    {
        if (rule.Text("destination") is { } to && !to.StartsWith('/'))
        {
            findings.Add(
                rule.Place,
                $"'{RuleFindings.Shown(to)}' cannot be shown here.",
                "Only paths of the site itself can be shown at another path; nothing is fetched from elsewhere.",
                "Give the other service a route in fairlead.yaml, for example: routes: [/api]"
            );
            return null;
        }
        return ReadRule(rule, 200, findings);
    }

    private static RedirectRule? ReadRule(VercelRule rule, int status, RuleFindings findings)
    {
        var (source, destination) = (rule.Text("source")!, rule.Text("destination"));
        var (pattern, why) = Path(source) is { } path ? PathPattern.Parse(path, Rest(source)) : (null, Regex);
        var when = VercelConditions.Read(rule, ref why);
        Target? target = null;
        if (pattern is not null && why is null)
        {
            (target, why) = destination is null
                ? (null, "It has no destination.")
                : Target.Parse(
                    Destination(destination),
                    pattern.Names.Concat(when.Select(one => one.Capture).OfType<string>())
                );
        }
        if (target is null)
        {
            findings.Add(
                rule.Place,
                $"the rule for '{RuleFindings.Shown(source)}' does not hold.",
                why!,
                "Write for example: { \"source\": \"/blog/:path*\", \"destination\": \"/news/:path*\" }"
            );
            return null;
        }
        return new RedirectRule
        {
            Where = $"{Name}:{rule.Place}",
            From = pattern!,
            To = target,
            Status = status,
            When = when,
        };
    }

    // /blog/:path* and /blog/(.*) are /blog/* with a name. Null when more of path-to-regexp is used.
    private static string? Path(string source)
    {
        var end = source.LastIndexOf('/');
        var (front, last) = end < 0 ? ("", source) : (source[..end], source[(end + 1)..]);
        var path = last == "(.*)" || (last.StartsWith(':') && last.EndsWith('*')) ? $"{front}/*" : source;
        return path.AsSpan(0, path.EndsWith("/*", StringComparison.Ordinal) ? path.Length - 1 : path.Length)
            .ContainsAny(Signs)
            ? null
            : path;
    }

    // What stands for the rest: path in /blog/:path*, $1 in /blog/(.*).
    private static string Rest(string source)
    {
        var last = source[(source.LastIndexOf('/') + 1)..];
        return last.StartsWith(':') ? last.Trim(':', '*') : Unnamed;
    }

    // In a destination :path* means what :path does.
    private static string Destination(string text) =>
        text.Replace("$1", ":" + Unnamed, StringComparison.Ordinal).Replace("*", "", StringComparison.Ordinal);
}

/// <summary>What a site's vercel.json says.</summary>
internal sealed record Vercel(
    bool? HasCleanUrls,
    bool? HasTrailingSlash,
    IReadOnlyList<HeaderRule> Headers,
    IReadOnlyList<RedirectRule> Redirects,
    IReadOnlyList<RedirectRule> Rewrites
)
{
    public static readonly Vercel None = new(null, null, [], [], []);
}
