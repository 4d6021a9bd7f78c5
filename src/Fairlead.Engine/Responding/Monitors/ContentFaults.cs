using System.Text.RegularExpressions;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>Finds what cannot be in what a monitor sends, sees and does. Pure.</summary>
internal static class ContentFaults
{
    private const int StepsMax = 50;
    private const int LettersMax = 10_000;

    /// <summary>What it must see: only what a look by that way can tell.</summary>
    public static IEnumerable<MonitorFault?> Expect(MonitorSpec spec)
    {
        var (expect, way) = (spec.Expect ?? new(), spec.Url.StartsWith('/') ? "https" : spec.Scheme);
        var isPage = spec.Journey is not null;
        (string Key, bool IsSaid, bool Fits)[] words =
        [
            ("status", expect.Status.Count > 0, MonitorWays.IsHttp(way) && !isPage),
            ("json", expect.Json.Count > 0, MonitorWays.IsHttp(way) && !isPage),
            ("headers", expect.Headers.Count > 0, MonitorWays.IsHttp(way) && !isPage),
            ("body", expect.Body is not null, MonitorWays.HasText(way) && !isPage),
            ("lacks", expect.Lacks is not null, MonitorWays.HasText(way) && !isPage),
            ("matches", expect.Matches is not null, MonitorWays.HasText(way) && !isPage),
            ("tlsDays", expect.TlsDays is not null, MonitorWays.HasTls(way) && !isPage),
            ("answer", expect.Answer.Count > 0, way is "dns"),
            ("within", expect.Within is not null, !spec.IsPush),
        ];
        foreach (var (key, _, _) in words.Where(one => one is { IsSaid: true, Fits: false }))
        {
            yield return new(
                "expect",
                $"The monitor '{spec.Name}' expects '{key}', which it cannot see.",
                $"A look by {(isPage ? "a browser" : way + ":")} does not tell it.",
                $"Take '{key}' out."
            );
        }
        if (expect.Matches is { } pattern && PatternFault(pattern) is { } why)
        {
            yield return new(
                "expect",
                $"The monitor '{spec.Name}' has a pattern that cannot be used.",
                why,
                "Write for example: matches: 'version [0-9]+'"
            );
        }
        if (
            ((string?[])[expect.Body, expect.Lacks, expect.Matches, spec.Request?.Send]).Any(one =>
                one?.Length > LettersMax
            )
        )
        {
            yield return new(
                "expect",
                $"The monitor '{spec.Name}' has a text that is too long.",
                $"It takes at most {LettersMax} letters.",
                "Look for a shorter one that tells the same."
            );
        }
    }

    /// <summary>What it sends.</summary>
    public static IEnumerable<MonitorFault?> Request(MonitorSpec spec, bool isOfApp)
    {
        var way = spec.Url.StartsWith('/') ? "https" : spec.Scheme;
        if (
            spec.Request is { } request
            && (!MonitorWays.Sends(way) || (way is "udp" or "tcp" && request.Headers.Count > 0))
        )
        {
            yield return new(
                "send",
                $"The monitor '{spec.Name}' would send something that it cannot.",
                $"Over {way}: there is none of it.",
                "Take 'method', 'headers' and 'send' out."
            );
        }
        if (
            isOfApp
            && spec
                .Request?.Headers.Values.Append(spec.Request.Send ?? "")
                .Any(one => one.Contains("${", StringComparison.Ordinal))
                is true
        )
        {
            yield return new(
                "headers",
                $"The monitor '{spec.Name}' uses a variable.",
                "Variables of the server are only filled in where an operator added the monitor: a manifest could send them anywhere.",
                "Add it by: fairlead monitor add"
            );
        }
    }

    /// <summary>What a visitor does.</summary>
    public static MonitorFault? Journey(MonitorSpec spec)
    {
        if (spec.Journey is not { } steps)
        {
            return null;
        }
        var isHttp = spec.Url.StartsWith('/') || MonitorWays.IsHttp(spec.Scheme);
        var isGood = steps.All(one =>
            (one.Click is null ? 0 : 1) + (one.Type is null ? 0 : 1) + (one.See is null ? 0 : 1) == 1
            && one.Text is null == one.Type is null
        );
        return isHttp && isGood && steps.Count <= StepsMax
            ? null
            : new(
                "journey",
                $"The journey of the monitor '{spec.Name}' cannot be gone.",
                !isHttp ? "A browser opens http: and https: addresses."
                    : isGood ? $"It has at most {StepsMax} steps."
                    : "Each step is one of click, see, and type with text.",
                "Write for example: journey: [{ click: '#cart' }, { see: Your cart }]"
            );
    }

    private static string? PatternFault(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return null;
        }
        catch (ArgumentException caught)
        {
            return caught.Message;
        }
        catch (NotSupportedException)
        {
            return "It looks ahead or back, or at what it found before, which could take for ever.";
        }
    }
}
