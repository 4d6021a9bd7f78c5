using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Fairlead.Engine.Pipelines.Vendors.Jenkins;

/// <summary>Texts of a Jenkinsfile in neutral words.</summary>
internal static partial class JenkinsText
{
    /// <summary>What Jenkins sets, and what it is here.</summary>
    public static IReadOnlyDictionary<string, string> Known { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["BRANCH_NAME"] = "${{ branch || tag }}",
            ["TAG_NAME"] = "${{ tag }}",
            ["GIT_COMMIT"] = "${{ commit }}",
            ["GIT_BRANCH"] = "${{ branch || tag }}",
            ["CHANGE_BRANCH"] = "${{ source }}",
            ["CHANGE_TARGET"] = "${{ target }}",
        };

    /// <summary>The value of a variable, into which Jenkins fills others; null when it is worked out by Groovy.</summary>
    public static string? Value(GroovyValue value)
    {
        if (value.Text.Contains("${{", StringComparison.Ordinal))
        {
            return null;
        }
        if (value.IsFilled)
        {
            return Worked(value.Text);
        }
        var isWhole = true;
        var filled = Use()
            .Replace(
                value.Text,
                found =>
                {
                    if (found.Value == "$$")
                    {
                        return "$";
                    }
                    var known = Known.GetValueOrDefault(found.Groups["name"].Value);
                    isWhole &= known is not null;
                    return known ?? "";
                }
            );
        return isWhole ? filled : null;
    }

    /// <summary>A text in which Groovy fills in what Jenkins sets, and nothing else.</summary>
    private static string? Worked(string text)
    {
        var isWhole = true;
        var filled = Asked()
            .Replace(
                text,
                found =>
                {
                    var known = Known.GetValueOrDefault(found.Groups["name"].Value);
                    isWhole &= known is not null;
                    return known ?? "";
                }
            );
        return isWhole && !filled.Replace("${{", "", StringComparison.Ordinal).Contains('$', StringComparison.Ordinal)
            ? filled
            : null;
    }

    /// <summary>
    /// A script in which Groovy fills in nothing but what the environment has: the shell can do it. Null when it is worked out.
    /// </summary>
    public static string? Script(GroovyValue value)
    {
        if (!value.IsText || value.Text.Contains("${{", StringComparison.Ordinal))
        {
            return null;
        }
        if (!value.IsFilled)
        {
            return value.Text;
        }
        var rest = new StringBuilder();
        var at = 0;
        foreach (Match found in Asked().Matches(value.Text))
        {
            rest.Append(value.Text, at, found.Index - at);
            at = found.Index + found.Length;
        }
        rest.Append(value.Text, at, value.Text.Length - at);
        return rest.ToString().Contains('$', StringComparison.Ordinal)
            ? null
            : Asked().Replace(value.Text, static found => $"${{{found.Groups["name"].Value}}}");
    }

    /// <summary>Variables that a script reads.</summary>
    public static IEnumerable<string> Reads(string text) =>
        Use()
            .Matches(text)
            .Select(static one => one.Groups["name"].Value)
            .Where(static one => one.Length > 0)
            .Distinct(StringComparer.Ordinal);

    /// <summary>The time of a <c>timeout(time: 5, unit: 'MINUTES')</c>; null when it is worked out.</summary>
    public static TimeSpan? Time(GroovyCall call)
    {
        var said = (call.Named.GetValueOrDefault("time") ?? call.First)?.Text;
        if (
            !int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            || amount is < 1 or > 1_000_000
        )
        {
            return null;
        }
        return (call.Text("unit") ?? "MINUTES") switch
        {
            "SECONDS" => TimeSpan.FromSeconds(amount),
            "MINUTES" => TimeSpan.FromMinutes(Math.Min(amount, 500_000)),
            "HOURS" => TimeSpan.FromHours(Math.Min(amount, 8_000)),
            "DAYS" => TimeSpan.FromDays(Math.Min(amount, 365)),
            _ => null,
        };
    }

    [GeneratedRegex(
        @"\$(\$|\{?(?<name>[A-Za-z_][A-Za-z0-9_]*)\}?)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Use();

    [GeneratedRegex(
        @"\$(\{(env\.)?(?<name>[A-Z_][A-Z0-9_]*)( \?: '')?\}|env\.(?<name>[A-Z_][A-Z0-9_]*)|(?<name>[A-Z_][A-Z0-9_]*))",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Asked();
}
