using System.Globalization;

namespace Fairlead.Model.Web;

/// <summary>Reads <c>_headers</c> in Netlify's syntax: a path alone on its line, the headers for it on those below.</summary>
public static class HeadersFile
{
    public const string Name = "_headers";

    internal static IReadOnlyList<HeaderRule> Read(string text, RuleFindings findings)
    {
        var rules = new List<HeaderRule>();
        List<HeaderLine>? headers = null;
        var isSkipping = false;
        var number = 0;
        foreach (var range in text.AsSpan().EnumerateLines())
        {
            number++;
            var place = number.ToString(CultureInfo.InvariantCulture);
            var line = range.Trim().ToString();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }
            if (line[0] == '/' || line.Contains("://", StringComparison.Ordinal) && !char.IsWhiteSpace(range[0]))
            {
                var (glob, why) = PathGlob.Parse(line);
                isSkipping = glob is null;
                headers = [];
                if (glob is null)
                {
                    findings.Add(
                        place,
                        $"the path '{RuleFindings.Shown(line)}' cannot be matched.",
                        why!,
                        "Write for example: /assets/*"
                    );
                }
                else
                {
                    rules.Add(new HeaderRule($"{Name}:{place}", glob, headers));
                }
            }
            else if (!isSkipping && ReadHeader(line, headers is null, place, findings) is { } header)
            {
                headers!.Add(header);
            }
        }
        return [.. rules.Where(rule => rule.Headers.Count > 0)];
    }

    private static HeaderLine? ReadHeader(string line, bool isAlone, string place, RuleFindings findings)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var (name, value) = colon < 0 ? (line, "") : (line[..colon].TrimEnd(), line[(colon + 1)..].Trim());
        var objection =
            colon < 0 ? "A header is a name, a colon and a value."
            : isAlone ? "No path stands above it."
            : HeaderLine.Objection(name, value);
        if (objection is not null)
        {
            findings.Add(
                place,
                $"'{RuleFindings.Shown(line)}' sets no header.",
                objection,
                isAlone
                    ? "Put the path it is for on a line above, for example: /*"
                    : "Remove it, or write for example: X-Frame-Options: DENY"
            );
            return null;
        }
        return new(name, value);
    }
}
