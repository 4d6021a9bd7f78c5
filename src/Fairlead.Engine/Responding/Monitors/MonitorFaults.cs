using System.Text.RegularExpressions;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>Something in a monitor that cannot be.</summary>
/// <param name="Key">Where, as a manifest calls it.</param>
public sealed record MonitorFault(string Key, string What, string Why, string Fix)
{
    /// <summary>Whose; empty where only one is looked at.</summary>
    public string Monitor { get; init; } = "";
}

/// <summary>Finds what cannot be in monitors. Pure.</summary>
public static class MonitorFaults
{
    private const int StepsMax = 50;
    private const int LettersMax = 10_000;
    private const int AddressLettersMax = 2_000;
    private const int RetriesMax = 10;
    private const int DependsMax = 20;
    private static readonly TimeSpan TimeoutMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TimeoutMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan GraceMax = TimeSpan.FromDays(7);

    private static readonly string[] DnsTypes = ["a", "aaaa", "caa", "cname", "mx", "ns", "ptr", "soa", "srv", "txt"];

    /// <summary>What a look may take where nothing is said.</summary>
    public static TimeSpan UsualTimeout(TimeSpan every) =>
        every * 0.8 < TimeSpan.FromSeconds(10) ? every * 0.8 : TimeSpan.FromSeconds(10);

    /// <param name="isOfApp">It is in a manifest: it may begin with a slash, and no variable is filled in.</param>
    public static IReadOnlyList<MonitorFault> Of(MonitorSpec spec, bool isOfApp) =>
        [
            .. (
                (MonitorFault?[])
                    [
                        AddressFault(spec, isOfApp),
                        .. TimeFaults(spec),
                        .. ExpectFaults(spec),
                        .. RequestFaults(spec, isOfApp),
                        StepFault(spec),
                    ]
            ).OfType<MonitorFault>(),
        ];

    /// <summary>Monitors that depend on themselves, over others or at once.</summary>
    public static IEnumerable<MonitorFault> Circles(IReadOnlyList<MonitorSpec> all)
    {
        var byName = all.ToDictionary(one => one.Name, StringComparer.Ordinal);
        foreach (var spec in all)
        {
            if (Reaches(spec, spec.Name, byName, []))
            {
                yield return new(
                    "dependsOn",
                    $"The monitor '{spec.Name}' depends on itself.",
                    "What is on the way to it cannot be behind it as well.",
                    "Take one of the names out of 'dependsOn'."
                )
                {
                    Monitor = spec.Name,
                };
            }
        }
    }

    private static bool Reaches(
        MonitorSpec from,
        string goal,
        Dictionary<string, MonitorSpec> all,
        HashSet<string> seen
    ) =>
        from.DependsOn.Any(name =>
            name == goal || (seen.Add(name) && all.TryGetValue(name, out var next) && Reaches(next, goal, all, seen))
        );

    private static MonitorFault? AddressFault(MonitorSpec spec, bool isOfApp)
    {
        if (spec.Url.StartsWith('/') && isOfApp)
        {
            return
                spec.Url.StartsWith("//", StringComparison.Ordinal) || spec.Url.Any(letter => letter is < '!' or > '~')
                ? Wrong(spec, "It is no path.")
                : null;
        }
        if (spec.Url.Length is 0 or > AddressLettersMax)
        {
            return Wrong(spec, spec.Url.Length == 0 ? "Nothing says where to look." : "It is too long.");
        }
        if (!MonitorWays.All.Contains(spec.Scheme) || !spec.Url.Contains(':', StringComparison.Ordinal))
        {
            return Wrong(
                spec,
                $"It has to begin with one of: {string.Join(", ", MonitorWays.All.Select(one => one + ":"))}."
            );
        }
        if (isOfApp && spec.Url.Contains("${", StringComparison.Ordinal))
        {
            return Wrong(spec, "Variables are only filled in where an operator added the monitor, not in manifests.");
        }
        if (spec.IsPush)
        {
            return spec.Url is "push:" ? null : Wrong(spec, "One that others report to is written 'push:'.");
        }
        return spec.Scheme is "docker" ? ContainerFault(spec) : PlaceFault(spec);
    }

    private static MonitorFault? ContainerFault(MonitorSpec spec) =>
        spec.Url.StartsWith("docker://", StringComparison.Ordinal)
        && spec.Url["docker://".Length..].Trim('/') is { Length: > 0 } name
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-')
            ? null
            : Wrong(spec, "It has to name a container: docker://NAME.");

    private static MonitorFault? PlaceFault(MonitorSpec spec)
    {
        // A variable stands for something without dots and slashes where this is judged.
        if (
            !Uri.TryCreate(
                Regex.Replace(spec.Url, "\\$\\{[^}]*\\}", "x", RegexOptions.NonBacktracking),
                UriKind.Absolute,
                out var url
            )
        )
        {
            return Wrong(spec, "It is no address.");
        }
        if (spec.Scheme is "dns")
        {
            var type = System.Web.HttpUtility.ParseQueryString(url.Query)["type"] ?? "a";
            return url.AbsolutePath.Trim('/').Length == 0
                    ? Wrong(
                        spec,
                        "It has to say which name is asked for: dns:///shop.example.com, or dns://1.1.1.1/shop.example.com."
                    )
                : DnsTypes.Contains(type, StringComparer.OrdinalIgnoreCase) ? null
                : Wrong(spec, $"A type of records is one of: {string.Join(", ", DnsTypes)}.");
        }
        return Uri.CheckHostName(url.DnsSafeHost) is UriHostNameType.Unknown ? Wrong(spec, "It has no host.")
            : MonitorWays.NeedsPort(spec.Scheme) && url.Port <= 0 ? Wrong(spec, "It needs a port, HOST:PORT.")
            : null;
    }

    private static IEnumerable<MonitorFault?> TimeFaults(MonitorSpec spec)
    {
        if (spec.Every < MonitorSpec.EveryMin || spec.Every > MonitorSpec.EveryMax)
        {
            yield return new(
                "every",
                $"The monitor '{spec.Name}' would be looked at every {spec.Every.Text}.",
                "Looks are 5s to 1d apart.",
                "Write for example: every: 30s"
            );
        }
        else if (!spec.IsPush && (spec.Timeout < TimeoutMin || spec.Timeout >= spec.Every || spec.Timeout > TimeoutMax))
        {
            yield return new(
                "timeout",
                $"A look of the monitor '{spec.Name}' may take {spec.Timeout.Text}.",
                $"It takes a time of 100ms to 5m that is less than 'every', {spec.Every.Text}.",
                $"Write for example: timeout: {UsualTimeout(spec.Every).Text}"
            );
        }
        if (spec.Grace < TimeSpan.Zero || spec.Grace > GraceMax)
        {
            yield return new(
                "grace",
                $"Signs of life of the monitor '{spec.Name}' may be {spec.Grace.Text} late.",
                "It takes a time up to 7d.",
                "Write for example: grace: 5m"
            );
        }
        if (spec.Retries is < 0 or > RetriesMax || spec.DependsOn.Count > DependsMax)
        {
            yield return new(
                "retries",
                $"The monitor '{spec.Name}' forgives or depends on too much.",
                $"At most {RetriesMax} failed looks are forgiven, and it depends on at most {DependsMax} others.",
                "Write for example: retries: 2"
            );
        }
    }

    private static IEnumerable<MonitorFault?> ExpectFaults(MonitorSpec spec)
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

    private static IEnumerable<MonitorFault?> RequestFaults(MonitorSpec spec, bool isOfApp)
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

    private static MonitorFault? StepFault(MonitorSpec spec)
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

    private static MonitorFault Wrong(MonitorSpec spec, string why) =>
        new(
            "url",
            $"The monitor '{spec.Name}' cannot look there.",
            why,
            "Write for example: https://shop.example.com/healthz, or tcp://10.0.0.5:22"
        );
}
